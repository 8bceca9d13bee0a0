"""Signed notes: a text, an empty line, and signature lines `— <name> <base64>`.

Sources: C2SP signed-note, C2SP tlog-cosignature (a cosignature is a signature line whose message holds the time).
Reading is stricter than the specification asks: base64 in its one canonical form, and limits on everything.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .encoding import MAX_NUMBER, base64_bytes, base64_text
from .errors import DoesNotHold, Malformed
from .keys import KeyKind, SignerKey, VerifierKey, check_name, known_keys

SIGNATURE_MARK: Final = "— "
KEY_ID_BYTES: Final = 4
TIME_BYTES: Final = 8
# Control characters but newlines, and halves of surrogate pairs, which UTF-8 cannot write.
_FORBIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a note is read: whole bytes, and signature lines."""

    size: int = 1_000_000
    signatures: int = 16


LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: `value` is what stands after the four bytes of the key ID."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """Return the line with its newline."""
        return f"{SIGNATURE_MARK}{self.name} {base64_text(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is written; nothing in it is true before a signature was verified."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """Write the note."""
        return (self.text + "\n" + "".join(signature.line for signature in self.signatures)).encode("utf-8")


@dataclass(frozen=True, slots=True)
class Verified:
    """A key that signed the text; `timestamp` (POSIX seconds) for cosignatures only."""

    key: VerifierKey
    timestamp: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A text that at least one known key signed, who signed it, and how many lines of unknown keys were ignored."""

    text: str
    verified: tuple[Verified, ...]
    ignored: int


def parse_note(raw: bytes, *, limits: Limits = LIMITS) -> Note:
    """Read a note without verifying it.

    Raises Malformed: `note-size`, `utf-8`, `crlf`, `control-character`, `no-signature`, `note-end`,
    `too-many-signatures`, `signature-line`, `name`, `base64`.
    """
    text = checked_text(raw, limit=limits.size)
    body, separator, tail = text.rpartition("\n\n")
    if not separator:
        raise Malformed("no-signature", "The note has no empty line with signatures below it.")
    if not tail:
        raise Malformed("no-signature", "The note ends in an empty line: no signature follows it.")
    if not tail.endswith("\n"):
        raise Malformed("note-end", "The note does not end in a newline.")
    lines = tail[:-1].split("\n")
    if len(lines) > limits.signatures:
        raise Malformed("too-many-signatures", f"The note has {len(lines)} signatures; at most {limits.signatures}.")
    return Note(body + "\n", tuple(parse_signature(line) for line in lines))


def parse_signature(line: str) -> Signature:
    """Read one signature line without its newline; raises Malformed (`signature-line`, `name`, `base64`)."""
    name, space, encoded = line.removeprefix(SIGNATURE_MARK).partition(" ")
    if not line.startswith(SIGNATURE_MARK) or not space:
        raise Malformed("signature-line", "A signature line is a dash (U+2014), a name and base64 with one space each.")
    check_name(name)
    raw = base64_bytes(encoded, what=f"signature of {name}")
    if len(raw) <= KEY_ID_BYTES:
        raise Malformed("signature-line", f"The signature of {name} is too short to be one.")
    return Signature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])


def open_note(raw: bytes, *, verifiers: Iterable[VerifierKey], limits: Limits = LIMITS) -> Opened:
    """Read a note and verify the lines of known keys; lines of unknown keys are ignored.

    Raises what parse_note raises, Malformed (`ambiguous-key`), and DoesNotHold: `signature` when a known key's line
    does not verify, `wrong-key` when only another key of a known name signed, `unknown-key` when nobody known did.
    """
    note = parse_note(raw, limits=limits)
    verified = verify_signatures(note, verifiers=verifiers)
    return Opened(note.text, verified, len(note.signatures) - len(verified))


def verify_signatures(note: Note, *, verifiers: Iterable[VerifierKey]) -> tuple[Verified, ...]:
    """Verify every line of a known key, each key once; raises as open_note does."""
    known = known_keys(verifiers)
    verified: dict[VerifierKey, Verified] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            verified.setdefault(key, _verify(note.text, signature=signature, key=key))
    if not verified:
        _refuse_strangers(note.signatures, names={name for name, _ in known})
    return tuple(verified.values())


