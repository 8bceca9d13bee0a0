"""Read what staff tell for the monitoring report: trainings, receipts of taxes, counts of officers. Pure."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from marketplace.compliance.answers import Answers
from marketplace.core.errors import DomainError
from marketplace.core.money import EXPONENT, Money
from marketplace.core.numbers import parse_money
from marketplace.core.text import N_

TOPICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "safety": N_("Safety at work"),
        "mercury": N_("Work without mercury"),
        "child_labour": N_("Child labour"),
        "women": N_("Women’s rights and leadership"),
        "gems": N_("Grading of stones"),
        "prices": N_("Prices and this marketplace"),
        "money": N_("Saving and bookkeeping"),
        "law": N_("Licences and law"),
        "other": N_("Something else"),
    }
)
MOST_PEOPLE: Final = 2_000
SHORTEST_BASIS: Final = 5


class Training(NamedTuple):
    """A training and who came."""

    topic: str
    held_on: date
    women: int
    men: int


class Receipt(NamedTuple):
    """A receipt of an authority."""

    authority: str
    number: str
    paid_on: date
    amount: Money


class Count(NamedTuple):
    """A count of officers and how it is known."""

    counted_on: date
    officers: int
    women: int
    basis: str


def read_training(form: Mapping[str, str], *, today: date) -> Training:
    """Return a training; raise InvalidInput."""
    read = Answers(form)
    topic = read.choice("topic", TOPICS)
    held_on = _past_day(read, "held_on", today)
    women = _people(read, "women")
    men = _people(read, "men")
    if not read.errors and women + men == 0:
        read.refuse("women", N_("Somebody must have come. Enter how many."))
    read.finish()
    return Training(topic, held_on, women, men)


def read_receipt(form: Mapping[str, str], *, today: date) -> Receipt:
    """Return a receipt; raise InvalidInput."""
    read = Answers(form)
    authority = read.line("authority", empty=N_("Enter the authority that was paid."), most=80)
    number = read.line("number", empty=N_("Enter the number of the receipt."), most=40)
    paid_on = _past_day(read, "paid_on", today)
    currency = read.choice("currency", EXPONENT)
    amount = _amount(read, currency) if currency in EXPONENT else Money.zero("USD")
    read.finish()
    return Receipt(authority, number.upper(), paid_on, amount)


def read_count(form: Mapping[str, str], *, today: date) -> Count:
    """Return a count of officers; raise InvalidInput."""
    read = Answers(form)
    counted_on = _past_day(read, "counted_on", today)
    officers = _people(read, "officers")
    women = _people(read, "women")
    if "officers" not in read.errors and officers == 0:
        read.refuse("officers", N_("A cooperative has at least one officer."))
    elif not read.errors and women > officers:
        read.refuse("women", N_("More women than officers is not possible. Check both."))
    basis = read.line("basis", empty=N_("Say how this is known, such as the minutes of a meeting."), most=200)
    if basis and len(basis) < SHORTEST_BASIS:
        read.refuse("basis", N_("Say how this is known, such as the minutes of a meeting."))
    read.finish()
    return Count(counted_on, officers, women, basis)


def _amount(read: Answers, currency: str) -> Money:
    try:
        found = parse_money(read.typed("amount"), currency)
    except DomainError:
        found = Money.zero(currency)
    if not found:
        read.refuse("amount", N_("Enter the amount as a number, such as 45000."))
    return found


def _past_day(read: Answers, name: str, today: date) -> date:
    found = read.day(name, empty=N_("Enter the day."))
    if found is not None and name not in read.errors and found > today:
        read.refuse(name, N_("This day is still to come."))
    return found or today


def _people(read: Answers, name: str) -> int:
    found = read.count(name, empty=N_("Enter a number, or 0."))
    if found > MOST_PEOPLE:
        read.refuse(name, N_("Enter at most %(most)s."), most=MOST_PEOPLE)
    return found
