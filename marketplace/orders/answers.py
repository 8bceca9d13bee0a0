"""Read what people type on order forms; every wrong field is named at once. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.money import Money
from marketplace.core.numbers import NumberRefused, parse_fineness, parse_money, parse_weight_mg
from marketplace.core.text import N_
from marketplace.orders.countries import COUNTRIES

Typed = Mapping[str, str]
T = TypeVar("T")

PHONE: Final = re.compile(r"\+?[0-9 ()./-]{6,25}")
UNITS: Final = ("g", "ct")
PROBLEM_KINDS: Final[dict[str, str]] = {
    "not_arrived": N_("It has not arrived"),
    "seal_broken": N_("The seal is broken"),
    "weight": N_("The weight is different"),
    "not_as_described": N_("It is not what was described"),
    "damaged": N_("It is damaged"),
    "other": N_("Something else"),
}
# Problems that nobody chooses: they follow from a move.
FURTHER_PROBLEMS: Final[dict[str, str]] = {
    "adjustment": N_("No agreement about a lower price"),
    "return_not_arrived": N_("The returned parcel has not arrived"),
    "return_contested": N_("The returned goods are not what was sent"),
    "mismatch": N_("The independent check found something else"),
    "time_over": N_("The time for holding the payment is nearly over"),
    "appeal": N_("One side asked for another reviewer"),
}
ALL_PROBLEMS: Final = {**PROBLEM_KINDS, **FURTHER_PROBLEMS}
DECLINE_REASONS: Final[dict[str, str]] = {
    "not_in_hand": N_("We do not have the parcel in hand"),
    "sold": N_("It was sold to somebody else"),
    "listing_wrong": N_("The listing is wrong"),
    "other": N_("Another reason"),
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where the goods go."""

    recipient: str
    street: str
    city: str
    postcode: str
    country: str
    phone: str
    instructions: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """How the goods travel."""

    carrier: str
    tracking: str
    seal_number: str
    weight_mg: int
    insured: Money


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the buyer found when the parcel came."""

    seal_intact: bool
    weight_mg: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What an independent verifier found."""

    is_match: bool
    seal_intact: bool
    weight_mg: int
    certificate: str
    note: str
    fineness_permille: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A choice with the person's own words."""

    kind: str
    text: str


def read_delivery(typed: Typed) -> Delivery:
    """Return a delivery address, agreed terms included."""
    reader = FormReader(typed)
    delivery = Delivery(
        recipient=reader.text("recipient", most=100, empty=N_("Enter the name of the person who receives the parcel.")),
        street=reader.text("street", most=200, empty=N_("Enter the street and number.")),
        city=reader.text("city", most=100, empty=N_("Enter the town or city.")),
        postcode=reader.text("postcode", most=20),
        country=reader.choice("country", COUNTRIES, wrong=N_("Choose the country.")),
        phone=reader.match("phone", PHONE, wrong=N_("Enter a telephone number that the courier can call.")),
        instructions=reader.text("instructions", most=300),
    )
    reader.choice("terms", ("yes",), wrong=N_("Read the terms and tick the box to agree."))
    reader.check()
    return delivery


def read_parcel(typed: Typed, *, currency: str) -> Parcel:
    """Return how the goods were sent; the insured value is in the order's currency."""
    reader = FormReader(typed)
    parcel = Parcel(
        carrier=reader.text("carrier", most=60, empty=N_("Enter the name of the courier.")),
        tracking=reader.text("tracking", most=60, empty=N_("Enter the tracking number.")).upper(),
        seal_number=reader.text("seal_number", most=40, empty=N_("Enter the number on the seal of the bag.")).upper(),
        weight_mg=reader.weight("weight"),
        insured=reader.money("insured", currency),
    )
    reader.check()
    return parcel


def read_receipt(typed: Typed) -> Receipt:
    """Return what the buyer found."""
    reader = FormReader(typed)
    intact = reader.choice("seal_intact", ("yes", "no"), wrong=N_("Say whether the seal was whole."))
    receipt = Receipt(seal_intact=intact == "yes", weight_mg=reader.weight("weight"))
    reader.check()
    return receipt


def read_problem(typed: Typed) -> Reason:
    """Return a buyer's report."""
    reader = FormReader(typed)
    reason = Reason(
        kind=reader.choice("kind", tuple(PROBLEM_KINDS), wrong=N_("Choose what is wrong.")),
        text=reader.text("text", least=10, most=2000, empty=N_("Say in a few words what is wrong.")),
    )
    reader.check()
    return reason


def read_decline(typed: Typed) -> Reason:
    """Return why a cooperative cannot deliver."""
    reader = FormReader(typed)
    reason = Reason(
        kind=reader.choice("kind", tuple(DECLINE_REASONS), wrong=N_("Choose the reason.")),
        text=reader.text("text", most=500),
    )
    reader.check()
    return reason


def read_proof(typed: Typed) -> str:
    """Return the carrier's proof of delivery: its reference and who signed."""
    reader = FormReader(typed)
    proof = reader.text("proof", least=5, most=300, empty=N_("Enter the carrier's proof: its number and who signed."))
    reader.check()
    return proof


class FormReader:
    """Collect values and errors over a form; `check` raises them all at once."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed
        self._errors: dict[str, FieldError] = {}

    def text(self, name: str, *, most: int, least: int = 1, empty: str | None = None) -> str:
        """Return the trimmed text; `empty` is the error when it is shorter than `least`, None for an optional field."""
        value = " ".join(self._typed.get(name, "").split())
        if empty is not None and len(value) < least:
            self._errors[name] = FieldError(empty)
        elif len(value) > most:
            self._errors[name] = FieldError(N_("Use at most %(most)s characters."), most=most)
        elif "\x00" in value:
            self._errors[name] = FieldError(N_("This holds a character that cannot be stored. Type it again."))
        return value

    def money(self, name: str, currency: str) -> Money:
        """Return an amount of money in the order's currency."""
        return self.number(name, lambda text: parse_money(text, currency), otherwise=Money.zero(currency))

    def match(self, name: str, pattern: re.Pattern[str], *, wrong: str) -> str:
        """Return the trimmed text when it fits the pattern."""
        value = self._typed.get(name, "").strip()
        if not pattern.fullmatch(value):
            self._errors[name] = FieldError(wrong)
        return value

    def choice(self, name: str, allowed: tuple[str, ...], *, wrong: str) -> str:
        """Return one of the allowed values."""
        value = self._typed.get(name, "")
        if value not in allowed:
            self._errors[name] = FieldError(wrong)
        return value

    def fineness(self, name: str) -> Decimal:
        """Return a fineness in parts per thousand."""
        return self.number(name, parse_fineness, otherwise=Decimal(0))

    def weight(self, name: str) -> int:
        """Return a weight in milligrams, typed in grams or carats."""
        unit = self._typed.get(f"{name}_unit", "")
        if unit not in UNITS:
            self._errors[f"{name}_unit"] = FieldError(N_("Choose grams or carats."))
            return 0
        return self.number(name, lambda text: parse_weight_mg(text, unit), otherwise=0)

    def number(self, name: str, parse: Callable[[str], T], *, otherwise: T) -> T:
        """Return what `parse` makes of the text; `otherwise` stands in when it is wrong."""
        try:
            return parse(self._typed.get(name, ""))
        except NumberRefused as error:
            self._errors[name] = FieldError(error.message, **error.params)
            return otherwise

    def check(self) -> None:
        """Raise InvalidInput with every wrong field."""
        if self._errors:
            raise InvalidInput(self._errors)
