"""Requests to witnesses and their answers, after the examples of the specification."""

import pytest

from marketplace.audit.tlog.encoding import MAX_NUMBER, base64_text
from marketplace.audit.tlog.notes import Limits
from marketplace.audit.tlog.witness import (
    MAX_HEAD_BYTES,
    AddCheckpoint,
    parse_add_checkpoint,
    parse_cosignatures,
    write_cosignatures,
)
from tests.unit.audit.tlog.published import ADD_CHECKPOINT, CHECKPOINT, COSIGNATURES
from tests.unit.audit.tlog.refusing import malformed

HASH = base64_text(b"h" * 32)
LONGEST = b"old 1\n" + f"{HASH}\n".encode() * 63


def test_the_example_request_is_read_and_written() -> None:
    request = parse_add_checkpoint(ADD_CHECKPOINT)
    assert request.old_size == 20_852_014
    assert [base64_text(each)[:4] for each in request.proof] == ["PlRN", "jrJZ", "5+pK", "/6WV"]
    assert request.checkpoint.startswith(b"example.com/behind-the-sofa\n20852163\n")
    assert request.to_bytes() == ADD_CHECKPOINT


def test_the_first_request_has_no_proof() -> None:
    first = AddCheckpoint(0, (), CHECKPOINT)
    assert first.to_bytes() == b"old 0\n\n" + CHECKPOINT
    assert parse_add_checkpoint(first.to_bytes()) == first


def test_the_example_answer_is_read_and_written() -> None:
    signatures = parse_cosignatures(COSIGNATURES)
    assert [each.name for each in signatures] == ["witness.example/w1", "witness.example/w1", "witness.example/w2"]
    assert write_cosignatures(signatures) == COSIGNATURES


@pytest.mark.parametrize(
    ("raw", "code", "sentence"),
    [
        (b"", "request", "There is no empty line with a checkpoint below it."),
        (b"old 0\n", "request", None),
        (b"\n\n", "request", "The first line is not the word old and the size of the log before."),
        (b"new 0\n\n", "request", None),
        (b"old\n\n", "request", None),
        (b"old 01\n\n", "number", "The old size is not a whole number without leading zeroes below 2^63."),
        (b"old 0 \n\n", "number", None),
        (b"old 0\nAA==\n\n", "hash-size", "The hash 1 of the proof has 1 bytes; a hash has 32."),
        (b"old 0\n?\n\n", "base64", "The hash 1 of the proof is not base64."),
        (b"old 0\r\n\n\n", "crlf", None),
        (b"old 0\xff\n\n", "utf-8", None),
    ],
)
def test_a_malformed_request_is_refused(raw: bytes, code: str, sentence: str | None) -> None:
    with malformed(code, sentence):
        parse_add_checkpoint(raw)


def test_a_request_has_63_hashes_at_most() -> None:
    assert len(parse_add_checkpoint(LONGEST + b"\n").proof) == 63
    with malformed("proof-length", "The proof has 64 hashes; at most 63."):
        parse_add_checkpoint(LONGEST + f"{HASH}\n\n".encode())
    with malformed("proof-length"):
        AddCheckpoint(1, (b"h" * 32,) * 64, CHECKPOINT).to_bytes()


def test_every_part_of_a_request_has_a_limit() -> None:
    with malformed("note-size"):
        parse_add_checkpoint(b"x" * (MAX_HEAD_BYTES + 1) + b"\n\n")
    with malformed("request"):
        parse_add_checkpoint(b"x" * MAX_HEAD_BYTES + b"\n\n")
    assert parse_add_checkpoint(b"old 0\n\n12345", limits=Limits(size=5)).checkpoint == b"12345"
    with malformed("note-size", "The checkpoint has 6 bytes; at most 5 are read."):
        parse_add_checkpoint(b"old 0\n\n123456", limits=Limits(size=5))


def test_a_request_that_could_not_be_read_is_not_written() -> None:
    for size in (-1, MAX_NUMBER + 1):
        with malformed("number", f"A log cannot have {size} entries."):
            AddCheckpoint(size, (), CHECKPOINT).to_bytes()
    assert AddCheckpoint(MAX_NUMBER, (), b"").to_bytes() == b"old 9223372036854775807\n\n"
    with malformed("hash-size"):
        AddCheckpoint(1, (b"h" * 31,), CHECKPOINT).to_bytes()


def test_a_malformed_answer_is_refused() -> None:
    with malformed("note-end", "The answer does not end in a newline."):
        parse_cosignatures(COSIGNATURES[:-1])
    with malformed("signature-line"):
        parse_cosignatures(b"\n")
    with malformed("signature-line"):
        parse_cosignatures(COSIGNATURES + b"\n")
    line = COSIGNATURES.splitlines(keepends=True)[0]
    assert len(parse_cosignatures(line * 16)) == 16
    with malformed("too-many-signatures", "The answer has 17 signatures; at most 16."):
        parse_cosignatures(line * 17)
    with malformed("note-size"):
        parse_cosignatures(line, limits=Limits(size=len(line) - 1))
    assert len(parse_cosignatures(line, limits=Limits(size=len(line)))) == 1
