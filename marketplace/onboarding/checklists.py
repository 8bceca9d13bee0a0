"""What is looked at on a visit of a cooperative or a mine site: versioned lists, each item with its source. Pure."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_

YES, NO, NOT_APPLICABLE = "yes", "no", "na"


class Item(NamedTuple):
    """One thing to look at. `source` is a code of OECD Annex II, or what else asks for it; `risk` an Annex II code."""

    code: str
    text: str
    source: str
    may_not_apply: bool = False

    @property
    def risk(self) -> str:
        """Return the code of Annex II that a "no" may be an incident of, or nothing."""
        return self.source if self.source in _RISKS else ""


class Checklist(NamedTuple):
    """A list; `version` rises with every change, and a visit keeps it."""

    name: str
    version: int
    items: tuple[Item, ...]


_RISKS: Final = frozenset({"A1", "A2", "A3", "A4", "B1", "C1", "D1", "F1"})
_RIGHT: Final = N_("Mining right")
_OURS: Final = N_("The programme’s own rule")
SITE: Final = Checklist(
    "site",
    1,
    (
        Item("no_children", N_("No child works in or around the pits."), "A3"),
        Item("nobody_forced", N_("Nobody is made to work, by debt or by threat."), "A2"),
        Item("women_safe", N_("Women said, alone, that they are safe here."), "A4"),
        Item("no_armed_group", N_("No armed group rules the place or takes a share."), "B1"),
        Item("guards_lawful", N_("Guards keep to the law."), "C1", may_not_apply=True),
        Item("origin_kept", N_("The book of production fits the tags and the pits."), "D1"),
        Item("fees_paid", N_("Fees and royalties are paid against receipts."), "F1"),
        Item("within_licence", N_("The pits lie within the licence."), _RIGHT),
        Item("pits_safe", N_("Pits are held up, and people wear helmets and boots."), "ILO C176"),
        Item("mercury_as_told", N_("Gold is recovered as the cooperative told."), "Minamata", may_not_apply=True),
        Item("no_open_burning", N_("No amalgam is burnt in the open."), "Minamata, Annex C", may_not_apply=True),
        Item("water_clean", N_("Waste is kept away from water."), _OURS),
    ),
)
COOPERATIVE: Final = Checklist(
    "cooperative",
    1,
    (
        Item("registration_seen", N_("The registration was seen in the original."), _OURS),
        Item("members_listed", N_("The list of members was seen and fits the numbers told."), _OURS),
        Item("members_spoken_to", N_("Members were spoken to without their leaders."), _OURS),
        Item("women_spoken_to", N_("Women were spoken to on their own."), _OURS),
        Item("books_seen", N_("The book of sales and payments was seen."), "F1"),
        Item("income_shared", N_("Income is shared as the bylaws say."), _OURS),
        Item("child_labour_watched", N_("Somebody checks every month that no child works."), "A3"),
        Item("complaints_known", N_("Members know how to complain, and to whom."), _OURS),
        Item("no_bribes", N_("Nobody asks for bribes on the way to sale."), "D1"),
    ),
)


def checklist_for(*, is_site: bool) -> Checklist:
    """Return the list for a visit of a site or of the cooperative itself."""
    return SITE if is_site else COOPERATIVE


def field_of(item: Item) -> str:
    """Return the name of an item's form field."""
    return f"check_{item.code}"


def read_checklist(checklist: Checklist, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers to store with the list's name and version; raise InvalidInput naming every one missing."""
    answers = {item.code: str(form.get(field_of(item), "")) for item in checklist.items}
    errors: dict[str, str | FieldError] = {}
    for item in checklist.items:
        allowed = {YES, NO, NOT_APPLICABLE} if item.may_not_apply else {YES, NO}
        if answers[item.code] not in allowed:
            errors[field_of(item)] = FieldError(N_("Answer each line of the list."))
    if errors:
        raise InvalidInput(errors)
    return {"name": checklist.name, "version": checklist.version, "answers": answers}


def not_well(stored: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the codes of a stored list that were answered with no."""
    return tuple(code for code, answer in stored["answers"].items() if answer == NO)
