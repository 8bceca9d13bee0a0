"""Read what staff type about buyers' limits and about closed regions. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.core.numbers import NumberRefused, parse_money
from marketplace.core.text import N_

CURRENCY: Final = "USD"
SHORTEST_REASON: Final = 20
LONGEST_REASON: Final = 1_000
LONGEST_CLEARANCE: Final = timedelta(days=366)
LONGEST_CLOSURE: Final = timedelta(days=60)
OLDEST_CLOSURE: Final = timedelta(days=30)
LARGEST_LIMIT_MINOR: Final = 10**12
GROUNDS: Final = {
    "screening": N_("A name is on a sanctions list, or looks like one"),
    "papers": N_("A paper is in doubt"),
    "other": N_("Something else"),
}
# Set by the marketplace itself, and not chosen: lifted together with the incident.
EVERY_GROUND: Final = {**GROUNDS, "incident": N_("A severe incident at the mine site is open")}
_WHY: Final = N_("Say why, in one sentence or more: at least 20 letters.")
_NO_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Clearance:
    """A higher limit as it is proposed: up to an amount, until the end of a day."""

    up_to: Money
    expires_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Closure:
    """A closed region as it is declared; `region` empty means the whole country."""

    country: str
    region: str
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an order is stopped; `stops_cooperative` stops every payout to its cooperative too."""

    ground: str
    reason: str
    stops_cooperative: bool


def read_hold(form: Mapping[str, str]) -> Hold:
    """Return why compliance stops an order; raise InvalidInput."""
    read = Answers(form)
    ground = read.choice("ground", GROUNDS)
    reason = read_reason(read)
    read.finish()
    return Hold(ground, reason, form.get("wide") == "yes")


def read_clearance(form: Mapping[str, str], *, now: datetime) -> Clearance:
    """Return the proposal of a higher limit; raise InvalidInput."""
    read = Answers(form)
    up_to = _money(read, "up_to")
    last_day = _day(read, "expires_on")
    expires_at = _midnight(last_day) + timedelta(days=1)
    if "expires_on" not in read.errors and not now < expires_at <= now + LONGEST_CLEARANCE:
        read.refuse("expires_on", N_("Choose a day from today on, at most a year ahead."))
    reason = read_reason(read)
    read.finish()
    return Clearance(up_to, expires_at, reason)


def read_closure(form: Mapping[str, str], *, countries: Collection[str], now: datetime) -> Closure:
    """Return a declaration of force majeure; days are whole ones, in UTC; raise InvalidInput."""
    read = Answers(form)
    country = form.get("country", "")
    if country not in countries:
        read.refuse("country", N_("Choose the country."))
    region = read.line("region", most=80)
    starts_at = _midnight(_day(read, "starts_on"))
    ends_at = _midnight(_day(read, "ends_on")) + timedelta(days=1)
    if not read.errors.keys() & {"starts_on", "ends_on"}:
        _check_closure(read, starts_at, ends_at, now=now)
    reason = read_reason(read)
    read.finish()
    return Closure(country, region, starts_at, ends_at, reason)


def read_reason(read: Answers) -> str:
    """Return a reason of a sentence or more."""
    text = read.line("reason", most=LONGEST_REASON)
    if len(text) < SHORTEST_REASON:
        read.refuse("reason", _WHY)
    return text


def reason_of(form: Mapping[str, str]) -> str:
    """Return the reason of a form that asks for nothing else; raise InvalidInput."""
    read = Answers(form)
    text = read_reason(read)
    read.finish()
    return text


def registration_mark(number: str, *, country: str) -> str:
    """Return a registration number in one spelling, under its country; raise InvalidInput for none."""
    solid = re.sub(r"[^0-9A-Z]", "", number.upper())
    if not 3 <= len(solid) <= 40:
        raise InvalidInput({"number": N_("Write the number as the register has it: 3 to 40 letters and digits.")})
    return f"{country}:{solid}"


def _check_closure(read: Answers, starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    if starts_at < now - OLDEST_CLOSURE:
        read.refuse("starts_on", N_("It may begin at most 30 days ago."))
    if ends_at <= max(starts_at, now):
        read.refuse("ends_on", N_("It must end after it begins, and not before today."))
    elif ends_at - starts_at > LONGEST_CLOSURE:
        read.refuse("ends_on", N_("It may last 60 days at most. Declare it again if it lasts longer."))


def _money(read: Answers, name: str) -> Money:
    try:
        amount = parse_money(read.typed(name), CURRENCY)
    except NumberRefused as error:
        read.refuse(name, error.message, **error.params)
        return Money.zero(CURRENCY)
    if not 0 < amount.minor <= LARGEST_LIMIT_MINOR:
        read.refuse(name, N_("Write an amount above zero, at most 10,000,000,000."))
    return amount


def _day(read: Answers, name: str) -> date:
    found = read.day(name, empty=N_("Choose the day."))
    return _NO_DAY if found is None or name in read.errors else found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
