"""Policies: which logs a reader trusts, and how many witnesses must have seen a checkpoint.

Source: C2SP tlog-policy. Names are opaque bytes; they are kept as text in which bytes that are not UTF-8 survive.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .checkpoints import OpenedCheckpoint, open_checkpoint
from .encoding import decimal
from .errors import DoesNotHold, Malformed
from .keys import KeyKind, VerifierKey

NO_QUORUM: Final = "none"
MAX_POLICY_BYTES: Final = 262_144
# The specification asks for at least 32 of each.
MAX_OF_EACH: Final = 256
_FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Group:
    """At least `threshold` of the members must have witnessed; members are witnesses or groups defined before."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file's contents: keys, addresses where given, groups in their order, and the name of the quorum."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str
    urls: Mapping[VerifierKey, str]

    def to_bytes(self) -> bytes:
        """Write the policy; reading it again gives the same."""
        lines = [_line("log", key.text, self.urls.get(key, "")) for key in self.logs]
        lines += [_line("witness", name, key.text, self.urls.get(key, "")) for name, key in self.witnesses.items()]
        lines += [_line("group", name, str(each.threshold), *each.members) for name, each in self.groups.items()]
        text = "".join(f"{line}\n" for line in [*lines, _line("quorum", self.quorum)])
        return text.encode("utf-8", "surrogateescape")

    def open_checkpoint(self, raw: bytes, *, origin: str | None = None) -> OpenedCheckpoint:
        """Read and verify a checkpoint of one of the logs, and want the quorum.

        Raises what checkpoints.open_checkpoint raises, and DoesNotHold (`quorum`).
        """
        opened = open_checkpoint(raw, logs=self.logs, witnesses=self.witnesses.values(), origin=origin)
        self.check_quorum(opened)
        return opened

    def check_quorum(self, opened: OpenedCheckpoint) -> None:
        """Raise DoesNotHold (`quorum`) when too few of the witnesses cosigned the checkpoint."""
        signed = {each.key for each in opened.witnesses}
        witnessed = {name for name, key in self.witnesses.items() if key in signed}
        count = len(witnessed)
        for name, group in self.groups.items():
            if len(witnessed.intersection(group.members)) >= group.threshold:
                witnessed.add(name)
        if self.quorum not in (NO_QUORUM, *witnessed):
            raise DoesNotHold(
                "quorum",
                f"Only {count} of {len(self.witnesses)} witnesses signed; that is not enough for {self.quorum}.",
            )


@dataclass(slots=True)
class _Reading:
    """A policy while its lines are read."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    urls: dict[VerifierKey, str] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    quorum: str | None = None


def parse_policy(raw: bytes) -> Policy:
    """Read a policy file.

    Raises Malformed: `policy-size`, `control-character`, `policy-end`, `policy-line`, `policy-name`, `duplicate-key`,
    `key-kind`, `threshold`, `quorum`, and what VerifierKey.parse raises; each message begins with the line's number.
    """
    if len(raw) > MAX_POLICY_BYTES:
        raise Malformed("policy-size", f"The policy has {len(raw)} bytes; at most {MAX_POLICY_BYTES} are read.")
    forbidden = _FORBIDDEN.search(raw)
    if forbidden:
        line = raw.count(b"\n", 0, forbidden.start()) + 1
        raise Malformed("control-character", f"Line {line} has the control character 0x{forbidden.group()[0]:02X}.")
    if raw and not raw.endswith(b"\n"):
        raise Malformed("policy-end", "The policy does not end in a newline.")
    reading = _Reading()
    for number, line_text in enumerate(raw.decode("utf-8", "surrogateescape").split("\n"), 1):
        try:
            _read_line(reading, _words(line_text))
        except Malformed as error:
            raise Malformed(error.code, f"Line {number}: {error.message}") from error
    if reading.quorum is None:
        raise Malformed("quorum", "The policy has no quorum line.")
    return Policy(tuple(reading.logs), reading.witnesses, reading.groups, reading.quorum, reading.urls)


def _words(line: str) -> list[str]:
    # Only spaces and tabs separate; str.split() without an argument would also split at other spaces.
    stripped = line.strip(" \t")
    return [] if not stripped or stripped.startswith("#") else re.split("[ \t]+", stripped)


def _read_line(reading: _Reading, words: list[str]) -> None:
    match words:
        case []:
            return
        case ["log", vkey, *url] if len(url) <= 1:
            _add_log(reading, vkey, url)
        case ["witness", name, vkey, *url] if len(url) <= 1:
            _add_witness(reading, name, vkey, url)
        case ["group", name, threshold, *members] if members:
            _add_group(reading, name, threshold, members)
        case ["quorum", name]:
            _set_quorum(reading, name)
        case _:
            raise Malformed("policy-line", f"This is not a line of a policy: {words[0][:40]!a}.")


def _add_log(reading: _Reading, vkey: str, url: list[str]) -> None:
    key = _key(vkey, kind=KeyKind.ED25519, others=reading.logs)
    _check_room(reading.logs)
    reading.logs.append(key)
    _add_url(reading, key, url)


def _add_witness(reading: _Reading, name: str, vkey: str, url: list[str]) -> None:
    _check_new(reading, name)
    key = _key(vkey, kind=KeyKind.COSIGNATURE, others=list(reading.witnesses.values()))
    _check_room(reading.witnesses)
    reading.witnesses[name] = key
    _add_url(reading, key, url)


def _add_url(reading: _Reading, key: VerifierKey, url: list[str]) -> None:
    if url:
        reading.urls[key] = url[0]


def _add_group(reading: _Reading, name: str, threshold: str, members: list[str]) -> None:
    _check_new(reading, name)
    _check_room(reading.groups)
    for member in members:
        _check_defined(reading, member)
        if member in reading.members:
            raise Malformed("policy-name", f"{member!a} is a member of a group already.")
        reading.members.add(member)
    needed = {"any": "1", "all": str(len(members))}.get(threshold, threshold)
    count = decimal(needed, what="number of members needed")
    if not 1 <= count <= len(members):
        raise Malformed("threshold", f"A group of {len(members)} cannot need {count} of its members.")
    reading.groups[name] = Group(count, tuple(members))


def _set_quorum(reading: _Reading, name: str) -> None:
    if reading.quorum is not None:
        raise Malformed("quorum", "The policy has a second quorum line.")
    if name != NO_QUORUM:
        _check_defined(reading, name)
    reading.quorum = name


def _key(text: str, *, kind: KeyKind, others: list[VerifierKey]) -> VerifierKey:
    key = VerifierKey.parse(text)
    if key.kind is not kind:
        raise Malformed("key-kind", "A log has a key of type 0x01 and a witness one of type 0x04; this is the other.")
    if any(other.public == key.public for other in others):
        raise Malformed("duplicate-key", f"The key of {key.name} is listed twice.")
    return key


def _check_new(reading: _Reading, name: str) -> None:
    if name == NO_QUORUM or name in reading.witnesses or name in reading.groups:
        raise Malformed("policy-name", f"The name {name!a} is taken.")


def _check_defined(reading: _Reading, name: str) -> None:
    if name not in reading.witnesses and name not in reading.groups:
        raise Malformed("policy-name", f"No line above defines {name!a}.")


def _check_room(already: list[VerifierKey] | Mapping[str, object]) -> None:
    if len(already) >= MAX_OF_EACH:
        raise Malformed("policy-size", f"A policy has at most {MAX_OF_EACH} logs, witnesses and groups each.")


def _line(*words: str) -> str:
    return " ".join(word for word in words if word)
