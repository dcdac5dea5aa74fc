"""Who answers on the other side: certificates, versions of TLS, and proxies on the way. Whatever is wrong with them,
nothing of the request has left, least of all the credentials."""

from __future__ import annotations

import ssl
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from authority import Authority
from harness import Answer, Invoke, environment
from raw_server import (
    CLOSE,
    DROP,
    RESET,
    SILENCE,
    RawServer,
    Reply,
    answer,
    ends,
    http,
    never_ends,
    on_connect,
    says,
    tunnels,
    unread,
)
from scenario import CALLS, Ends, bench_of

LIST = b'{"applications":[],"total_count":0}'
CONNECT = "connect connect attempts_used"
SERVED = Ends("EB_OK", 200)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Another one, of the same name."""
    return Authority(tmp_path_factory.mktemp("strange"))


Make = Callable[..., RawServer]


@pytest.fixture
def serve() -> Iterator[Make]:
    made: list[RawServer] = []

    def make(tls: ssl.SSLContext | None, *script: Reply) -> RawServer:
        made.append(RawServer(script or [answer(200, LIST)], tls))
        return made[-1]

    yield make
    for server in made:
        server.stop()


def nothing_left(server: RawServer) -> None:
    server.stop()
    assert server.requests == [], [one.head for one in server.requests]


# ---- Certificates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["GET", "POST"])
@pytest.mark.parametrize("certificate", ["expired", "not yet valid", "another host's", "nobody's"])
def test_certificate_that_does_not_hold(
    program: Invoke, authority: Authority, serve: Make, certificate: str, call: str
) -> None:
    server = serve(authority.server(certificate))
    operation, params = CALLS[call]
    got = bench_of(server, program).call(operation, params, options={"ca_file": authority.file})
    words = "subject name" if certificate == "another host's" else "certificate"
    Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says=words).compare(got)
    nothing_left(server)
    assert server.connections == 3


@pytest.mark.parametrize("trusted", ["the system's", "another of the same name"])
@pytest.mark.parametrize("call", ["GET", "POST"])
def test_unknown_authority(
    program: Invoke, authority: Authority, strange: Authority, serve: Make, call: str, trusted: str
) -> None:
    server = serve(authority.server("good"))
    operation, params = CALLS[call]
    options = {} if trusted == "the system's" else {"ca_file": strange.file}
    got = bench_of(server, program).call(operation, params, options=options)
    Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="certificate").compare(got)
    nothing_left(server)


@pytest.mark.parametrize("how", ["ca_file", "ca_pem", "ca_pem before ca_file"])
def test_authority_of_our_own(program: Invoke, authority: Authority, strange: Authority, serve: Make, how: str) -> None:
    server = serve(authority.server("good"))
    options = {
        "ca_file": {"ca_file": authority.file},
        "ca_pem": {"ca_pem": authority.pem},
        "ca_pem before ca_file": {"ca_pem": authority.pem, "ca_file": strange.file},
    }[how]
    SERVED.compare(bench_of(server, program).call("application-list", options=options))
    server.stop()
    assert len(server.requests) == server.handshakes == 1


@pytest.mark.parametrize(
    "text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_authority_that_is_none(program: Invoke, authority: Authority, serve: Make, tmp_path: Path, text: str) -> None:
    """Then nobody is trusted: never everybody."""
    file = tmp_path / "ca.pem"
    file.write_text(text)
    for options in ({"ca_file": str(file)}, {"ca_pem": text}):
        server = serve(authority.server("good"))
        got = bench_of(server, program).call("application-list", options=options)
        assert got.status in ("EB_NETWORK", "EB_INVALID") and got.get("sent", "nothing") == "nothing", got
        nothing_left(server)


# ---- Who is calling -------------------------------------------------------------------------------------------

PASSWORD = "open sesame"


def identities(authority: Authority, folder: Path) -> dict[str, dict[str, str]]:
    cert, key = authority.identity()
    locked = authority.identity(PASSWORD)[1]
    both = folder / "both.pem"
    both.write_text(Path(cert).read_text() + Path(key).read_text())
    return {
        "files": {"client_cert_file": cert, "client_key_file": key},
        "a file with both": {"client_cert_file": str(both)},
        "texts": {"client_cert_pem": Path(cert).read_text(), "client_key_pem": Path(key).read_text()},
        "a text with both": {"client_cert_pem": both.read_text()},
        "a text and a file": {"client_cert_pem": Path(cert).read_text(), "client_key_file": key},
        "a locked file": {"client_cert_file": cert, "client_key_file": locked, "client_key_password": PASSWORD},
        "a locked text": {
            "client_cert_file": cert,
            "client_key_pem": Path(locked).read_text(),
            "client_key_password": PASSWORD,
        },
    }


@pytest.mark.parametrize(
    "how",
    ["files", "a file with both", "texts", "a text with both", "a text and a file", "a locked file", "a locked text"],
)
def test_service_that_asks_who_is_calling(
    program: Invoke, authority: Authority, serve: Make, tmp_path: Path, how: str
) -> None:
    server = serve(authority.asking_server())
    options = {"ca_file": authority.file, **identities(authority, tmp_path)[how]}
    SERVED.compare(bench_of(server, program).call("application-list", options=options))
    server.stop()
    assert len(server.requests) == server.handshakes == 1


@pytest.mark.parametrize("who", ["nobody", "somebody whom another authority knows"])
def test_service_that_does_not_know_who_is_calling(
    program: Invoke, authority: Authority, strange: Authority, serve: Make, tmp_path: Path, who: str
) -> None:
    """TLS 1.3 lets a client send before it hears that it is refused: what became of a creation is not known then."""
    for call, expected in (("GET", {"EB_NETWORK"}), ("POST", {"EB_NETWORK", "EB_MAYBE_SENT"})):
        server = serve(authority.asking_server())
        identity = {} if who == "nobody" else identities(strange, tmp_path)["files"]
        operation, params = CALLS[call]
        got = bench_of(server, program).call(operation, params, options={"ca_file": authority.file, **identity})
        assert got.status in expected, got
        nothing_left(server)


def test_identity_that_is_none(
    program: Invoke, authority: Authority, strange: Authority, serve: Make, tmp_path: Path
) -> None:
    """It is said when the client is made, by the name of the option; nothing is connected to."""
    good = identities(authority, tmp_path)
    other = identities(strange, tmp_path)["files"]["client_key_file"]
    locked = good["a locked file"]
    unopened = {k: v for k, v in locked.items() if k != "client_key_password"}
    for options, words in (
        ({**locked, "client_key_password": "wrong"}, "client_key_file: expected a private key in PEM, or client_key"),
        (unopened, "client_key_file: expected a private key in PEM, or it wants client_key_password"),
        ({**good["files"], "client_key_file": other}, "client_key_file: the key is not that of the certificate"),
        ({"client_cert_pem": "none", "client_key_file": other}, "client_cert_pem: expected a certificate in PEM"),
        ({"client_key_file": other}, "client_key_file: expected client_cert_file beside it"),
        ({"client_key_password": PASSWORD}, "client_key_password: expected a client certificate"),
        ({"client_cert_file": str(tmp_path / "nowhere")}, "client_cert_file: cannot read"),
    ):
        server = serve(authority.asking_server())
        got = bench_of(server, program).call("application-list", options={"ca_file": authority.file, **options})
        assert got.status == "EB_INVALID" and words in str(got), (words, got)
        assert PASSWORD not in str(got)
        server.stop()
        assert server.connections == 0


# ---- Versions -------------------------------------------------------------------------------------------------


@pytest.fixture
def lenient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    """A program whose OpenSSL would speak TLS 1.0: what keeps it from that is the library."""
    config = tmp_path / "openssl.cnf"
    config.write_text(
        "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\n"
        "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n"
    )
    monkeypatch.setattr("harness.environment", lambda: environment() | {"OPENSSL_CONF": str(config)})
    made = Invoke()
    yield made
    made.stop()


@pytest.mark.parametrize("call", ["GET", "POST"])
def test_server_of_the_past(lenient: Invoke, authority: Authority, serve: Make, call: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        server = serve(authority.old_server())
    operation, params = CALLS[call]
    got = bench_of(server, lenient).call(operation, params, options={"ca_file": authority.file})
    Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="protocol version").compare(got)
    nothing_left(server)
    assert server.handshakes == 0
    SERVED.compare(
        bench_of(serve(authority.server("good")), lenient).call("application-list", options={"ca_file": authority.file})
    )


# ---- Connections under TLS ------------------------------------------------------------------------------------

UNBOUNDED = http(200, LIST, length=-1)
ENDINGS: dict[str, tuple[Sequence[Reply], str, Ends]] = {
    "an end that TLS tells": ([says(UNBOUNDED, CLOSE)], "GET", SERVED),
    "cut, which neither TLS nor HTTP tells: the text does": (
        [says(UNBOUNDED[:-9], DROP)],
        "GET",
        Ends("EB_DECODE", 200, tried="server_said_no", says="ends"),
    ),
    "cut after a creation, the same": (
        [says(UNBOUNDED[:-9], DROP)],
        "POST",
        Ends("EB_DECODE", 200, tried="server_said_no", says="ends"),
    ),
    "cut short of its length": (
        [says(http(200, LIST)[:-9], DROP)],
        "POST",
        Ends("EB_DECODE", 200, tried="not_safe", cause="EB_NETWORK", says="cut off"),
    ),
    "dropped instead of an answer": (
        [ends(DROP)],
        "POST",
        Ends("EB_MAYBE_SENT", sent="all", cause="EB_NETWORK", tried="not_safe"),
    ),
    "closed instead of an answer": (
        [ends(CLOSE)],
        "POST",
        Ends("EB_MAYBE_SENT", sent="all", cause="EB_NETWORK", tried="not_safe"),
    ),
    "reset once": ([ends(RESET), answer()], "GET", Ends("EB_OK", 200, tried="transport done")),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_end_of_an_answer(program: Invoke, authority: Authority, serve: Make, ending: str) -> None:
    """Whoever cuts a connection must not thereby shorten an answer."""
    script, call, how = ENDINGS[ending]
    server = serve(authority.server("good"), *script)
    operation, params = CALLS[call]
    got = bench_of(server, program).call(operation, params, options={"ca_file": authority.file})
    how.compare(got)
    server.stop()
    how.compare_server(server, got)


@pytest.mark.parametrize(
    ("first", "connections"),
    [(answer(200, LIST), 1), (says(http(200, LIST), CLOSE), 2), (says(http(200, LIST), DROP), 2)],
    ids=["kept", "closed while idle", "dropped while idle"],
)
def test_kept_connection(program: Invoke, authority: Authority, serve: Make, first: Reply, connections: int) -> None:
    """Used again when it lives, noticed when it does not; one creation either way."""
    server = serve(authority.server("good"), first, answer())
    bench = bench_of(server, program)
    bench.ok("application-list", client="kept", options={"ca_file": authority.file})
    time.sleep(0.1)
    got = bench.call(*CALLS["POST"], client="kept", options={"ca_file": authority.file})
    bench.forget()
    server.stop()
    SERVED.compare(got)
    assert [one.method for one in server.requests] == ["GET", "POST"] and server.connections == connections


# ---- Proxies --------------------------------------------------------------------------------------------------


def refusal(status: int) -> Reply:
    return says(http(status, b"<html>no</html>", "Proxy-Authenticate: Basic", "Connection: close"), CLOSE)


REFUSING: dict[str, tuple[Reply, Ends | None]] = {
    "403": (refusal(403), Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="403")),
    "407": (refusal(407), Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="407")),
    "502": (refusal(502), Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="502")),
    "302": (
        says(http(302, b"", "Location: http://127.0.0.1:1/"), CLOSE),
        Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="302"),
    ),
    "closed": (ends(CLOSE), Ends("EB_NETWORK", sent="nothing", tried=CONNECT)),
    "reset": (ends(RESET), Ends("EB_NETWORK", sent="nothing", tried=CONNECT)),
    "no HTTP": (says(b"SSH-2.0-OpenSSH_9.2\r\n", CLOSE), Ends("EB_NETWORK", sent="nothing", tried=CONNECT)),
    "silent": (ends(SILENCE), Ends("EB_TIMEOUT", sent="nothing", tried=CONNECT)),
    "headers without an end": (
        never_ends(b"HTTP/1.1 200 OK\r\n", b"X-Filler: y\r\n" * 100),
        None,  # libcurl or the time for connecting, whichever has enough of them first
    ),
    "a header without an end": (
        never_ends(b"HTTP/1.1 200 OK\r\nX-Filler: ", b"y" * 4096),
        Ends("EB_NETWORK", sent="nothing", tried=CONNECT),
    ),
    "a tunnel that leads to no TLS": (
        says(b"HTTP/1.1 200 OK\r\n\r\nSSH-2.0-OpenSSH_9.2\r\n", CLOSE),
        Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="SSL"),
    ),
}


@pytest.mark.parametrize("call", ["GET", "POST"])
@pytest.mark.parametrize("name", REFUSING)
def test_proxy_that_lets_nothing_through(
    program: Invoke, authority: Authority, serve: Make, name: str, call: str
) -> None:
    """The proxy learns where we want to go, and nothing else."""
    reply, how = REFUSING[name]
    proxy, far = serve(None, reply), serve(authority.server("good"))
    operation, params = CALLS[call]
    options = {"proxy": proxy.url, "ca_file": authority.file, "connect_timeout_ms": 400}
    got = bench_of(far, program).call(operation, params, options=options)
    if how is None:
        assert got.status in ("EB_NETWORK", "EB_TIMEOUT"), got
        how = Ends(got.status, sent="nothing", tried=CONNECT)
    how.compare(got)
    proxy.stop()
    nothing_left(far)
    assert far.connections == 0 and proxy.connections == 3
    for seen in proxy.requests:
        assert seen.method == "CONNECT" and seen.target == f"127.0.0.1:{far.port}"
        assert {name for name, _ in seen.headers} <= {"host", "user-agent", "proxy-connection"}, seen.head


def test_proxy_that_nobody_runs(program: Invoke, authority: Authority, serve: Make) -> None:
    proxy, far = serve(None), serve(authority.server("good"))
    proxy.stop()
    got = bench_of(far, program).call("application-list", options={"proxy": proxy.url, "ca_file": authority.file})
    Ends("EB_NETWORK", sent="nothing", tried=CONNECT).compare(got)
    nothing_left(far)


@pytest.mark.parametrize("call", ["GET", "POST"])
def test_tunnel(program: Invoke, authority: Authority, serve: Make, call: str) -> None:
    far = serve(authority.server("good"))
    proxy = serve(None, tunnels(far.port))
    operation, params = CALLS[call]
    got = bench_of(far, program).call(operation, params, options={"proxy": proxy.url, "ca_file": authority.file})
    SERVED.compare(got)
    assert got.header("x-proxy") is None, got
    far.stop()
    proxy.stop()
    assert [one.method for one in far.requests] == [call] and [one.method for one in proxy.requests] == ["CONNECT"]
    assert far.requests[0].header("authorization") and not proxy.requests[0].header("authorization")


def test_tunnel_to_somebody_else(program: Invoke, authority: Authority, strange: Authority, serve: Make) -> None:
    """The proxy leads to a server of its own."""
    other = serve(strange.server("good"))
    proxy = serve(None, tunnels(other.port))
    options = {"proxy": proxy.url, "ca_file": authority.file, "base_url": "https://127.0.0.1:1"}
    got = bench_of(other, program).call("application-list", options=options)
    Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="certificate").compare(got)
    nothing_left(other)


def test_plain_http_by_a_proxy(program: Invoke, serve: Make) -> None:
    proxy, far = serve(None, answer(503), answer(200, LIST)), serve(None)
    got = bench_of(far, program).call("application-list", options={"proxy": proxy.url})
    Ends("EB_OK", 200, tried="server done").compare(got)
    proxy.stop()
    nothing_left(far)
    assert {one.target for one in proxy.requests} == {f"{far.url}/v1/apps"}


@pytest.mark.parametrize("no_proxy", ["127.0.0.1", "*", "other.example,127.0.0.1"])
def test_hosts_without_a_proxy(program: Invoke, serve: Make, no_proxy: str) -> None:
    proxy, far = serve(None, unread(RESET)), serve(None)
    SERVED.compare(bench_of(far, program).call("application-list", options={"proxy": proxy.url, "no_proxy": no_proxy}))
    nothing_left(proxy)


def test_proxy_of_the_environment(serve: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Used only when the option is left out; the program of these tests always gives one, an empty one."""
    proxy, far = serve(None, unread(RESET)), serve(None)
    monkeypatch.setattr(
        "harness.environment", lambda: environment() | {"http_proxy": proxy.url, "all_proxy": proxy.url}
    )
    own = Invoke()
    SERVED.compare(bench_of(far, own).call("application-list"))
    own.stop()
    nothing_left(proxy)


@pytest.mark.parametrize("call", ["GET", "POST"])
def test_silent_behind_tls(program: Invoke, authority: Authority, serve: Make, call: str) -> None:
    """A handshake that is done, and then nothing."""
    server = serve(authority.server("good"), ends(SILENCE))
    operation, params = CALLS[call]
    options = {"ca_file": authority.file, "attempt_timeout_ms": 200, "retries": -1}
    got: Answer = bench_of(server, program).call(operation, params, options=options)
    how: Any = {
        "GET": Ends("EB_TIMEOUT", sent="all", tried="attempts_used"),
        "POST": Ends("EB_MAYBE_SENT", sent="all", tried="not_safe", cause="EB_TIMEOUT"),
    }[call]
    how.compare(got)


@pytest.mark.parametrize("call", ["GET", "POST"])
def test_no_tls_at_all(program: Invoke, authority: Authority, serve: Make, call: str) -> None:
    server = serve(None, on_connect(CLOSE, http(200, LIST)))
    operation, params = CALLS[call]
    options = {"base_url": server.url.replace("http:", "https:"), "ca_file": authority.file}
    got = bench_of(server, program).call(operation, params, options=options)
    Ends("EB_NETWORK", sent="nothing", tried=CONNECT, says="SSL").compare(got)
