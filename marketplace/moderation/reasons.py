"""Why something goes back or is refused: stable codes, what the cooperative reads, the field it points at.

Every text says what to change, not what is wrong with anyone. `field` names a step of the listing or a field of the
application; `is_fixable` tells whether another try can succeed; `kinds` where the reason applies.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, NamedTuple

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

LOT, COOPERATIVE = "lot", "cooperative"
BOTH: Final = (LOT, COOPERATIVE)
OTHER: Final = "OTHER"
SHORTEST_OTHER: Final = 40
LONGEST_NOTE: Final = 2000
APPEAL_OPEN_FOR: Final = timedelta(days=183)  # six months


class Reason(NamedTuple):
    """One reason a reviewer may give."""

    code: str
    text: str
    field: str
    is_fixable: bool = True
    kinds: tuple[str, ...] = (LOT,)


REASONS: Final = (
    Reason("PHOTO_UNCLEAR", N_("Take the photos again: they are dark or not sharp."), "photos"),
    Reason("PHOTO_MISSING", N_("Add a photo: one view of the goods is missing."), "photos"),
    Reason("PHOTO_NO_SCALE", N_("Show the goods beside a scale or a coin, with the tag in view."), "photos"),
    Reason("PHOTO_OTHER_GOODS", N_("Show these goods: a photo seems to be of something else."), "photos"),
    Reason("PHOTO_PEOPLE", N_("Leave people’s faces out of the photos."), "photos"),
    Reason("WEIGHT_DOUBTFUL", N_("Weigh again and check the unit: the weight does not fit the photos."), "weight"),
    Reason("PIECES_DOUBTFUL", N_("Count the pieces again: the number does not fit the photos."), "weight"),
    Reason("VARIETY_DOUBTFUL", N_("Check what stone it is: the photos show something else."), "kind"),
    Reason("TREATMENT_UNKNOWN", N_("Tell how the stone was treated, or have it tested."), "quality"),
    Reason("QUALITY_DOUBTFUL", N_("Describe colour and clarity as the photos show them."), "quality"),
    Reason("FINENESS_DOUBTFUL", N_("Measure the fineness again and tell how it was measured."), "quality"),
    Reason("MERCURY_UNCLEAR", N_("Tell how the gold was recovered, and whether a retort was used."), "quality"),
    Reason("REPORT_NEEDED", N_("Add the laboratory report that this claim needs, or leave the claim out."), "quality"),
    Reason("ORIGIN_UNCLEAR", N_("Tell which of your mine sites it came from."), "origin"),
    Reason("DAYS_UNCLEAR", N_("Tell on which days it was mined, within the licence."), "origin"),
    Reason("TAG_UNREADABLE", N_("Photograph the seal so that its number can be read."), "origin"),
    Reason("TAG_USED", N_("This seal number belongs to other goods. Check the number."), "origin"),
    Reason("PRICE_UNEXPLAINED", N_("The price is outside the guide. Tell why, or choose another price."), "price"),
    Reason(
        "CONTACT_IN_TEXT", N_("Take telephone numbers, addresses and links out of the text."), "quality", kinds=BOTH
    ),
    Reason("ALREADY_LISTED", N_("These goods are for sale here already."), "kind", is_fixable=False),
    Reason("NOT_NATURAL", N_("Stones made in a laboratory are not sold here."), "kind", is_fixable=False),
    Reason("NOT_OWN_GOODS", N_("Only goods dug by your own members are sold here."), "origin", is_fixable=False),
    Reason("SITE_CLOSED", N_("Nothing from this mine site can be sold now."), "origin", is_fixable=False, kinds=BOTH),
    Reason(
        "REGISTRATION_UNCLEAR",
        N_("Send the registration as it stands in the register."),
        "registration_number",
        kinds=(COOPERATIVE,),
    ),
    Reason("MEMBERS_UNCLEAR", N_("Check the numbers of members and of women."), "members_total", kinds=(COOPERATIVE,)),
    Reason(
        "LICENCE_UNCLEAR",
        N_("Check the licence: its number or its days do not fit the register."),
        "sites",
        kinds=(COOPERATIVE,),
    ),
    Reason("DECLARATION_OLD", N_("Have the declaration against child labour signed again."), "sites", kinds=BOTH),
    Reason(
        # Neutral: to tell somebody that she is suspected is an offence in many places (docs/screening.md).
        "SCREENING_HIT",
        N_("A check of your cooperative is not complete. Pact will call you about it."),
        "legal_name",
        is_fixable=False,
        kinds=(COOPERATIVE,),
    ),
    Reason(
        "NOT_MEMBER_OWNED",
        N_("Only groups that belong to their mining members sell here."),
        "legal_form",
        is_fixable=False,
        kinds=(COOPERATIVE,),
    ),
    Reason(OTHER, N_("See the words of the reviewer."), "", kinds=BOTH),
)
BY_CODE: Final = {reason.code: reason for reason in REASONS}


def reasons_for(kind: str) -> tuple[Reason, ...]:
    """Return the reasons a reviewer may choose for a lot or a cooperative."""
    return tuple(reason for reason in REASONS if kind in reason.kinds)


def check_reasons(codes: Iterable[str], *, kind: str, verdict: str, note: str) -> tuple[Reason, ...]:
    """Return the reasons chosen, or raise InvalidInput: a negative verdict needs one, OTHER needs words."""
    chosen = tuple(dict.fromkeys(codes))
    errors = {}
    known = {reason.code for reason in reasons_for(kind)}
    if not known.issuperset(chosen):
        errors["reasons"] = N_("Choose from the reasons shown.")
    elif verdict != "approve" and not chosen:
        errors["reasons"] = N_("Choose at least one reason: the cooperative must know what to change.")
    if OTHER in chosen and len(note.strip()) < SHORTEST_OTHER:
        errors["note"] = N_("Write at least 40 letters that say what to change.")
    if len(note) > LONGEST_NOTE:
        errors["note"] = N_("Use at most 2,000 letters.")
    if errors:
        raise InvalidInput(errors)
    return tuple(BY_CODE[code] for code in chosen)
