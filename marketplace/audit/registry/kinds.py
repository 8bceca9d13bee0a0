"""What the registry says of one kind of entry: its words, what it is about, who may read it, how long facts stay."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Retention(StrEnum):
    """How long a disclosed fact is kept; the entry itself, without it, stays for ever."""

    EVIDENCE = "evidence"
    PERSONAL_LONG = "personal_long"
    PERSONAL_SHORT = "personal_short"


class Seen(StrEnum):
    """Who besides staff may read an entry that is about what is theirs."""

    STAFF = "staff"
    COOPERATIVE = "cooperative"
    BUYER = "buyer"
    BOTH = "both"
    PERSON = "person"


EVIDENCE: Final = Retention.EVIDENCE
LONG: Final = Retention.PERSONAL_LONG
SHORT: Final = Retention.PERSONAL_SHORT
STAFF: Final = Seen.STAFF
COOPERATIVE: Final = Seen.COOPERATIVE
BUYER: Final = Seen.BUYER
BOTH: Final = Seen.BOTH
PERSON: Final = Seen.PERSON
# Why a fact whose name sounds like somebody's own words stays with the evidence.
CODES: Final = "one of our own codes"
PROVIDER: Final = "words of the payment provider about our account"
HOUSE: Final = "our own name of a publisher of rates"
GAPS: Final = "without it the log could not explain its own gaps"


@dataclass(frozen=True, slots=True)
class ActionKind:
    """One action, noun.verb.

    `sentence` is a message with the placeholders `actor` and `target` (the first target's name). `retention` is the
    class of its own disclosures, `disclosures` their names. `targets` are the types it may be about, the first first;
    left out, the noun. `version` rises when their meaning changes. `words` are those that hold what a person wrote as
    she liked: they are forgotten with the action's class, also where the rest is evidence. `excused` says of facts that
    only sound like it why they stay.
    """

    name: str
    sentence: str
    retention: Retention
    seen: Seen
    targets: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    version: int = 1
    words: tuple[str, ...] = ()
    excused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def noun(self) -> str:
        """Return what stands before the point."""
        return self.name.partition(".")[0]

    @property
    def about(self) -> tuple[str, ...]:
        """Return the types of its targets, the first first."""
        return self.targets or (self.noun,)
