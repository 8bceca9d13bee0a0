"""What a change of a lot on sale means, in words: before it is sent, and in its case."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.lots.edit_classes import CLASS_LABELS, COSMETIC, IDENTITY, MATERIAL, MEANINGS, EditClass, edits, worst
from marketplace.web.staff.words import changes

TONES: Final[Mapping[EditClass, str]] = MappingProxyType({COSMETIC: "good", MATERIAL: "info", IDENTITY: "warn"})
FIRST_SENT: Final = N_("Sent. Pact checks it now and writes to you.")
# What the page says after a change was sent.
SENT: Final[Mapping[EditClass, str]] = MappingProxyType(
    {
        COSMETIC: N_("Corrected. Buyers see it now, and Pact looks at it afterwards."),
        MATERIAL: N_("Sent. Pact checks the change. The approved version stays on sale."),
        IDENTITY: N_("Sent. Pact checks the change. Buyers do not see the lot until then."),
    }
)


def edit_of(approved: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the class of a change with its words and every difference, each with its own class."""
    found = edits(approved, changed)
    classes = {each.field: each.edit_class for each in found}
    edit_class = worst(found)
    return {
        **words_of(edit_class),
        "rows": [
            {
                **row,
                "means": _(CLASS_LABELS[classes[row["field"].split(".")[0]]]),
                "tone": TONES[classes[row["field"].split(".")[0]]],
            }
            for row in changes("lot", approved, changed)
        ],
    }


def words_of(edit_class: EditClass) -> dict[str, Any]:
    """Return a class with its label, its tone and what it means."""
    return {
        "class": edit_class,
        "label": _(CLASS_LABELS[edit_class]),
        "tone": TONES[edit_class],
        "meaning": _(MEANINGS[edit_class]),
    }
