"""Proof files, after the example of the specification."""

import pytest

from marketplace.audit.tlog.encoding import MAX_NUMBER, base64_text
from marketplace.audit.tlog.merkle import inclusion_proof
from marketplace.audit.tlog.notes import Limits, Verified
from marketplace.audit.tlog.proofs import HEADER, MAX_EXTRA_BYTES, MAX_HEAD_BYTES, Proof, parse_proof, verify_proof
from tests.unit.audit.tlog.published import CHECKPOINT, PROOF_HASHES
from tests.unit.audit.tlog.refusing import does_not_hold, malformed
from tests.unit.audit.tlog.small_log import AT, LOG, WITNESSES, log_of

HASH = base64_text(b"h" * 32)
LONG, SHORT = base64_text(bytes(64)), base64_text(bytes(31))
NOT_32 = "bytes; a hash has 32."
LOG_OF_7 = log_of(7)


def proof_of(index: int, *, witnesses: int = 0) -> Proof:
    path = tuple(inclusion_proof(index, 7, LOG_OF_7.nodes))
    return Proof(index, path, LOG_OF_7.signed(witnesses=witnesses))


def test_the_example_of_the_specification_is_read_and_written() -> None:
    raw = f"c2sp.org/tlog-proof@v1\nextra YWdl\nindex 73894\n{PROOF_HASHES}\n\n".encode() + CHECKPOINT
    proof = parse_proof(raw)
    assert (proof.index, proof.extra, proof.checkpoint) == (73_894, b"age", CHECKPOINT)
    assert [base64_text(each) for each in proof.hashes] == PROOF_HASHES.split("\n")
    assert proof.to_bytes() == raw


def test_a_proof_of_the_only_entry_has_no_hashes() -> None:
    raw = f"{HEADER}\nindex 0\n\n".encode() + CHECKPOINT
    assert parse_proof(raw) == Proof(0, (), CHECKPOINT)
    assert Proof(0, (), CHECKPOINT).to_bytes() == raw


@pytest.mark.parametrize("index", range(7))
def test_every_entry_is_proved(index: int) -> None:
    proof = parse_proof(proof_of(index, witnesses=1).to_bytes())
    opened = verify_proof(proof, leaf=LOG_OF_7.hashes[index], logs=[LOG.verifier], witnesses=[WITNESSES[0].verifier])
    assert opened.checkpoint == LOG_OF_7.checkpoint()
    assert opened.witnesses == (Verified(WITNESSES[0].verifier, AT),)


def test_a_proof_is_of_one_entry_at_one_place_of_one_log() -> None:
    proof = proof_of(3)
    with does_not_hold("inclusion"):
        verify_proof(proof, leaf=LOG_OF_7.hashes[4], logs=[LOG.verifier])
    with does_not_hold("inclusion"):
        verify_proof(Proof(2, proof.hashes, proof.checkpoint), leaf=LOG_OF_7.hashes[3], logs=[LOG.verifier])
    with malformed("index", "A log of 7 entries has no entry at place 7."):
        verify_proof(Proof(7, proof.hashes, proof.checkpoint), leaf=LOG_OF_7.hashes[3], logs=[LOG.verifier])
    with does_not_hold("origin"):
        verify_proof(proof, leaf=LOG_OF_7.hashes[3], logs=[LOG.verifier], origin="another")
    with does_not_hold("unknown-key"):
        verify_proof(proof, leaf=LOG_OF_7.hashes[3], logs=[])


