"""Measures what the project promises, beside its target: `make bench`, or with the names of some parts.

Parts: get (CPU time and allocations of a GET against bare libcurl), codec (bench-codec, and its instructions
under callgrind), size, compile, generate, warnings. Ratios come from runs in turns within one process;
shown are the median and, as spread, the middle half of the rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from sizes import sizes_by_owner

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build" / "bin"
INCLUDES = ["-Iruntime/include", "-Igenerated/include"]
C11 = ["-std=c11", "-D_POSIX_C_SOURCE=200809L"]
WARNINGS = (
    "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wcast-qual -Wwrite-strings".split()
)


@dataclass(frozen=True)
class Row:
    what: str
    target: float  # not more than this
    value: float
    unit: str = ""
    spread: tuple[float, float] | None = None


def show(rows: list[Row]) -> None:
    for row in rows:
        spread = f"({row.spread[0]:.3g} .. {row.spread[1]:.3g})" if row.spread else ""
        verdict = "OK" if row.value <= row.target else "MISS"
        value = f"{row.value:.3g} {row.unit}".strip() if row.value < 1000 else f"{row.value:.0f} {row.unit}".strip()
        target = f"<= {row.target:g} {row.unit}".strip()
        print(f"{row.what:<58} {target:<14} {value:<14} {spread:<18} {verdict}", flush=True)


def median_and_spread(values: list[float]) -> tuple[float, tuple[float, float]]:
    low, middle, high = statistics.quantiles(values, n=4)
    return middle, (low, high)


def run(command: list[str], quiet: bool = False) -> str:
    """A command's standard output; it must succeed."""
    errors = subprocess.DEVNULL if quiet else None
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}")
    return done.stdout


# ---- GET ----------------------------------------------------------------------------------------------------


def example_version() -> str:
    """The body that the document shows as the answer of app-version-get."""
    document = yaml.safe_load((ROOT / "spec" / "edgegap.yaml").read_text(encoding="utf-8"))
    for item in document["paths"].values():
        if item.get("get", {}).get("operationId") == "app-version-get":
            return json.dumps(item["get"]["responses"]["200"]["content"]["application/json"]["example"])
    raise LookupError("spec/edgegap.yaml: no app-version-get")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("nginx did not start")


@contextmanager
def web_server(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """nginx on loopback with one JSON file, over http and over https with an authority made for the run."""
    run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
        f" -keyout {folder}/key.pem -out {folder}/cert.pem".split(),
        quiet=True,
    )
    (folder / "version.json").write_text(example_version(), encoding="utf-8")
    plain, secure = free_port(), free_port()
    (folder / "nginx.conf").write_text(
        f"""
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off; default_type application/json; root {folder};
    keepalive_requests 100000000; keepalive_timeout 600;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{plain};
        listen 127.0.0.1:{secure} ssl;
        ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
        location / {{ try_files /version.json =404; }}
    }}
}}
""",
        encoding="utf-8",
    )
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    server = subprocess.Popen(
        [nginx, "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"],
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for(plain)
        yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}", folder / "cert.pem"
    finally:
        server.terminate()
        server.wait()


def bench_get(rounds: int) -> list[Row]:
    rows = []
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    folder.chmod(0o755)  # nginx's worker is another user when we are root
    try:
        with web_server(folder) as (plain, secure, ca_file):
            for name, url, extra in (("http", plain, []), ("https", secure, [str(ca_file)])):
                cpu: dict[str, list[float]] = {"curl": [], "edgebind": []}
                blocks: dict[str, list[float]] = {"curl": [], "edgebind": []}
                for line in run([str(BIN / "bench-get"), url, str(rounds), "200", *extra]).splitlines():
                    who, cpu_us, allocations = line.split()
                    cpu[who].append(float(cpu_us))
                    blocks[who].append(float(allocations))
                ratios = [ours / bare for ours, bare in zip(cpu["edgebind"], cpu["curl"], strict=True)]
                ratio, spread = median_and_spread(ratios)
                bare = statistics.median(cpu["curl"])
                more = [ours - bare for ours, bare in zip(blocks["edgebind"], blocks["curl"], strict=True)]
                rows += [
                    Row(f"CPU per GET, {name}, against bare libcurl ({bare:.0f} us)", 1.10, ratio, "x", spread),
                    Row(f"allocations per GET, {name}, beyond bare libcurl's", 4, *_median(more)),
                ]
    finally:
        shutil.rmtree(folder)
    return rows


def _median(values: list[float]) -> tuple[float, str, tuple[float, float]]:
    middle, spread = median_and_spread(values)
    return middle, "", spread


# ---- Size, compile time, generate, warnings ----------------------------------------------------------------


def children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def api_sources() -> list[Path]:
    return sorted((ROOT / "generated" / "src").glob("*.c"))


def small_objects() -> list[Path]:
    return sorted((ROOT / "build" / "small" / "obj" / "generated" / "src").glob("*.o"))


