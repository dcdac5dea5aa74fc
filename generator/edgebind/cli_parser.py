"""What can be said on the command line, what `--help` says about it, and how a command ends."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import __version__
from .problem import Problems
from .terminal import emphasised

OK, PROBLEMS, USAGE, CHANGES = 0, 1, 2, 3
CATALOG = "spec/catalog.yaml"
_HERE = Path(__file__).resolve()
HOME = _HERE.parent if (_HERE.parent / "runtime").is_dir() else _HERE.parents[2]  # installed, or in the repository

_EXAMPLES = """\
examples:
  edgebind generate petstore.yaml --prefix acme_ --out src/petstore
  edgebind explain acme_pet.name petstore.yaml --prefix acme_
  edgebind verify src/petstore
  edgebind diff petstore-1.yaml petstore-2.yaml --prefix acme_
  edgebind generate --catalog spec/catalog.yaml --out generated

exit status:
  0  fine
  1  problems in documents, or differences found; each is a line on stderr
  2  used wrongly: an argument, a file that is not there or cannot be written
  3  diff alone: there is a change at or above --fail-on
"""

_GENERATE = """\
examples:
  edgebind generate petstore.yaml --prefix acme_ --out src/petstore
      writes include/edgebind/acme.h, src/acme.c, docs/acme.md and MANIFEST.json below src/petstore,
      and names.lock beside petstore.yaml. Commit names.lock: it keeps C names as they are.
  edgebind generate petstore.yaml --prefix acme_ --header petstore --out src/petstore
      the same names in include/edgebind/petstore.h
  edgebind generate petstore.yaml --prefix acme_ --out src/petstore --operations getPet,listPets --tags admin
      these operations, those of the tag, and what they reach; names and types are those of the whole document
  edgebind generate petstore.yaml --prefix acme_ --out src/petstore --keep-going
      all but the operations that hold what is not supported; stderr says which, and why
  edgebind generate --catalog spec/catalog.yaml --out generated --check
      says what would change, writes nothing, and ends with 1 if anything would
"""

_CHECK = """\
examples:
  edgebind check
  edgebind check petstore.yaml
"""

_EXPLAIN = """\
Prints FILE:LINE:COLUMN: POINTER: what it is, a line per place. A member is STRUCT.MEMBER; a member alone is looked for
in every struct.

examples:
  edgebind explain edgegap_port.protocol
  edgebind explain EDGEGAP_PROTOCOL_UDP
  edgebind explain acme_pet petstore.yaml --prefix acme_
"""

_VERIFY = """\
A file is as it was generated, edited by hand, missing, or a stranger among generated files. DIR/MANIFEST.json is all
that is needed; the documents are not. What was edited in a vendored copy is shown.

examples:
  edgebind verify
  edgebind verify src/petstore
"""

_DIFF = """\
Compares what the headers would declare, so that a new name counts whatever caused it. The levels, from the worst:
source (programs have to be changed), abi (they have to be compiled again), behaviour, additive, documentation. The
first two make a major version, the next two a minor one, the last a patch.

examples:
  edgebind diff petstore-1.yaml petstore-2.yaml --prefix acme_
  edgebind diff ../released . --current 1.4.2
  edgebind diff ../released . --current 1.4.2 --format changelog
  edgebind diff ../released . --format json --fail-on source

exit status: 0 nothing at or above --fail-on, 1 problems in documents, 2 used wrongly, 3 something at or above --fail-on
"""

_CALLERS = """\
The program names every function, type, member and constant with its type. It is made of one version and compiled with
the headers of another: what does not compile is what old programs stumble over.

examples:
  edgebind callers petstore-1.yaml --prefix acme_ > callers.c
  cc -fsyntax-only -Werror -Isrc/petstore/include -I../edgebind/runtime/include callers.c
"""

_VENDOR = """\
Two files for a tree of your own: the runtime and what the operations need. The API's prefix and eb_ become the prefix
given (acme_app_version_create, acme_eb_client). Of the runtime only what the operations can reach is there; eb_invoke,
which could reach any, comes with --with-invoke. Nothing is written over what was edited by hand.

examples:
  edgebind vendor petstore.yaml --prefix acme_ --out src/petstore
      acme.c and acme.h, and names.lock beside petstore.yaml; --operations and --tags bring a part of it
  edgebind vendor --api edgegap --operations app-version-create,app-version-list --prefix acme_ --out src/edgegap
  edgebind vendor --api edgegap --out src/edgegap
      all operations under their own names
  edgebind vendor --api oss --operations PostObject --prefix acme_ --bundle-cjson ../cJSON --out src/oss
      with cJSON inside, as acme_cJSON
  edgebind vendor --update --out src/edgegap
  edgebind vendor --update petstore.yaml --out src/petstore
      the same choice, made by this version; a file that was edited by hand stays, and its edits are shown
