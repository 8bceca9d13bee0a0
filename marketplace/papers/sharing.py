"""Read how a cooperative shares its payouts, as an officer types it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from marketplace.compliance.answers import Answers
from marketplace.core.text import N_

MOST_MEMBERS: Final = 60
LARGEST_WEIGHT: Final = 10_000


@dataclass(frozen=True, slots=True)
class Member:
    """A person or a fund that gets a part: `weight` parts of the sum of all weights."""

    code: str
    name: str
    weight: int


def read_members(typed: Mapping[str, str], *, rows: int) -> tuple[Member, ...]:
    """Return the members of the form's rows `name-1`, `weight-1` …; raise InvalidInput naming every wrong field.

    Rows without a name and a weight are left out. Codes are M1, M2 … in the order of the form.
    """
    answers = Answers(typed)
    found: list[Member] = []
    names: set[str] = set()
    for row in range(1, min(rows, MOST_MEMBERS) + 1):
        name, weight = answers.line(f"name-{row}", most=80), answers.typed(f"weight-{row}")
        if not name and not weight:
            continue
        if not name:
            answers.refuse(f"name-{row}", N_("Enter the name of the person or the fund."))
        if name.casefold() in names:
            answers.refuse(f"name-{row}", N_("This name is there twice."))
        names.add(name.casefold())
        parts = answers.count(f"weight-{row}", empty=N_("Enter how many parts she gets, such as 3."))
        if not answers.errors and not 1 <= parts <= LARGEST_WEIGHT:
            answers.refuse(f"weight-{row}", N_("Enter a whole number from 1 to %(most)s."), most=LARGEST_WEIGHT)
        found.append(Member(f"M{len(found) + 1}", name, parts))
    if not found:
        answers.refuse("name-1", N_("Enter at least one person or fund."))
    answers.finish()
    return tuple(found)


def kept(members: Sequence[Member]) -> list[dict[str, Any]]:
    """Return the members as the table keeps them."""
    return [asdict(member) for member in members]


def weights_of(members: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return weight by code of the members a table keeps."""
    return {member["code"]: member["weight"] for member in members}