@pytest.mark.parametrize(
    ("head", "code", "sentence"),
    [
        # the negative cases of github.com/transparency-dev/merkle/proof/tlog_proof_test.go at 0db3ecde5eac
        ("wrong-header\nindex 0", "proof", "The first line is not c2sp.org/tlog-proof@v1."),
        (f"{HEADER}\nextra !!notbase64!!\nindex 0", "base64", "The extra data is not base64."),
        (HEADER, "proof", "The proof has no index line where one must be."),
        (f"{HEADER}\nindex notanumber", "number", "The index is not a whole number without leading zeroes below 2^63."),
        (f"{HEADER}\nindex -5", "number", None),
        (f"{HEADER}\nindex 0\n!!notbase64!!", "base64", "The hash 1 of the proof is not base64."),
        (f"{HEADER}\nindex 0\n{LONG}", "hash-size", f"The hash 1 of the proof has 64 {NOT_32}"),
        # and ours
        (f"{HEADER}\nindex 0\n{HASH}\n{SHORT}", "hash-size", f"The hash 2 of the proof has 31 {NOT_32}"),
        (f"{HEADER}\nindex 00", "number", None),
        (f"{HEADER}\nindex {2**63}", "number", None),
        (f"{HEADER}\nindex  1", "number", None),
        (f"{HEADER}\nIndex 1", "proof", None),
        (f"{HEADER}\nextra YQ==", "proof", "The proof has no index line where one must be."),
        (f"{HEADER}\nextra YQ==\nextra YQ==\nindex 0", "proof", None),
        (f"{HEADER}\nindex 0\nextra YQ==", "base64", None),
        (f"{HEADER}\nextra \nindex 0", "extra", "The extra data has 0 bytes; 1 to 65535 fit."),
        (f"{HEADER} \nindex 0", "proof", None),
        (f"\ufeff{HEADER}\nindex 0", "proof", None),
        (f"{HEADER}\r\nindex 0", "crlf", "Line 1 has a carriage return; lines end in a newline alone."),
        (f"{HEADER}\nindex\t0", "control-character", None),
        ("", "proof", None),
    ],
)  # fmt: skip
def test_a_malformed_proof_is_refused(head: str, code: str, sentence: str | None) -> None:
    with malformed(code, sentence):
        parse_proof(f"{head}\n\n".encode() + CHECKPOINT)


def test_a_proof_without_a_checkpoint_is_refused() -> None:
    for raw in (b"", f"{HEADER}\nindex 0\n".encode()):
        with malformed("proof", "The proof has no empty line with a checkpoint below it."):
            parse_proof(raw)
    with malformed("no-signature"):
        verify_proof(parse_proof(f"{HEADER}\nindex 0\n\n".encode()), leaf=b"h" * 32, logs=[LOG.verifier])


def test_a_proof_has_63_hashes_at_most() -> None:
    lines = f"{HEADER}\nindex 0\n" + f"{HASH}\n" * 63
    assert len(parse_proof(f"{lines}\n".encode()).hashes) == 63
    with malformed("proof-length", "The proof has 64 hashes; at most 63."):
        parse_proof(f"{lines}{HASH}\n\n".encode())
    with malformed("proof-length"):
        Proof(0, (b"h" * 32,) * 64, CHECKPOINT).to_bytes()


def test_every_part_of_a_proof_has_a_limit() -> None:
    longest = Proof(MAX_NUMBER, (b"h" * 32,) * 63, CHECKPOINT, b"x" * MAX_EXTRA_BYTES)
    assert parse_proof(longest.to_bytes()) == longest
    with malformed("extra", "The extra data has 65536 bytes; 1 to 65535 fit."):
        parse_proof(f"{HEADER}\nextra {base64_text(b'x' * (MAX_EXTRA_BYTES + 1))}\nindex 0\n\n".encode())
    with malformed("note-size"):
        parse_proof(b"x" * (MAX_HEAD_BYTES + 1) + b"\n\n")
    with malformed("proof"):
        parse_proof(b"x" * MAX_HEAD_BYTES + b"\n\n")
    head = f"{HEADER}\nindex 0\n\n".encode()
    assert parse_proof(head + b"12345", limits=Limits(size=5)).checkpoint == b"12345"
    with malformed("note-size", "The checkpoint has 6 bytes; at most 5 are read."):
        parse_proof(head + b"123456", limits=Limits(size=5))


def test_a_proof_that_could_not_be_read_is_not_written() -> None:
    for index in (-1, MAX_NUMBER + 1):
        with malformed("number", f"An entry cannot have the index {index}."):
            Proof(index, (), CHECKPOINT).to_bytes()
    with malformed("hash-size"):
        Proof(0, (b"h" * 31,), CHECKPOINT).to_bytes()
    for extra in (b"", b"x" * (MAX_EXTRA_BYTES + 1)):
        with malformed("extra"):
            Proof(0, (), CHECKPOINT, extra).to_bytes()