"""


def usage(text: str) -> int:
    """Says what was used wrongly, and gives the exit status for it."""
    print(f"edgebind: {text}", file=sys.stderr)
    return USAGE


def report(problems: Problems) -> int:
    """Says what is wrong with documents, and gives the exit status: OK when nothing is."""
    for problem in problems:
        print(emphasised(str(problem)), file=sys.stderr)
    return PROBLEMS if len(problems) else OK


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="edgebind",
        description="C rows, structs and stubs from OpenAPI 3.0 and 3.1 documents.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"edgebind {__version__}")
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")

    generate = _command(commands, "generate", "write the C code of documents, and names.lock beside them", _GENERATE)
    _what(generate)
    generate.add_argument("--out", default="generated", help="directory to write to (default: %(default)s)")
    generate.add_argument("--header", metavar="NAME", help="with DOCUMENT: the header's name (default: the prefix)")
    generate.add_argument("--operations", metavar="A,B", help="only these: operationIds or C names")
    generate.add_argument("--tags", metavar="X,Y", help="only the operations that have one of these tags")
    _keep_going(generate)
    generate.add_argument(
        "--help-tables", action="store_true", help="also cli/: what the documents say, for a tool like eb"
    )
    generate.add_argument(
        "--check", action="store_true", help="write nothing; say what would change, exit 1 if anything would"
    )

    check = _command(commands, "check", "report every problem of documents", _CHECK)
    check.add_argument("--catalog", default=CATALOG, help="which documents (default: %(default)s)")
    check.add_argument("files", nargs="*", metavar="FILE", help="documents; those of the catalog when none is named")

    explain = _command(commands, "explain", "say where a C name comes from", _EXPLAIN)
    explain.add_argument("name", metavar="NAME", help="a C name: a function, a type, a constant, STRUCT.MEMBER")
    _what(explain)
    _keep_going(explain)

    verify = _command(commands, "verify", "say which generated files are not as they were generated", _VERIFY)
    verify.add_argument("out", nargs="?", default="generated", metavar="DIR", help="default: %(default)s")

    diff = _command(commands, "diff", "say what a new version of documents means for programs", _DIFF)
    diff.add_argument("old", metavar="OLD", help="a document, or a directory with catalog.yaml or spec/catalog.yaml")
    diff.add_argument("new", metavar="NEW", help="the same, later")
    diff.add_argument("--prefix", metavar="acme_", help="of documents: what C names begin with (default: names.lock's)")
    diff.add_argument(
        "--overlay", metavar="FILE", action="append", help="of documents: laid over both; may be repeated"
    )
    diff.add_argument(
        "--old-overlay", metavar="FILE", action="append", help="laid over OLD in place of --overlay; may be repeated"
    )
    diff.add_argument("--current", metavar="X.Y.Z", help="the version now; the one that follows is printed")
    diff.add_argument("--format", choices=["text", "changelog", "json"], default="text", help="default: %(default)s")
    diff.add_argument(
        "--fail-on",
        choices=["source", "abi", "behaviour", "additive", "documentation", "never"],
        default="behaviour",
        help="end with 3 when there is a change as bad as this or worse (default: %(default)s)",
    )

    _keep_going(diff)

    callers = _command(commands, "callers", "print a C program that uses every public name", _CALLERS)
    _what(callers)
    _keep_going(callers)

    vendor = _command(commands, "vendor", "write some operations and the runtime as one source and one header", _VENDOR)
    _document(vendor, "what names begin with; needed with DOCUMENT (default: as they are)")
    vendor.add_argument("--api", help="without DOCUMENT: which API, by its prefix in the catalog")
    vendor.add_argument("--operations", metavar="A,B", help="only these: operationIds or C names (default: all)")
    vendor.add_argument("--tags", metavar="X,Y", help="only the operations that have one of these tags")
    _keep_going(vendor)
    vendor.add_argument("--name", help="of the two files (default: the prefix, or the API)")
    cjson = vendor.add_mutually_exclusive_group()
    cjson.add_argument(
        "--system-cjson",
        "--with-cjson",
        action="store_true",
        help="free-form values as trees of the system's cJSON; left out when no operation has any",
    )
    cjson.add_argument("--bundle-cjson", metavar="DIR", help="the same, with cJSON's own two files, under the prefix")
    vendor.add_argument("--with-testing", action="store_true", help="with the scripted transport for unit tests")
    vendor.add_argument("--with-invoke", action="store_true", help="with eb_invoke: operations by their names")
    vendor.add_argument("--update", action="store_true", help="what was asked for before, made again")
    vendor.add_argument("--out", required=True, metavar="DIR", help="directory to write to")
    vendor.add_argument("--catalog", help="which documents (default: those of this tool)")
    vendor.add_argument("--runtime", default=str(HOME / "runtime"), help="where the runtime is (default: beside it)")
    return made


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str, epilog: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=about,
        description=about[0].upper() + about[1:] + ".",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _keep_going(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-k",
        "--keep-going",
        action="store_true",
        help="do without the operations that problems concern, and say which; no success when none is left",
    )


def _what(command: argparse.ArgumentParser) -> None:
    """A catalog, or one document with what a catalog would say about it."""
    _document(command, "with DOCUMENT: what its C names begin with")
    command.add_argument("--catalog", help=f"which documents (default: {CATALOG})")


def _document(command: argparse.ArgumentParser, prefix: str) -> None:
    command.add_argument("document", nargs="?", metavar="DOCUMENT", help="one document, without a catalog")
    command.add_argument("--prefix", metavar="acme_", help=prefix)
    command.add_argument(
        "--overlay",
        metavar="FILE",
        action="append",
        help="with DOCUMENT: an OpenAPI Overlay that is laid over it; may be repeated",
    )
    command.add_argument("--lock", metavar="FILE", help="with DOCUMENT: its names.lock (default: beside the document)")
