"""What a reviewer must have looked at: a versioned list per kind; mandatory items stop an approval."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
ANSWERS: Final = (YES, NO, NOT_APPLICABLE)


class Item(NamedTuple):
    """One thing to look at. `may_not_apply` lets a reviewer say so instead of yes."""

    code: str
    text: str
    is_mandatory: bool = True
    may_not_apply: bool = False


class Checklist(NamedTuple):
    """A template; `version` rises with every change, and a decision keeps it."""

    name: str
    version: int
    items: tuple[Item, ...]


_EVERY_LOT: Final = (
    Item("photos_show_goods", N_("The photos show these goods, with a scale and the tag.")),
    Item("weight_fits", N_("Weight and pieces fit the photos.")),
    Item("no_faces", N_("No face and no house can be recognised in a photo.")),
    Item("origin_fits", N_("Site, days of mining and licence fit together.")),
    Item("price_understood", N_("The price is inside the guide, or its reason convinces.")),
    Item("text_clean", N_("The text has no contact data and promises nothing unproven.")),
)
GOLD: Final = Checklist(
    "gold",
    1,
    (
        *_EVERY_LOT,
        Item("fineness_shown", N_("The fineness is stated with its method, and the method fits the number.")),
        Item("mercury_stated", N_("How the gold was recovered is stated and fits the site.")),
        Item("report_seen", N_("The assay report was seen."), is_mandatory=False, may_not_apply=True),
    ),
)
GEM: Final = Checklist(
    "gem",
    1,
    (
        *_EVERY_LOT,
        Item("variety_fits", N_("Variety, colour and clarity fit the photos.")),
        Item("treatment_stated", N_("The treatment is stated, or stated as not known.")),
        Item("report_seen", N_("The laboratory report was seen."), is_mandatory=False, may_not_apply=True),
        Item(
            "certificate_seen",
            N_("The certificate of origin or of the Kimberley Process was seen."),
            may_not_apply=True,
        ),
    ),
)
COOPERATIVE: Final = Checklist(
    "cooperative",
    1,
    (
        Item("registration_seen", N_("The registration was found in the country’s register.")),
        Item("officers_known", N_("The officers were spoken to and are who they say.")),
        Item("members_seen", N_("The list of members was seen and fits the numbers.")),
        Item("screened", N_("Cooperative and officers were screened in the last 30 days.")),
        Item("licence_seen", N_("Every site’s licence was seen and covers its minerals.")),
        Item("declaration_seen", N_("The declaration against child labour was seen, signed by a named person.")),
        Item("site_visited", N_("A site was visited, or its inspection report was read."), may_not_apply=True),
        Item("payment_known", N_("The members know how sales are shared."), is_mandatory=False),
    ),
)


def checklist_for(kind: str, goods: str | None = None) -> Checklist:
    """Return the list for a case: `kind` lot or cooperative, `goods` gold or gem."""
    if kind == "cooperative":
        return COOPERATIVE
    return GOLD if goods == "gold" else GEM


def check_answers(checklist: Checklist, given: Mapping[str, str], *, verdict: str) -> dict[str, object]:
    """Return the answers to store, or raise InvalidInput when an approval lacks a mandatory yes."""
    answers = {item.code: given.get(item.code, "") for item in checklist.items}
    errors = {}
    for item in checklist.items:
        answer = answers[item.code]
        allowed = (*ANSWERS, "") if item.may_not_apply else (YES, NO, "")
        if answer not in allowed:
            errors[field_of(item)] = N_("Choose one.")
        elif verdict == "approve" and item.is_mandatory and answer not in {YES, NOT_APPLICABLE}:
            errors[field_of(item)] = N_("This must be seen before you approve.")
    if errors:
        raise InvalidInput(errors)
    return {"name": checklist.name, "version": checklist.version, "answers": answers}


def field_of(item: Item) -> str:
    """Return the name of an item's form field."""
    return f"check_{item.code}"
