"""Signed notes, against the published ones, and every way to break one."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.audit.tlog.encoding import MAX_NUMBER
from marketplace.audit.tlog.keys import KeyKind, SignerKey, VerifierKey
from marketplace.audit.tlog.notes import (
    Limits,
    Note,
    Signature,
    Verified,
    add_signatures,
    cosigned_message,
    open_note,
    parse_note,
    parse_signature,
    sign,
    sign_note,
)
from tests.unit.audit.tlog.published import (
    COSIGNATURE,
    COSIGNED_AT,
    ENOCH,
    ENOCH_LINE,
    PETER,
    PETER_LINE,
    PETER_SECRET,
    PROVERB,
)
from tests.unit.audit.tlog.refusing import does_not_hold, malformed
from tests.unit.audit.tlog.small_log import AT, LOG, OTHER_LOG, WITNESSES

PATIENT = settings(deadline=None)
PETER_KEY, ENOCH_KEY = VerifierKey.parse(PETER), VerifierKey.parse(ENOCH)
NOT_HELD = "which no note may hold."
BOTH = f"{PROVERB}\n{PETER_LINE}{ENOCH_LINE}".encode()


def note(*lines: str, text: str = PROVERB) -> bytes:
    return f"{text}\n{''.join(lines)}".encode()


def test_the_published_note_is_written_and_opened() -> None:
    raw = sign_note(PROVERB, signers=[SignerKey.parse(PETER_SECRET)])
    assert raw == note(PETER_LINE)
    opened = open_note(raw, verifiers=[PETER_KEY])
    assert (opened.text, opened.verified, opened.ignored) == (PROVERB, (Verified(PETER_KEY),), 0)


def test_signatures_of_unknown_keys_are_ignored() -> None:
    one = open_note(BOTH, verifiers=[PETER_KEY])
    assert (one.verified, one.ignored) == ((Verified(PETER_KEY),), 1)
    two = open_note(BOTH, verifiers=[ENOCH_KEY, PETER_KEY])
    assert (two.verified, two.ignored) == ((Verified(PETER_KEY), Verified(ENOCH_KEY)), 0)


def test_a_line_that_stands_twice_counts_once() -> None:
    opened = open_note(note(PETER_LINE, PETER_LINE), verifiers=[PETER_KEY])
    assert opened.verified == (Verified(PETER_KEY),)


def test_nobody_known_signed() -> None:
    for verifiers in ([], [VerifierKey("someone", b"k" * 32)]):
        with does_not_hold("unknown-key", "None of the keys that you trust signed this."):
            open_note(BOTH, verifiers=verifiers)


def test_another_key_of_the_same_name_signed() -> None:
    raw = sign_note("text\n", signers=[OTHER_LOG])
    sentence = "Another key of the name log.example/gems signed, not the one you trust."
    with does_not_hold("wrong-key", sentence):
        open_note(raw, verifiers=[LOG.verifier])
    with does_not_hold("unknown-key"):
        open_note(note(ENOCH_LINE), verifiers=[PETER_KEY])


def test_a_known_key_whose_signature_fails_spoils_the_note() -> None:
    wrong = Signature("PeterNeumann", PETER_KEY.key_id, b"x" * 64).line
    sentence = "The signature of PeterNeumann does not belong to this text."
    for raw in (note(wrong), note(wrong, ENOCH_LINE), note(PETER_LINE, wrong), note(PETER_LINE, text="other\n")):
        with does_not_hold("signature", sentence):
            open_note(raw, verifiers=[PETER_KEY, ENOCH_KEY])


@pytest.mark.parametrize(
    ("raw", "code", "sentence"),
    [
        (PROVERB.encode(), "no-signature", "The note has no empty line with signatures below it."),
        (b"", "no-signature", "The note has no empty line with signatures below it."),
        (note(), "no-signature", "The note ends in an empty line: no signature follows it."),
        (note(PETER_LINE) + b"\n", "no-signature", "The note ends in an empty line: no signature follows it."),
        (note(PETER_LINE)[:-1], "note-end", "The note does not end in a newline."),
        (BOTH.replace(b"\n", b"\r\n"), "crlf", "Line 1 has a carriage return; lines end in a newline alone."),
        (note(PETER_LINE)[:-1] + b"\r\n", "crlf", "Line 4 has a carriage return; lines end in a newline alone."),
        (b"\x01" + BOTH, "control-character", f"Line 1 has the character U+0001, {NOT_HELD}"),
        (BOTH.replace(b"you", b"\x1f", 1), "control-character", f"Line 1 has the character U+001F, {NOT_HELD}"),
        (BOTH.replace(b"don", b"\t"), "control-character", f"Line 2 has the character U+0009, {NOT_HELD}"),
        (b"\xff" + BOTH, "utf-8", "The text is not UTF-8: byte 0 cannot be read."),
        (BOTH + b"\xed\xa0\x80", "utf-8", f"The text is not UTF-8: byte {len(BOTH)} cannot be read."),
        (note(PETER_LINE, "Unexpected line.\n"), "signature-line", None),
        (note(PETER_LINE.replace("—", "-")), "signature-line", None),
        (note(PETER_LINE.replace("— ", "—")), "signature-line", None),
        (note("— PeterNeumann\n"), "signature-line", None),
        (note(PETER_LINE.replace("Peter", "Peter ")), "base64", "The signature of Peter is not base64."),
        (note(PETER_LINE.replace("Peter", "Peter+")), "name", None),
        (note(PETER_LINE.replace("PeterNeumann", "")), "name", None),
        (note(PETER_LINE.replace("M=", "N=")), "base64", None),
        (note(PETER_LINE.replace("M=", "M")), "base64", None),
        (note("— a AAAAAA==\n"), "signature-line", "The signature of a is too short to be one."),
        (note("— a \n"), "signature-line", "The signature of a is too short to be one."),
    ],
)  # fmt: skip
def test_a_malformed_note_is_refused_with_its_reason(raw: bytes, code: str, sentence: str | None) -> None:
    with malformed(code, sentence):
        open_note(raw, verifiers=[PETER_KEY])


def test_an_empty_line_before_the_signatures_belongs_to_the_text_and_breaks_the_signature() -> None:
    with does_not_hold("signature"):
        open_note(note("\n", PETER_LINE), verifiers=[PETER_KEY])
    assert parse_note(note("\n", PETER_LINE)).text == PROVERB + "\n"


def test_an_empty_line_between_signatures_makes_the_first_one_text() -> None:
    parsed = parse_note(note(PETER_LINE, "\n", ENOCH_LINE))
    assert parsed.text == f"{PROVERB}\n{PETER_LINE}"
    assert [each.name for each in parsed.signatures] == ["EnochRoot"]


def test_16_signatures_are_read_and_17_refused() -> None:
    assert len(parse_note(note(*[PETER_LINE] * 16)).signatures) == 16
    with malformed("too-many-signatures", "The note has 17 signatures; at most 16."):
        parse_note(note(*[PETER_LINE] * 17))
    assert len(parse_note(note(*[PETER_LINE] * 17), limits=Limits(signatures=17)).signatures) == 17


def test_a_note_has_a_largest_size() -> None:
    raw = note(PETER_LINE)
    assert parse_note(raw, limits=Limits(size=len(raw))).text == PROVERB
    with malformed("note-size", f"The text has {len(raw)} bytes; at most {len(raw) - 1} are read."):
        parse_note(raw, limits=Limits(size=len(raw) - 1))
    assert (Limits().size, Limits().signatures) == (1_000_000, 16)


def test_five_bytes_are_the_shortest_signature() -> None:
    assert parse_signature("— a AAAAAAE=") == Signature("a", b"\0\0\0\0", b"\x01")


def test_a_cosignature_is_over_the_time_and_the_text() -> None:
    witness = WITNESSES[0]
    signature = sign("a\n1\n", signer=witness, timestamp=AT)
    assert cosigned_message("a\n1\n", timestamp=AT) == b"cosignature/v1\ntime 1790000000\na\n1\n"
    assert signature.value[:8] == AT.to_bytes(8, "big")
    assert witness.verifier.accepts(b"cosignature/v1\ntime 1790000000\na\n1\n", signature=signature.value[8:])
    opened = open_note(Note("a\n1\n", (signature,)).to_bytes(), verifiers=[witness.verifier])
    assert opened.verified == (Verified(witness.verifier, AT),)


def test_the_published_cosignature_holds_the_published_time() -> None:
    raw = base64.b64decode(COSIGNATURE)
    signature = parse_signature(f"— witness {COSIGNATURE}")
    assert signature.key_id == raw[:4]
    assert int.from_bytes(signature.value[:8], "big") == COSIGNED_AT
    assert len(signature.value) == 8 + 64


def test_a_cosignature_with_another_time_does_not_hold() -> None:
    witness = WITNESSES[0]
    signature = sign("a\n", signer=witness, timestamp=AT)
    later = Signature(signature.name, signature.key_id, (AT + 1).to_bytes(8, "big") + signature.value[8:])
    with does_not_hold("signature"):
        open_note(Note("a\n", (later,)).to_bytes(), verifiers=[witness.verifier])


def test_a_cosignature_from_the_end_of_time_is_the_last() -> None:
    witness = WITNESSES[0]
    for timestamp in (0, MAX_NUMBER):
        signature = sign("a\n", signer=witness, timestamp=timestamp)
        opened = open_note(Note("a\n", (signature,)).to_bytes(), verifiers=[witness.verifier])
        assert opened.verified[0].timestamp == timestamp
    beyond = MAX_NUMBER + 1
    signed = witness.sign_bytes(cosigned_message("a\n", timestamp=beyond))
    signature = Signature(witness.name, witness.verifier.key_id, beyond.to_bytes(8, "big") + signed)
    with does_not_hold("signature"):
        open_note(Note("a\n", (signature,)).to_bytes(), verifiers=[witness.verifier])
    for timestamp in (None, -1, beyond):
        with malformed("timestamp", "A cosignature needs its time in whole seconds since 1970."):
            sign("a\n", signer=witness, timestamp=timestamp)


def test_one_key_under_both_kinds_signs_two_different_things() -> None:
    plain, timed = SignerKey("both", b"b" * 32), SignerKey("both", b"b" * 32, KeyKind.COSIGNATURE)
    signature = sign("a\n", signer=plain)
    assert plain.verifier.public == timed.verifier.public
    with does_not_hold("wrong-key"):
        open_note(Note("a\n", (signature,)).to_bytes(), verifiers=[timed.verifier])


def test_signatures_are_added_once() -> None:
    raw = note(PETER_LINE)
    enoch = parse_signature(ENOCH_LINE[:-1])
    assert add_signatures(raw, [enoch, enoch, parse_signature(PETER_LINE[:-1])]) == BOTH
    assert add_signatures(BOTH, [enoch]) == BOTH


def test_what_cannot_be_signed() -> None:
    with malformed("note-text", "The text of a note ends in a newline."):
        sign_note("text", signers=[LOG])
    with malformed("crlf"):
        sign_note("text\r\n", signers=[LOG])
    with malformed("control-character", "Line 2 has the character U+D800, which no note may hold."):
        sign_note("a\n\ud800\n", signers=[LOG])
    with malformed("no-signature", "A note needs at least one signer."):
        sign_note("text\n", signers=[])


@PATIENT
@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=60))
def test_every_text_that_can_be_signed_comes_back(text: str) -> None:
    raw = sign_note(f"{text}\n", signers=[LOG, OTHER_LOG])
    opened = open_note(raw, verifiers=[LOG.verifier, OTHER_LOG.verifier])
    assert (opened.text, len(opened.verified)) == (f"{text}\n", 2)
    assert parse_note(raw).to_bytes() == raw
