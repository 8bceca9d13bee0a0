"""Read what is typed about tags: a range to issue, or a tag that is void or lost."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from marketplace.compliance.answers import Answers
from marketplace.core.text import N_
from marketplace.custody.rules import tags
from marketplace.custody.services.tags import NewRange
from marketplace.lots.answers.origin import normal_tag

OUTCOMES = {"void": N_("Broken or misprinted"), "lost": N_("Lost")}


class TakenOut(NamedTuple):
    """A tag that leaves the stock without a bag: its number, void or lost, and why."""

    number: str
    outcome: str
    reason: str


class ToIssue(NamedTuple):
    """A range and the reference of the cooperative that gets it."""

    cooperative: str
    range: NewRange


def read_range(typed: Mapping[str, str], *, cooperatives: Collection[str]) -> ToIssue:
    """Return what to issue, or raise InvalidInput: both numbers as printed, alike but for their last digits."""
    answers = Answers(typed)
    cooperative = answers.choice("cooperative", cooperatives)
    issuer = answers.line("issuer", empty=N_("Enter who issued the tags."), most=60)
    first, last = (tags.parse(normal_tag(answers.line(name, most=30))) for name in ("first", "last"))
    for name, found in (("first", first), ("last", last)):
        if found is None:
            answers.refuse(name, N_("Enter the number as it is printed. It ends in digits, such as TZ-104882."))
    if first and last and (first.prefix, first.width) != (last.prefix, last.width):
        answers.refuse("last", N_("Both numbers must begin alike and have as many digits."))
    answers.finish()
    assert first is not None, "checked above"
    assert last is not None, "checked above"
    return ToIssue(cooperative, NewRange(issuer, first.prefix, first.width, first.value, last.value))


def read_taken_out(typed: Mapping[str, str]) -> TakenOut:
    """Return which tag leaves the stock and why, or raise InvalidInput."""
    answers = Answers(typed)
    number = normal_tag(answers.line("number", empty=N_("Enter the number of the tag."), most=40))
    outcome = answers.choice("outcome", OUTCOMES)
    reason = answers.line("reason", empty=N_("Say in a few words what happened."), most=200)
    answers.finish()
    return TakenOut(number, outcome, reason)
