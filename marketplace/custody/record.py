"""The public record of a lot: what it was sold as and what happened to it. Journeys, exports and passports read it.

Nothing in it names a miner, a mine's coordinates or what one buyer paid: whoever writes a record leaves them out.
Weights are whole milligrams; times are UTC; a share is a whole number of hundredths of a percent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

# In the order of ../data/vocabulary/coc_events.csv.
KINDS: Final = (
    "produced",
    "tagged",
    "purchased",
    "combined",
    "split",
    "processed",
    "assayed",
    "valued",
    "inspected",
    "moved",
    "stored",
    "exported",
    "imported",
    "delivered",
    "accepted",
    "returned",
)
# ISO 22095, strongest first: a lot's model may only move to the right.
MODELS: Final = ("identity_preserved", "segregated", "controlled_blending", "mass_balance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Hold who acted: an organisation or an office, never a miner. `role` is a word of the event's vocabulary."""

    role: str
    name: str
    reference: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Hold where it was, never nearer than the district. `country` is ISO 3166-1 alpha-2."""

    country: str
    region: str = ""
    district: str = ""
    site_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotAmount:
    """Hold a lot named by an event, and how much of it went in or came out."""

    lot_reference: str
    weight_mg: int
    pieces: int = 0
    tag_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDocument:
    """Hold a paper an event rests on: its kind, its number, the SHA-256 of the file as hex."""

    kind: str
    number: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyStep:
    """Hold one custody event. `facts` are the further codes and figures its kind must carry, as text.

    `entered_for`: a field officer entered it for the cooperative. `audit_event_id` names its entry in the log.
    """

    id: UUID
    number: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    party: Party
    place: Place
    receiver: Party | None = None
    destination: Place | None = None
    entered_for: bool = False
    weight_before_mg: int | None = None
    weight_after_mg: int | None = None
    loss_mg: int = 0
    pieces: int | None = None
    tag_numbers: Sequence[str] = ()
    seal_number: str = ""
    inputs: Sequence[LotAmount] = ()
    outputs: Sequence[LotAmount] = ()
    documents: Sequence[EventDocument] = ()
    photo_sha256s: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    corrects: UUID | None = None
    audit_event_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRecord:
    """Hold the public facts of the mine site; `icglr_status` is 0 to 3, `activity` and `right_kind` are codes."""

    reference: str
    place: Place
    icglr_status: int
    status_on: date | None = None
    activity: str = "active"
    mercury_practice: str = ""
    right_kind: str = ""
    right_valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitShare:
    """Hold one line of who gets what of the first sale's price. Shares of a price sum to 10,000."""

    code: str
    label: str
    payee: str
    share_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRecord:
    """Hold the lot: its frozen version's facts, its site, its custody events in order.

    `version_sha256` is the digest of the approved version; `claims` says of each fact how it is known.
    """

    lot_id: UUID
    reference: str
    version_number: int
    version_sha256: str
    title: str
    kind: str
    form: str
    weight_mg: int
    pieces: int
    cooperative: Party
    is_women_led: bool
    site: SiteRecord
    mined_from: date
    mined_to: date
    published_at: datetime
    tag_number: str
    model: str
    variety: str | None = None
    treatment: str | None = None
    fineness_permille: str | None = None
    report_number: str | None = None
    claims: Mapping[str, str] = field(default_factory=dict)
    photo_sha256s: Sequence[str] = ()
    split: Sequence[SplitShare] = ()
    steps: Sequence[CustodyStep] = ()
