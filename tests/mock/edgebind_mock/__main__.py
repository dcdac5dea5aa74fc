"""Starts the mock: `python3 -m edgebind_mock`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

try:
    from edgebind_mock import access, scenarios
    from edgebind_mock.documents import Documents
    from edgebind_mock.provider import Provider
    from edgebind_mock.server import Mock, tls_context
except ModuleNotFoundError as error:  # those of this package are there
    sys.exit(f"edgebind_mock: the Python package {error.name} is missing; make deps installs what is needed into .venv")

WATCH_PARENT_S = 0.5


def spec_folder() -> Path:
    """The documents that came with the package, or those of the repository around it."""
    here = Path(__file__).resolve()
    for folder in (here.parent / "spec", *(parent / "spec" for parent in here.parents)):
        if (folder / "edgegap.yaml").is_file():
            return folder
    return Path("spec")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="edgebind_mock", description="A mock of Edgegap and Alibaba Cloud for tests.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="serve https")
    parser.add_argument("--spec", type=Path, default=None, help="folder of the OpenAPI documents")
    parser.add_argument("--scenario", type=Path, action="append", default=[], help="play this file")
    parser.add_argument("--human", action="store_true", help="say in words where it listens")
    parser.add_argument("--env", action="store_true", help="print export lines for a shell")
    parser.add_argument("--sts", action="store_true", help="hand out temporary credentials")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    parser.add_argument("--parent-pid", type=int, help="stop when this process is gone")
    parser.add_argument(
        "--exec",
        action="store_true",
        help="run the rest of the line with the environment set, and end with its status",
    )
    own, mark, command = split_command(sys.argv[1:])
    options = parser.parse_args(own + mark)
    if mark and not command:
        parser.error("--exec needs a command")
    options.command = command
    return options


def split_command(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """What is for the mock, `--exec` if it is there, and the command behind it."""
    if "--exec" not in words:
        return words, [], []
    place = words.index("--exec")
    command = words[place + 1 :]
    return words[:place], ["--exec"], command[1:] if command[:1] == ["--"] else command


def start_line(origin: str, sts: bool) -> dict[str, str | None]:
    return {
        "url": origin,
        "journal": f"{origin}/_mock/journal",
        "edgegap_token": access.EDGEGAP_TOKEN,
        "access_key_id": access.STS_ACCESS_KEY_ID if sts else access.ACCESS_KEY_ID,
        "access_key_secret": access.STS_ACCESS_KEY_SECRET if sts else access.ACCESS_KEY_SECRET,
        "security_token": access.STS_SECURITY_TOKEN if sts else None,
    }


def environment(line: dict[str, str | None]) -> dict[str, str]:
    names = {
        "EDGEBIND_MOCK_URL": "url",
        "EDGEGAP_TOKEN": "edgegap_token",
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "access_key_id",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "access_key_secret",
        "ALIBABA_CLOUD_SECURITY_TOKEN": "security_token",
    }
    return {name: value for name, key in names.items() if (value := line[key]) is not None}


def announce(line: dict[str, str | None], options: argparse.Namespace) -> None:
    if options.exec:
        return
    if options.env:
        for name, value in environment(line).items():
            print(f"export {name}={shlex.quote(value)}")
        if line["security_token"] is None:
            print("unset ALIBABA_CLOUD_SECURITY_TOKEN")
    elif options.human:
        print(f"The mock listens at {line['url']}; what it receives is at {line['journal']}.")
        for name, value in environment(line).items():
            print(f"  {name}={value}")
    else:
        print(json.dumps(line))
    sys.stdout.flush()


async def run_command(command: list[str], line: dict[str, str | None]) -> int:
    """The command's exit status; 128 and the signal when it was killed. Ends with the mock."""
    env = {k: v for k, v in os.environ.items() if k != "ALIBABA_CLOUD_SECURITY_TOKEN"}
    try:
        process = await asyncio.create_subprocess_exec(*command, env=env | environment(line))
    except OSError as error:
        print(f"edgebind_mock: {command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    try:
        status = await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        raise
    return status if status >= 0 else 128 - status


async def serve(options: argparse.Namespace) -> int:
    folder = options.spec or spec_folder()
    documents = Documents.load(folder)
    if not documents.documents:
        print(f"edgebind_mock: no OpenAPI documents in {folder}", file=sys.stderr)
        return 2
    provider = Provider(documents)
    mock = Mock(provider)
    for path in options.scenario:
        mock.control.play(scenarios.load(path, mock.control.styles))
    origin = await mock.start(options.port, tls_context(*options.tls) if options.tls else None)
    line = start_line(origin, options.sts)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    announce(line, options)
    in_background(provider.judge.warm_up)
    if options.until_eof:
        in_background(lambda: wait_for_end_of_input(loop, stop))
    status = 0
    waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(stop.wait())]
    if options.parent_pid is not None:
        waits.append(asyncio.ensure_future(gone(options.parent_pid)))
    if options.exec:
        waits.append(asyncio.ensure_future(run_command(options.command, line)))
    done, left = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    if options.exec and waits[-1] in done:
        status = int(waits[-1].result())
    await mock.stop()
    return status


def in_background(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


def wait_for_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(stop.set)


async def gone(pid: int) -> None:
    while True:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(WATCH_PARENT_S)


def main() -> int:
    options = arguments()
    try:
        return asyncio.run(serve(options))
    except (OSError, ValueError) as error:
        print(f"edgebind_mock: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
