"""The bundle of a lot's passport, as it is downloaded beside the passport's page."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .bundle_files import MAX_BUNDLE_BYTES, read_bundle
from .documents import MAX_DOCUMENT_BYTES, read_time
from .files import read_file, read_trust
from .passports import Check, Question, State, check_passport
from .results import Result


def bundle(options: Namespace) -> Result:
    """Check a bundle; the code is that of the first line that does not hold, and all of them stand in the sentence."""
    question = Question(
        files=read_bundle(read_file(options.file, limit=MAX_BUNDLE_BYTES)),
        policy=read_trust(options.key, options.policy),
        at=read_time(options.at, what="given by --at") if options.at else datetime.now(UTC),
        origin=options.origin,
        did=_given(options.did),
        status=_given(options.status),
    )
    checks = check_passport(question)
    details = {"checks": [_told(each) for each in checks]}
    failed = [each for each in checks if each.state is State.FAILS]
    if failed:
        return Result(_sentence(failed), details, holds=False, code=failed[0].code)
    # A file that somebody left out must not look like one that holds: the list of revoked passports is such a file.
    unknown = [each for each in checks if each.state is State.UNKNOWN]
    if unknown:
        sentence = f"{_sentence(unknown)} Everything else holds."
        return Result(sentence, details, holds=None, code=unknown[0].code)
    return Result(_sentence(checks), details)


def add_options(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("file", type=Path, help="the zip file")
    parser.add_argument("--did", type=Path, help="the issuer's did.json, fetched by yourself, instead of the bundle's")
    parser.add_argument(
        "--status", type=Path, help="the list of revoked passports, fetched now, instead of the bundle's"
    )
    parser.add_argument("--at", help="check as of this time, such as 2026-11-28T12:00:00Z; by default now")


def _given(path: Path | None) -> bytes | None:
    return None if path is None else read_file(path, limit=MAX_DOCUMENT_BYTES)


def _sentence(checks: Sequence[Check]) -> str:
    return " ".join(each.message for each in checks)


def _told(check: Check) -> dict[str, Any]:
    return {"name": check.name, "state": check.state.value, "code": check.code, "message": check.message}
