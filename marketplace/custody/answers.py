"""Read what people type about an event; every wrong field is named at once."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from marketplace.compliance.answers import Answers
from marketplace.core.ids import normal_reference
from marketplace.core.money import EXPONENT
from marketplace.core.numbers import NumberRefused, parse_money, parse_weight_mg
from marketplace.core.text import N_
from marketplace.custody.kinds import CHOICES, FIELDS, Field
from marketplace.custody.record import MODELS, EventDocument, Place
from marketplace.lots.answers.origin import normal_tag

ROWS: Final = 5
UNITS: Final = ("g", "ct")
_HS: Final = re.compile(r"[0-9]{6,10}")
_TAG: Final = re.compile(r"[A-Z0-9][A-Z0-9/-]{2,29}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
# Fields that become a paper of the event, and the paper's kind.
_PAPERS: Final = {"receipt": "receipt", "report": "report", "waybill": "waybill", "permit": "export_permit",
                  "entry": "customs_entry", "kp": "kimberley_confirmation"}  # fmt: skip
_FACTS: Final = ("issuer", "result", "uncertainty", "hs_code", "reason")


@dataclass(frozen=True, slots=True)
class NamedLot:
    """A lot that goes into a mix or comes out of a split, by its reference."""

    reference: str
    weight_mg: int
    tag_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What somebody tells of an event. `kept` is not public: amounts as text with their currency."""

    kind: str
    happened_at: datetime
    site: str = ""
    place: Place | None = None
    destination: Place | None = None
    other_party: str = ""
    weight_before_mg: int | None = None
    weight_after_mg: int | None = None
    pieces: int | None = None
    tag_number: str = ""
    seal_number: str = ""
    lots: Sequence[NamedLot] = ()
    documents: Sequence[EventDocument] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    corrects: UUID | None = None


def read_happening(
    kind: str, typed: Mapping[str, str], *, sites: Collection[str] = (), has_photo: bool = False
) -> Happening:
    """Return what was typed about an event of a kind of the vocabulary, or raise InvalidInput.

    `sites` are the references of the cooperative's mine sites; times are typed in UTC.
    """
    reader = _Reader(typed)
    fields = FIELDS[kind]
    names = {each.name for each in fields}
    values = {each.name: reader.value(each, sites=sites, has_photo=has_photo) for each in fields}
    if kind in {"produced", "tagged", "combined"}:
        reader.tag("tag_number", values["tag_number"])
    found = Happening(
        kind=kind,
        happened_at=reader.moment("happened_at"),
        site=values.get("site", ""),
        place=reader.place("place") if "place_country" in names else None,
        destination=reader.place("to") if "to_country" in names else None,
        other_party=next((values[name] for name in ("carrier", "laboratory", "valuer") if name in values), ""),
        weight_before_mg=reader.weights.get("weight_before"),
        weight_after_mg=reader.weights.get("weight_after"),
        pieces=int(values["pieces"] or 0) if "pieces" in values else None,
        tag_number=normal_tag(values.get("tag_number", "")),
        seal_number=values.get("seal_number", "").upper(),
        lots=reader.lots(kind),
        documents=[
            EventDocument(kind=paper, number=values[name]) for name, paper in _PAPERS.items() if values.get(name)
        ],
        facts={name: values[name] for name in values if name in _FACTS or name in CHOICES},
        kept=reader.kept(fields),
        model=reader.model(),
        corrects=reader.corrected(),
    )
    reader.answers.finish()
    return found


