"""Keys as text, against those published for the Go implementation (sources in published.py)."""

import pytest

from marketplace.audit.tlog.errors import Malformed
from marketplace.audit.tlog.keys import MAX_KEY_TEXT, KeyKind, SignerKey, VerifierKey, check_name, key_id, known_keys
from tests.unit.audit.tlog.published import ENOCH, LONG_KEY, PETER, PETER_SECRET, UNKNOWN_KIND, WITNESS_KEY
from tests.unit.audit.tlog.refusing import malformed


def test_the_published_keys_are_read_and_written() -> None:
    for text in (PETER, ENOCH, WITNESS_KEY):
        assert VerifierKey.parse(text).text == text
    peter = VerifierKey.parse(PETER)
    assert (peter.name, peter.kind, peter.key_id.hex()) == ("PeterNeumann", KeyKind.ED25519, "c74f20a3")
    witness = VerifierKey.parse(WITNESS_KEY)
    assert (witness.name, witness.kind, witness.key_id.hex()) == ("remora.n621.de", KeyKind.COSIGNATURE, "da77ade7")


def test_the_published_signer_gives_the_published_verifier() -> None:
    signer = SignerKey.parse(PETER_SECRET)
    assert signer.verifier == VerifierKey.parse(PETER)
    assert signer.secret_text == PETER_SECRET
    assert "AYEKFALVFGyNhPJEMzD1QIDr" not in repr(signer)
    assert str(signer.seed) not in repr(signer)


def test_the_kind_of_a_key_is_in_its_id() -> None:
    ids = {key_id("log", kind=kind, public=b"k" * 32) for kind in KeyKind}
    assert len(ids) == 2
    assert all(len(each) == 4 for each in ids)


@pytest.mark.parametrize("read", [(VerifierKey, PETER), (SignerKey, PETER_SECRET)], ids=["verifier", "signer"])
def test_no_part_of_a_key_and_no_changed_letter_is_a_key(read: tuple[type[VerifierKey], str]) -> None:
    kind, text = read
    parts = {text[begin:end] for begin in range(len(text)) for end in range(begin + 1, len(text) + 1)} - {text}
    changed = {text[:place] + chr(ord(text[place]) + 1) + text[place + 1 :] for place in range(len(text))}
    for each in sorted(parts | changed | {""}):
        with pytest.raises(Malformed):
            kind.parse(each)


def test_what_is_wrong_with_a_key_is_said() -> None:
    form = "A verifier key is a name, a plus, 8 hex digits in lower case, a plus and base64."
    for text in ("PeterNeumann", "PeterNeumann+c74f20a3", PETER.replace("c74f20a3", "C74F20A3"), "a+c74f20a+AQ=="):
        with malformed("key", form):
            VerifierKey.parse(text)
    with malformed("key", "This is not a signer key."):
        SignerKey.parse(PETER)
    with malformed("name"):
        VerifierKey.parse(PETER.replace("PeterNeumann", "Peter Neumann"))
    with malformed("base64", "The verifier key is not base64."):
        VerifierKey.parse(PETER + "!")
    for text in (UNKNOWN_KIND, "a+c74f20a3+", "a+c74f20a3+Ag=="):
        with malformed("key-kind", "The verifier key is of a kind that this program does not know."):
            VerifierKey.parse(text)
    # the Go implementation refuses it for its length, we do so before for the bits that are left over
    with malformed("base64", "The verifier key is not written in the one canonical form of base64."):
        VerifierKey.parse(LONG_KEY)
    with malformed("key-size", "An Ed25519 key has 32 bytes; this one has 33."):
        VerifierKey("log", b"k" * 33)
    with malformed("key-size", "An Ed25519 key has 32 bytes; this one has 31."):
        SignerKey("log", b"s" * 31)
    with malformed("key-id", "The key says that its ID is c74f20a4, but it is c74f20a3."):
        VerifierKey.parse(PETER.replace("c74f20a3", "c74f20a4"))
    with malformed("key-id"):
        SignerKey.parse(PETER_SECRET.replace("c74f20a3", "c74f20a4"))


def test_a_key_text_has_a_limit() -> None:
    # name, plus, 8 digits, plus, 44 signs of base64
    longest = VerifierKey("n" * (MAX_KEY_TEXT - 54), b"k" * 32).text
    assert len(longest) == MAX_KEY_TEXT
    assert VerifierKey.parse(longest).text == longest
    with malformed("key", "This is not a verifier key."):
        VerifierKey.parse("n" + longest)


NAMELESS = ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\u2028b", "a\nb", "a\x00b", "a\x1fb", "a\ud800", "a\udfff"]


@pytest.mark.parametrize("name", NAMELESS, ids=ascii)
def test_a_name_without_sense_is_refused(name: str) -> None:
    with malformed("name", "A key name is not empty and has no spaces, no plus sign and no control characters."):
        check_name(name)


def test_a_name_may_be_in_any_script() -> None:
    for name in ("example.com/log", "日本語", "é", "a!b", "\ud7ff", "\ue000"):
        check_name(name)


def test_a_signature_is_accepted_for_its_message_only() -> None:
    signer = SignerKey("log", b"s" * 32)
    signature = signer.sign_bytes(b"gold")
    assert signer.verifier.accepts(b"gold", signature=signature)
    assert not signer.verifier.accepts(b"silver", signature=signature)
    assert not signer.verifier.accepts(b"gold", signature=signature[:-1])
    assert not signer.verifier.accepts(b"gold", signature=b"")
    # a public key that is no point of the curve
    assert not VerifierKey("log", b"\xff" * 32).accepts(b"gold", signature=signature)


def test_the_same_key_twice_is_one_and_two_under_one_name_and_id_are_ambiguous() -> None:
    key = VerifierKey.parse(PETER)
    assert known_keys([key, key]) == {("PeterNeumann", bytes.fromhex("c74f20a3")): key}
    # found by trying: of the first 41,148 numbers taken for keys, these two have one ID of 32 bits
    first, second = (VerifierKey("log", number.to_bytes(32, "big")) for number in (29_982, 41_147))
    assert first.key_id == second.key_id
    with malformed("ambiguous-key", f"Two different keys are named log+{first.key_id.hex()}."):
        known_keys([first, second])
