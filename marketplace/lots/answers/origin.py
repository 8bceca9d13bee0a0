"""Step five, from which mine it comes, when, by how many people, and in which sealed bag."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.core.text import N_

_TAG: Final = re.compile(r"[A-Z0-9][A-Z0-9/-]{2,29}")


@dataclass(frozen=True, slots=True)
class OriginAnswers:
    """Hold the site's reference, the days of mining, the group, and the bag's number; nobody's name is public."""

    site: str
    mined_from: date
    mined_to: date
    group: str
    miners: int
    miners_women: int
    tag_number: str


def read_origin(typed: Mapping[str, str], *, sites: Collection[str], today: date) -> OriginAnswers:
    """Return the answers, or raise InvalidInput. `sites` are the cooperative's own; `today` is the business day."""
    answers = Answers(typed)
    site = answers.typed("site")
    if site not in sites:
        answers.refuse("site", N_("Choose the mine site it came from."))
    mined_from = _past_day(answers, "mined_from", today=today) or today
    mined_to = _past_day(answers, "mined_to", today=today) or mined_from
    if mined_to < mined_from and not answers.errors:
        answers.refuse("mined_to", N_("The last day is before the first day."))
    miners = answers.count("miners", empty=N_("Enter how many people mined it."))
    if miners == 0:
        answers.refuse("miners", N_("Enter how many people mined it."))
    women = answers.count("miners_women", empty=N_("Enter how many of them are women, or 0."))
    if women > miners:
        answers.refuse("miners_women", N_("There cannot be more women than people."))
    origin = OriginAnswers(
        site=site,
        mined_from=mined_from,
        mined_to=mined_to,
        group=answers.line("group", most=80),
        miners=miners,
        miners_women=women,
        tag_number=_tag(answers),
    )
    answers.finish()
    return origin


def normal_tag(text: str) -> str:
    """Return a bag's number in its one spelling: capitals, no spaces."""
    return re.sub(r"\s+", "", text).upper()


def _past_day(answers: Answers, name: str, *, today: date) -> date | None:
    found = answers.day(name, empty=N_("Enter the day."))
    if found is not None and found > today:
        answers.refuse(name, N_("This day is in the future."))
    return found


def _tag(answers: Answers) -> str:
    tag = normal_tag(answers.typed("tag_number"))
    if not tag:
        answers.refuse("tag_number", N_("Enter the number on the seal of the bag."))
    elif not _TAG.fullmatch(tag):
        answers.refuse("tag_number", N_("Use 3 to 30 letters and digits, such as TZ-104882."))
    return tag
