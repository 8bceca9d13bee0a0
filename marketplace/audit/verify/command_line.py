"""The verifier's command line. Exit codes: 0 it holds, 1 it does not hold, 2 it could not be checked."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ..tlog.errors import DoesNotHold, TlogError
from . import bundle, logs, single
from .results import Result

HOLDS: Final = 0
DOES_NOT_HOLD: Final = 1
NOT_CHECKED: Final = 2
_VERDICTS: Final[Mapping[bool | None, tuple[int, str]]] = {
    True: (HOLDS, "This holds."),
    False: (DOES_NOT_HOLD, "This does NOT hold."),
    None: (NOT_CHECKED, "Not everything could be checked."),
}
_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], Result]]] = {
    "proof": single.proof,
    "consistency": single.consistency,
    "tiles": logs.tiles,
    "export": logs.export,
    "bundle": bundle.bundle,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what the arguments name, say in one sentence what was found, and return the exit code."""
    options = _parser().parse_args(arguments)
    code, answer = _run(options)
    text = json.dumps(answer, ensure_ascii=False) if options.json else str(answer["message"])
    _say(text)
    return code


def _run(options: argparse.Namespace) -> tuple[int, dict[str, Any]]:
    try:
        result = _COMMANDS[options.command](options)
    except DoesNotHold as error:
        result = Result(error.message, {}, holds=False, code=error.code)
    except TlogError as error:
        message = f"This could not be checked. {error.message}"
        return NOT_CHECKED, {"holds": None, "code": error.code, "message": message}
    code, opening = _VERDICTS[result.holds]
    message = f"{opening} {result.sentence}"
    return code, {"holds": result.holds, "code": result.code, "message": message, **result.details}


def _say(text: str) -> None:
    # Names come from files of strangers: nothing in them may steer the terminal.
    shown = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text) + "\n"
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(shown.encode(encoding, "backslashreplace").decode(encoding))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify", description="Check proofs, tiles and exports of an audit log without trusting who made them."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    proof = _command(commands, "proof", "check that an entry is in the log")
    proof.add_argument("file", type=Path, help="the .tlog-proof file")
    proof.add_argument("--entry", type=Path, required=True, help="the entry itself, byte for byte")
    proof.add_argument("--disclosure", action="append", default=[], help="a disclosure that belongs to the entry")
    consistency = _command(commands, "consistency", "check that a log was only appended to between two checkpoints")
    consistency.add_argument("old", type=Path, help="the older checkpoint, as you saved it")
    consistency.add_argument("new", type=Path, help="the newer checkpoint with its proof (body of add-checkpoint)")
    tiles = _command(commands, "tiles", "check a whole log that was exported as tiles")
    tiles.add_argument("folder", type=Path, help="the folder with `checkpoint` and `tile/`")
    export = _command(commands, "export", "check a whole log that was exported as JSON lines")
    export.add_argument("file", type=Path, help=f"the file, or the folder with {logs.EXPORT_NAME}")
    for whole in (tiles, export):
        whole.add_argument("--checkpoint", type=Path, help="a checkpoint that you saved before, to compare with")
    bundle.add_options(_command(commands, "bundle", "check the bundle of a lot's passport"))
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, purpose: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=purpose, description=purpose[0].upper() + purpose[1:] + ".")
    trust = parser.add_mutually_exclusive_group(required=True)
    trust.add_argument("--key", action="append", help="the log's key, or a file with one key per line; may be repeated")
    trust.add_argument("--policy", type=Path, help="a policy file: logs, witnesses and the quorum")
    parser.add_argument("--origin", help="accept this log only")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    return parser
