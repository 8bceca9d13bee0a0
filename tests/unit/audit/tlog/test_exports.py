"""The export of a whole log as JSON lines."""

import json
from collections.abc import Iterable

import pytest

from marketplace.audit.tlog.exports import (
    MAX_LINE_BYTES,
    CheckedExport,
    ExportedEntry,
    check_export,
    entry_line,
    header_line,
    parse_entry,
    parse_header,
)
from tests.unit.audit.tlog.refusing import does_not_hold, malformed
from tests.unit.audit.tlog.small_log import LOG, SmallLog, leaf, log_of, opened

LOG_OF_5 = log_of(5)
HASH = "A" * 43 + "="
NOT_UTF8 = "Line 3: The line has a text that UTF-8 cannot write."
SHORT = "Line 3: The hash has 1 bytes; a hash has 32."


def check(lines: Iterable[bytes], *, saved: int | None = None) -> CheckedExport:
    return check_export(lines, open_checkpoint=opened, saved=None if saved is None else LOG_OF_5.checkpoint(saved))


def test_an_export_holds_with_its_disclosures() -> None:
    checked = check(LOG_OF_5.export())
    assert checked.opened.checkpoint == LOG_OF_5.checkpoint()
    assert checked.opened.logs[0].key == LOG.verifier
    assert checked.disclosures == 2


def test_an_empty_log_and_an_older_checkpoint_are_exported_too() -> None:
    assert check(log_of(0).export()).disclosures == 0
    assert check(LOG_OF_5.export(3)).opened.checkpoint.size == 3


def test_erased_disclosures_are_missed_by_nothing() -> None:
    erased = SmallLog(LOG_OF_5.leaves, disclosures={3: LOG_OF_5.disclosures[3][:1]})
    assert check(erased.export()).disclosures == 1
    assert check(SmallLog(LOG_OF_5.leaves).export()).disclosures == 0


@pytest.mark.parametrize("size", range(6))
def test_a_saved_checkpoint_of_any_size_is_found_again(size: int) -> None:
    assert check(LOG_OF_5.export(), saved=size)


def test_the_lines_are_those_of_the_documentation() -> None:
    line = entry_line(0, stored_hash=b"\0" * 32, leaf='{"a":"é"}'.encode(), disclosures=["x"])
    assert line.decode() == f'{{"idx":0,"hash":"{HASH}","leaf":"{{\\"a\\":\\"é\\"}}","disclosures":["x"]}}\n'
    assert parse_entry(line) == ExportedEntry(0, b"\0" * 32, '{"a":"é"}'.encode(), ("x",))
    assert header_line(b"a\n\nb") == b'{"format":"audit-export@v1","checkpoint":"a\\n\\nb"}\n'
    assert parse_header(header_line(b"a\n\nb")) == b"a\n\nb"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"[]\n",
        b'{"format":"audit-export@v2","checkpoint":""}\n',
        b'{"format":1,"checkpoint":""}\n',
        b'{"format":"audit-export@v1","checkpoint":1}\n',
        b'{"format":"audit-export@v1"}\n',
        b'{"format":"audit-export@v1","checkpoint":"","more":1}\n',
        b'{"format":"audit-export@v1","checkpoint":""}',
        b'{"format":"audit-export@v1","checkpoint":"\\ud800"}\n',
    ],
    ids=ascii,
)
def test_another_first_line_is_refused(line: bytes) -> None:
    with malformed("export-line"):
        check([line])


def test_a_file_of_another_kind_is_said_to_be_one() -> None:
    with malformed("export-line", "Line 1 is not the first line of an audit-export@v1 file."):
        check([b"{}\n"])
    with malformed("export-line", "The line does not end in a newline."):
        check([])


@pytest.mark.parametrize(
    ("line", "code", "sentence"),
    [
        (b"{}\n", "export-line", "Line 3: This is not the line of an entry."),
        (b"7\n", "export-line", None),
        (b"\n", "export-line", "Line 3: The line is not JSON that every program reads alike."),
        (f'{{"idx":true,"hash":"{HASH}","leaf":"","disclosures":[]}}\n'.encode(), "export-line", None),
        (f'{{"idx":1.0,"hash":"{HASH}","leaf":"","disclosures":[]}}\n'.encode(), "export-line", None),
        (f'{{"idx":1,"hash":"{HASH}","leaf":"","disclosures":[1]}}\n'.encode(), "export-line", None),
        (f'{{"idx":1,"hash":"{HASH}","leaf":"","disclosures":""}}\n'.encode(), "export-line", None),
        (f'{{"idx":1,"hash":"{HASH}","leaf":1,"disclosures":[]}}\n'.encode(), "export-line", None),
        (f'{{"idx":1,"hash":"{HASH}","leaf":"","disclosures":[],"x":1}}\n'.encode(), "export-line", None),
        (f'{{"idx":1,"idx":1,"hash":"{HASH}","leaf":"","disclosures":[]}}\n'.encode(), "export-line", None),
        (f'{{"idx":1,"hash":"{HASH}","leaf":"\\udfff","disclosures":[]}}\n'.encode(), "export-line", NOT_UTF8),
        (b'{"idx":1,"hash":"AA==","leaf":"","disclosures":[]}\n', "hash-size", SHORT),
        (b'{"idx":1,"hash":"?","leaf":"","disclosures":[]}\n', "base64", "Line 3: The hash is not base64."),
        (LOG_OF_5.line(1)[:-1], "export-line", "Line 3: The line does not end in a newline."),
        (LOG_OF_5.line(1)[:40], "export-line", None),
        (b"x" * (MAX_LINE_BYTES + 1), "export-line", f"Line 3: A line has more than {MAX_LINE_BYTES} bytes."),
    ],
    ids=lambda value: ascii(value)[:40],
)  # fmt: skip
def test_a_malformed_line_is_named(line: bytes, code: str, sentence: str | None) -> None:
    lines = LOG_OF_5.export()
    with malformed(code, sentence):
        check([*lines[:2], line, *lines[3:]])


def test_the_longest_line_is_read() -> None:
    line = entry_line(0, stored_hash=b"\0" * 32, leaf=b"", disclosures=[])
    padded = line[:-2] + b" " * (MAX_LINE_BYTES - len(line)) + line[-2:]
    assert len(padded) == MAX_LINE_BYTES
    assert parse_entry(padded).idx == 0


def test_a_leaf_that_is_in_the_log_but_is_not_ours_is_named() -> None:
    for wrong, code, sentence in (
        (b'{"a": 1}', "leaf-canonical", "Entry 1: The entry is not written in canonical JSON (RFC 8785)."),
        (b'{"a":9007199254740992}', "leaf-number", "Entry 1: The entry has a number that other programs would round."),
        (b'"' + b"x" * 65_534 + b'"', "leaf-size", "Entry 1: The entry has 65536 bytes; at most 65535 fit."),
    ):
        with malformed(code, sentence):
            check(SmallLog([leaf(0), wrong]).export())


def test_the_checkpoint_is_verified_first() -> None:
    lines = LOG_OF_5.export()
    raw = json.loads(lines[0])["checkpoint"].replace("\n5\n", "\n6\n").encode()
    with does_not_hold("signature"):
        check([header_line(raw), *lines[1:]])
