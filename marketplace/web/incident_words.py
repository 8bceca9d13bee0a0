"""The words of incidents that pages of staff and of cooperatives share."""

from collections.abc import Mapping
from typing import Any, Final

from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.incidents.transitions import Action
from marketplace.incidents.words import SEVERITIES

BUTTONS: Final[Mapping[Action, str]] = {
    Action.SUBSTANTIATE: N_("It did happen"),
    Action.DOUBT: N_("It is unfounded"),
    Action.CONFIRM: N_("Confirm that it is unfounded"),
    Action.KEEP: N_("Keep it open"),
    Action.PLAN: N_("Begin with the plan"),
    Action.CLOSE: N_("Every step is done: close it"),
    Action.AGREE: N_("Agree that it is put right"),
    Action.SEND_BACK: N_("More has to be done"),
    Action.REOPEN: N_("Open it again"),
}
# What a line of the story says was done.
MOVE_WORDS: Final[Mapping[str, str]] = {
    "substantiate": N_("Substantiated"),
    "doubt": N_("Found unfounded"),
    "confirm": N_("Confirmed as unfounded by a second person"),
    "keep": N_("Kept open"),
    "plan": N_("The plan began"),
    "close": N_("All steps done, closing asked for"),
    "agree": N_("Closed with the word of a second person"),
    "send_back": N_("Sent back: more has to be done"),
    "reopen": N_("Opened again"),
    "regrade": N_("Severity changed"),
}


def severity_choices() -> list[dict[str, Any]]:
    """Return the severities with what each means, for cards to choose from."""
    return [{"value": each.code, "label": f"{_(each.words)}: {_(each.meaning)}"} for each in SEVERITIES]
