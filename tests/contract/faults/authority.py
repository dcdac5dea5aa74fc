"""Certificates of our own, made for one run of the tests with the openssl command."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

CONFIG = """
[ca]
default_ca = own
[own]
dir = {folder}
database = {folder}/index.txt
new_certs_dir = {folder}
serial = {folder}/serial
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""
OURS = "IP:127.0.0.1,DNS:localhost"
CERTIFICATES = {  # name: (who it is for, from, to)
    "good": (OURS, "20200101000000Z", "20991231000000Z"),
    "expired": (OURS, "20200101000000Z", "20200201000000Z"),
    "not yet valid": (OURS, "20980101000000Z", "20991231000000Z"),
    "another host's": ("DNS:other.example,IP:127.0.0.2", "20200101000000Z", "20991231000000Z"),
}


def openssl(*words: str) -> None:
    made = subprocess.run(["openssl", *words], capture_output=True, timeout=30)
    assert made.returncode == 0, made.stderr.decode()


class Authority:
    """A CA, the certificates it signed, and one that nobody signed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = str(folder / "ca.pem")
        config = folder / "ca.cnf"
        config.write_text(CONFIG.format(folder=folder))
        (folder / "index.txt").write_text("")
        (folder / "index.txt.attr").write_text("unique_subject = no\n")
        (folder / "serial").write_text("01\n")
        self._self_signed("ca", "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign")
        self._self_signed("nobody's", f"subjectAltName={OURS}")
        for name, (host, start, end) in CERTIFICATES.items():
            key, request = self._path(name, "key"), self._path(name, "csr")
            openssl(
                *"req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=test".split(),
                *("-addext", f"subjectAltName={host}", "-keyout", key, "-out", request),
            )
            openssl(
                *("ca", "-batch", "-notext", "-config", str(config), "-cert", self.file),
                *("-keyfile", self._path("ca", "key"), "-startdate", start, "-enddate", end),
                *("-in", request, "-out", self._path(name, "pem")),
            )

    @property
    def pem(self) -> str:
        return Path(self.file).read_text()

    def _path(self, name: str, kind: str) -> str:
        return str(self._folder / f"{name.replace(' ', '-')}.{kind}")

    def _self_signed(self, name: str, *extensions: str) -> None:
        words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 9999 -subj /CN=own"
        more = [word for extension in extensions for word in ("-addext", extension)]
        openssl(*words.split(), *more, "-keyout", self._path(name, "key"), "-out", self._path(name, "pem"))

    def server(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._path(name, "pem"), self._path(name, "key"))
        return context

    def asking_server(self) -> ssl.SSLContext:
        """It wants to know who is calling, and believes what this authority signed."""
        context = self.server("good")
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.file)
        return context

    def identity(self, password: str = "") -> tuple[str, str]:
        """Files of a certificate and its key, which a password may lock."""
        key = self._path("good", "key")
        if password:
            key = self._path("good", "locked")
            openssl("pkcs8", "-topk8", "-in", self._path("good", "key"), "-passout", f"pass:{password}", "-out", key)
        return self._path("good", "pem"), key

    def old_server(self) -> ssl.SSLContext:
        """It speaks nothing newer than TLS 1.1."""
        context = self.server("good")
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        return context
