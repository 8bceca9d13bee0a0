"""What an application tells, line by line, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY, LEGAL_FORMS, words_of
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.onboarding.answers import FIELDS
from marketplace.onboarding.steps import BASES, PAGES, PERMITS, POLICIES, Step
from marketplace.web.filters import country, short_date

_LABELS: Final[Mapping[str, str]] = {
    "legal_name": N_("Registered name"),
    "legal_form": N_("Legal form"),
    "registration_number": N_("Registration number"),
    "country": N_("Country"),
    "region": N_("Region"),
    "district": N_("District"),
    "founded_on": N_("Founded on"),
    "contact_phone": N_("Telephone"),
    "about": N_("About the cooperative"),
    "members_total": N_("Members"),
    "members_women": N_("Women among them"),
    "members_youth": N_("Younger than 25"),
    "leaders_total": N_("Leaders"),
    "leaders_women": N_("Women among the leaders"),
    "women_share": N_("Women’s share of what it owns, in percent"),
    "basis": N_("How it is known"),
    "counted_on": N_("Day of the count"),
    "tax_number": N_("Tax number"),
    "shares_income": N_("The bylaws say how income is shared"),
    "income_rule": N_("How income is shared"),
    "payout_currency": N_("Paid in"),
}
_PARTS: Final = {
    "number": N_("Number"),
    "until": N_("Its last day"),
    "on": N_("Signed on"),
    "by": N_("Signed by"),
}


class Group(NamedTuple):
    """A step with its answers: pairs of label and text."""

    label: str
    rows: tuple[tuple[str, str], ...]


def told_in_words(answers: Mapping[str, Mapping[str, str]]) -> list[Group]:
    """Return every step that has answers; declarations and permits are groups of their own."""
    found = []
    for step in (Step.ORGANISATION, Step.MEMBERS, Step.RIGHTS, Step.PAYOUT):
        typed = answers.get(step.value, {})
        rows = tuple(
            (_(_LABELS[name]), _word(name, typed[name])) for name in FIELDS[step] if typed.get(name) and name in _LABELS
        )
        found.append(Group(_(PAGES[step].label), rows))
    rights, policies = answers.get(Step.RIGHTS.value, {}), answers.get(Step.POLICIES.value, {})
    found += [_parts(each.words, each.code, rights, ("number", "until")) for each in PERMITS]
    found += [_parts(each.words, each.code, policies, ("on", "by")) for each in POLICIES]
    return [group for group in found if group.rows]


def _parts(words: str, code: str, typed: Mapping[str, str], parts: tuple[str, str]) -> Group:
    rows = tuple((_(_PARTS[part]), _plain(typed[f"{code}_{part}"])) for part in parts if typed.get(f"{code}_{part}"))
    return Group(_(words), rows)


def _plain(text: str) -> str:
    """Return what was typed; a day in the words of the reader's language."""
    try:
        return short_date(date.fromisoformat(text)) if len(text) == len("2026-09-29") else text
    except ValueError:
        return text


def _word(name: str, text: str) -> str:
    if name == "country":
        return country(text) if text in CURRENCY_OF_COUNTRY else text
    if name == "shares_income":
        return _(N_("Yes") if text == "yes" else N_("No"))
    entries = {"legal_form": LEGAL_FORMS, "basis": BASES}.get(name)
    return _(words_of(entries, text)) if entries else _plain(text)
