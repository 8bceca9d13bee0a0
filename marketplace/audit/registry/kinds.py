"""What the registry says of one kind of entry: its words, what it is about, who may read it, how long facts stay."""

from dataclasses import dataclass
from enum import StrEnum
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


@dataclass(frozen=True, slots=True)
class ActionKind:
    """One action, noun.verb.

    `sentence` is a message with the placeholders `actor` and `target` (the first target's name). `retention` is the
    class of its own disclosures, `disclosures` their names. `targets` are the types it may be about, the first first;
    left out, the noun. `version` rises when their meaning changes.
    """

    name: str
    sentence: str
    retention: Retention
    seen: Seen
    targets: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    version: int = 1

    @property
    def noun(self) -> str:
        """Return what stands before the point."""
        return self.name.partition(".")[0]

    @property
    def about(self) -> tuple[str, ...]:
        """Return the types of its targets, the first first."""
        return self.targets or (self.noun,)