def bench_size(_rounds: int) -> list[Row]:
    run(["make", "--no-print-directory", "VARIANT=small", "all"])
    owners = sizes_by_owner(small_objects())
    sections = run(["size", "-A", *map(str, (ROOT / "build/small/obj/runtime/src").glob("*.o"))])
    runtime = sum(int(size) for size in re.findall(r"^\.text\S*\s+(\d+)", sections, re.M))
    print(f"(besides: {owners.per_api / 1024:.2f} KB that each API has once)")
    return [
        Row(f"code and rows, -Os, per operation (of {owners.operations})", 0.4, owners.per_operation / 1024, "KB"),
        Row(f"code and rows, -Os, per model (of {owners.models})", 0.2, owners.per_model / 1024, "KB"),
        Row("runtime .text, -Os", 60, runtime / 1024, "KB"),
    ]


def bench_compile(rounds: int) -> list[Row]:
    run(["make", "--no-print-directory", "VARIANT=small", "all"])
    models = sizes_by_owner(small_objects()).models
    times = []
    for _ in range(max(3, rounds // 20)):
        start = children_cpu()
        for source in api_sources():
            run(["gcc", *C11, "-O2", *INCLUDES, "-c", "-o", "/dev/null", str(source)])
        times.append((children_cpu() - start) * 1000 / max(models, 1))
    return [Row(f"compile, gcc -O2, CPU per model (of {models})", 10, *_with_unit(times, "ms"))]


def _with_unit(values: list[float], unit: str) -> tuple[float, str, tuple[float, float]]:
    middle, spread = median_and_spread(values)
    return middle, unit, spread


def bench_generate(rounds: int) -> list[Row]:
    seconds, memory = [], []
    for _ in range(max(3, rounds // 20)):
        with tempfile.TemporaryDirectory() as folder:
            start = time.monotonic()
            child = subprocess.Popen([sys.executable, "-m", "edgebind", "generate", "--out", folder], cwd=ROOT,
                                     stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode:
                raise RuntimeError("the generator failed")
            seconds.append(time.monotonic() - start)
            memory.append(usage.ru_maxrss / 1024)
    return [
        Row("generate all documents, time", 2, *_with_unit(seconds, "s")),
        Row("generate all documents, memory", 100, *_with_unit(memory, "MB")),
    ]


def bench_warnings(_rounds: int) -> list[Row]:
    count = 0
    sources = [*api_sources(), *sorted((ROOT / "runtime" / "src").glob("*.c"))]
    for compiler in ("gcc", "clang"):
        for source in sources:
            done = subprocess.run(
                [compiler, *C11, "-O2", *WARNINGS, *INCLUDES, "-c", "-o", "/dev/null", str(source)],
                cwd=ROOT, stderr=subprocess.PIPE, text=True, check=True,
            )
            count += done.stderr.count("warning:")
    return [Row(f"warnings, gcc and clang, {len(sources)} files", 0, count)]


# ---- Codec ---------------------------------------------------------------------------------------------------


def instructions(what: str) -> float:
    """Of one pass, in millions: what two more passes cost, halved, so that the start does not count."""

    def counted(passes: int) -> int:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
             str(BIN / "bench-codec"), "--callgrind", what, str(passes)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True,
        )
        found = re.search(r"Collected : (\d+)", done.stderr)
        if not found:
            raise SystemExit("callgrind did not say what it counted")
        return int(found[1])

    return (counted(3) - counted(1)) / 2e6


def bench_codec(_rounds: int) -> list[Row]:
    found = json.loads(run([str(BIN / "bench-codec")]))
    rows = []
    for what, oracle, ratio, millions, allocations in (
        ("decode", "cJSON_Parse and _Delete", 0.40, 2.2, 10),
        ("encode", "cJSON_PrintUnformatted", 0.18, 1.5, 6),
    ):
        one = found[what]
        spread = (one["ratio_min"], one["ratio_max"])
        rows += [
            Row(f"{what} 100 KB, against {oracle}", ratio, one["ratio"], "x", spread),
            Row(f"{what} 100 KB, instructions", millions, instructions(what), "M"),
            Row(f"{what} 100 KB, allocations", allocations, one["allocations"]),
        ]
    return rows


PARTS: dict[str, Callable[[int], list[Row]]] = {
    "get": bench_get,
    "codec": bench_codec,
    "size": bench_size,
    "compile": bench_compile,
    "generate": bench_generate,
    "warnings": bench_warnings,
}


def main() -> int:
    options = argparse.ArgumentParser(description="Measures what the project promises, beside its target.")
    options.add_argument("--rounds", type=int, default=60)
    options.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; default: all")
    args = options.parse_args()
    if unknown := set(args.parts) - set(PARTS):
        options.error(f"no part {', '.join(sorted(unknown))}")

    rows = []
    for part in args.parts or PARTS:
        found = PARTS[part](args.rounds)
        show(found)
        rows += found
    missed = sum(row.value > row.target for row in rows)
    print(f"{len(rows) - missed} within their target, {missed} not")
    return 0


if __name__ == "__main__":
    sys.exit(main())