def sign(text: str, *, signer: SignerKey, timestamp: int | None = None) -> Signature:
    """Sign a text that ends in a newline; a COSIGNATURE key needs the `timestamp` in POSIX seconds.

    Raises Malformed (`note-text`, `control-character`, `timestamp`).
    """
    check_text(text)
    key = signer.verifier
    if key.kind is KeyKind.ED25519:
        return Signature(key.name, key.key_id, signer.sign_bytes(text.encode("utf-8")))
    if timestamp is None or not 0 <= timestamp <= MAX_NUMBER:
        raise Malformed("timestamp", "A cosignature needs its time in whole seconds since 1970.")
    signed = signer.sign_bytes(cosigned_message(text, timestamp=timestamp))
    return Signature(key.name, key.key_id, timestamp.to_bytes(TIME_BYTES, "big") + signed)


def sign_note(text: str, *, signers: Sequence[SignerKey]) -> bytes:
    """Return a note signed by every Ed25519 signer, in this order; raises as `sign`, and Malformed (`no-signature`)."""
    if not signers:
        raise Malformed("no-signature", "A note needs at least one signer.")
    return Note(text, tuple(sign(text, signer=signer) for signer in signers)).to_bytes()


def add_signatures(raw: bytes, signatures: Iterable[Signature]) -> bytes:
    """Return the note with more signature lines below; a line that stands there already is not repeated."""
    note = parse_note(raw)
    new = [signature for signature in dict.fromkeys(signatures) if signature not in note.signatures]
    return Note(note.text, (*note.signatures, *new)).to_bytes()


def cosigned_message(text: str, *, timestamp: int) -> bytes:
    """Return the message of a cosignature/v1: the header line, the time line, the whole text."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def checked_text(raw: bytes, *, limit: int) -> str:
    """Decode UTF-8 without control characters but newlines.

    Raises Malformed (`note-size`, `utf-8`, `crlf`, `control-character`).
    """
    if len(raw) > limit:
        raise Malformed("note-size", f"The text has {len(raw)} bytes; at most {limit} are read.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("utf-8", f"The text is not UTF-8: byte {error.start} cannot be read.") from error
    _check_characters(text)
    return text


def check_text(text: str) -> None:
    """Check a text before it is signed; raises Malformed (`note-text`, `crlf`, `control-character`)."""
    if not text.endswith("\n"):
        raise Malformed("note-text", "The text of a note ends in a newline.")
    _check_characters(text)


def _check_characters(text: str) -> None:
    found = _FORBIDDEN.search(text)
    if found is None:
        return
    sign, line = found.group(), text.count("\n", 0, found.start()) + 1
    if sign == "\r":
        raise Malformed("crlf", f"Line {line} has a carriage return; lines end in a newline alone.")
    raise Malformed("control-character", f"Line {line} has the character U+{ord(sign):04X}, which no note may hold.")


def _verify(text: str, *, signature: Signature, key: VerifierKey) -> Verified:
    timestamp = None
    message, value = text.encode("utf-8"), signature.value
    if key.kind is KeyKind.COSIGNATURE:
        timestamp, value = int.from_bytes(value[:TIME_BYTES], "big"), value[TIME_BYTES:]
        message = cosigned_message(text, timestamp=timestamp)
    if (timestamp or 0) > MAX_NUMBER or not key.accepts(message, signature=value):
        raise DoesNotHold("signature", f"The signature of {key.name} does not belong to this text.")
    return Verified(key, timestamp)


def _refuse_strangers(signatures: Sequence[Signature], *, names: set[str]) -> None:
    for signature in signatures:
        if signature.name in names:
            raise DoesNotHold("wrong-key", f"Another key of the name {signature.name} signed, not the one you trust.")
    raise DoesNotHold("unknown-key", "None of the keys that you trust signed this.")
