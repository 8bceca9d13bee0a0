"""The steps of an application in their order, each with its words; and the codes its answers use. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.compliance.vocabulary import Entry
from marketplace.core.text import N_


class Step(StrEnum):
    """One page of the application."""

    ORGANISATION = "organisation"
    PEOPLE = "people"
    MEMBERS = "members"
    RIGHTS = "rights"
    SITES = "sites"
    POLICIES = "policies"
    PAYOUT = "payout"


class Page(NamedTuple):
    """How a step is called, and what it is for."""

    label: str
    hint: str


PAGES: Final = {
    Step.ORGANISATION: Page(N_("The organisation"), N_("Name, registration, place and telephone.")),
    Step.PEOPLE: Page(N_("The people who act for it"), N_("Who lists, who signs, who only reads.")),
    Step.MEMBERS: Page(N_("The members"), N_("How many, how many women, and how you know it.")),
    Step.RIGHTS: Page(N_("Taxes, permits and sharing"), N_("Tax number, permits, and how income is shared.")),
    Step.SITES: Page(N_("The mine sites"), N_("Where you dig, with the licence of each site.")),
    Step.POLICIES: Page(N_("What you promise"), N_("Signed declarations. Each lasts 12 months.")),
    Step.PAYOUT: Page(N_("How you are paid"), N_("The currency and the account.")),
}
# Steps with a form of their own; the others lead to lists that exist.
FORMS: Final = frozenset({Step.ORGANISATION, Step.MEMBERS, Step.RIGHTS, Step.POLICIES, Step.PAYOUT})
BASES: Final = (
    Entry("member_register", N_("The list of members")),
    Entry("minutes", N_("Minutes of a meeting")),
    Entry("bylaws", N_("The bylaws")),
    Entry("estimate", N_("Our estimate")),
)
# Each permit is a number and its last day; a cooperative may have none.
PERMITS: Final = (
    Entry("dealer", N_("Dealer’s licence")),
    Entry("export", N_("Export licence")),
    Entry("environment", N_("Environmental permit")),
)
CHILD_LABOUR, MERCURY, GRIEVANCE = "child_labour", "mercury", "grievance"
POLICIES: Final = (
    Entry(CHILD_LABOUR, N_("No child works for us, and we check it every month.")),
    Entry(GRIEVANCE, N_("Everybody may complain, and nobody suffers for it.")),
    Entry(MERCURY, N_("We burn no mercury in the open and no whole ore.")),
)


def after(step: Step) -> Step | None:
    """Return the step that follows, or None after the last."""
    every = tuple(Step)
    place = every.index(step) + 1
    return every[place] if place < len(every) else None