class _Reader:
    """Read the fields of one form."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self.answers = Answers(typed)
        self.weights: dict[str, int] = {}
        self._amounts: dict[str, str] = {}

    def value(self, asked: Field, *, sites: Collection[str], has_photo: bool) -> str:
        """Return the text of a field, noting what is wrong with it."""
        name = asked.name
        match asked.kind:
            case "choice":
                return self.answers.choice(name, CHOICES[asked.choices])
            case "site":
                return self.answers.choice(name, sites)
            case "currency":
                return self.answers.choice(name, EXPONENT)
            case "count":
                return str(self.answers.count(name, empty=N_("Enter how many pieces there are.")))
            case "weight":
                self.weights[name] = self.weight(name)
            case "photo" if not has_photo:
                self.answers.refuse(name, N_("Add a photo."))
            case "text" | "country":
                return self._text(asked)
        return ""

    def weight(self, name: str) -> int:
        """Return a weight in milligrams in the form's unit; nought when it is wrong."""
        unit = self.answers.typed("unit")
        if unit not in UNITS:
            self.answers.refuse("unit", N_("Choose grams or carats."))
            return 0
        try:
            return parse_weight_mg(self.answers.typed(name), unit)
        except NumberRefused as error:
            self.answers.refuse(name, error.message, **error.params)
            return 0

    def moment(self, name: str) -> datetime:
        """Return a time typed as the browser's field sends it, in UTC."""
        text = self.answers.typed(name)
        try:
            found = datetime.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", text) else None
        except ValueError:
            found = None
        if found is None or not 2000 <= found.year <= 2100:
            self.answers.refuse(name, N_("Enter the day and the time, such as 2026-09-29T14:30."))
            return datetime(2000, 1, 1, tzinfo=UTC)
        return found.replace(tzinfo=UTC)

    def place(self, prefix: str) -> Place:
        """Return a country and a district."""
        country = self.answers.typed(f"{prefix}_country").upper()
        if not _COUNTRY.fullmatch(country):
            self.answers.refuse(f"{prefix}_country", N_("Choose the country."))
        return Place(country=country, district=self.answers.typed(f"{prefix}_district"))

    def tag(self, name: str, text: str) -> None:
        """Note a tag that cannot be one."""
        if text and not _TAG.fullmatch(normal_tag(text)):
            self.answers.refuse(name, N_("Use 3 to 30 letters and digits, such as TZ-104882."))

    def lots(self, kind: str) -> tuple[NamedLot, ...]:
        """Return the lots a mix or a split names, one a row of the form."""
        if kind not in {"combined", "split"}:
            return ()
        prefix = "in" if kind == "combined" else "out"
        found = [self._named(prefix, row) for row in range(1, ROWS + 1) if self.answers.typed(f"{prefix}_{row}_lot")]
        if not found:
            self.answers.refuse(f"{prefix}_1_lot", N_("Enter at least one lot."))
        if len({each.reference for each in found}) != len(found):
            self.answers.refuse(f"{prefix}_1_lot", N_("Name each lot once."))
        return tuple(found)

    def kept(self, fields: Sequence[Field]) -> dict[str, str]:
        """Return the amounts that are not public, as text with their currency."""
        currency = self.answers.typed("currency")
        if currency not in EXPONENT:
            return {}
        kept = {}
        for each in fields:
            if each.kind == "money":
                try:
                    amount = parse_money(self.answers.typed(each.name), currency)
                    kept[each.name] = f"{amount.minor} {currency} minor"
                except NumberRefused as error:
                    self.answers.refuse(each.name, error.message, **error.params)
        return kept

    def model(self) -> str | None:
        """Return the weaker model somebody chose for a mix, None when nothing was chosen."""
        chosen = self.answers.typed("model")
        return self.answers.choice("model", MODELS) if chosen else None

    def corrected(self) -> UUID | None:
        """Return the id of the event that this one corrects."""
        text = self.answers.typed("corrects")
        try:
            return UUID(text) if text else None
        except ValueError:
            self.answers.refuse("corrects", N_("Open the entry again and choose what to correct."))
            return None

    def _named(self, prefix: str, row: int) -> NamedLot:
        reference = normal_reference(self.answers.line(f"{prefix}_{row}_lot", most=20))
        tag = ""
        if prefix == "out":
            tag = normal_tag(self.answers.line(f"out_{row}_tag", empty=N_("Enter the tag of the new bag."), most=40))
            self.tag(f"out_{row}_tag", tag)
        return NamedLot(reference, self.weight(f"{prefix}_{row}_weight"), tag)

    def _text(self, asked: Field) -> str:
        empty = None if asked.is_optional else N_("Fill this in.")
        text = self.answers.line(asked.name, empty=empty, most=80)
        if asked.name == "hs_code" and text and not _HS.fullmatch(text):
            self.answers.refuse(asked.name, N_("Enter six to ten digits, such as 710391."))
        return text
