"""What a change of an approved lot means: the difference of two frozen versions, field by field; the worst class wins.

Source: the design's section "Lot versions". Cosmetic is on sale at once and looked at afterwards; material waits while
the approved version stays on sale; identity waits and stops the sale. What no rule knows is identity. Pure.

Both versions are documents of versions.content_of; the first is the last one that people approved, so that many small
corrections never add up to a large one. No text of a version is a translation: the program translates at each reading.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from marketplace.core.text import N_


class EditClass(StrEnum):
    """What a change does to the sale, the mildest first."""

    COSMETIC = "cosmetic"
    MATERIAL = "material"
    IDENTITY = "identity"


class Edit(NamedTuple):
    """One field that is not the same, and what that means."""

    field: str
    edit_class: EditClass


COSMETIC, MATERIAL, IDENTITY = EditClass
CLASS_LABELS: Final[Mapping[EditClass, str]] = MappingProxyType(
    {
        COSMETIC: N_("Small correction"),
        MATERIAL: N_("Change that waits"),
        IDENTITY: N_("Change that stops the sale"),
    }
)
MEANINGS: Final[Mapping[EditClass, str]] = MappingProxyType(
    {
        COSMETIC: N_("Buyers see this change at once. Pact looks at it afterwards."),
        MATERIAL: N_("The approved version stays on sale. Buyers see this change after Pact approves it."),
        IDENTITY: N_("The sale stops now. Buyers see the lot again after Pact decides."),
    }
)
# What a small correction may touch at all; the database knows the same fields (migration 0038).
CORRECTABLE: Final = frozenset({"weight_unit", "group", "reason_for_price", "colour", "dimensions", "photos"})
# A tenth of the approved price, up or down.
PRICE_TENTHS: Final = 10
# Wrong letters in a whole text, and the shortest word that may hold one: "not" and "now" are no slip.
MOST_WRONG_LETTERS: Final = 3
SHORTEST_WORD: Final = 4
_NUMBER: Final = re.compile(r"\d")


def edits(approved: Mapping[str, Any], changed: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Return every field that differs with its class, by name; nothing for equal documents."""
    names = sorted({*approved, *changed})
    return tuple(
        Edit(name, _class_of_field(name, approved.get(name), changed.get(name)))
        for name in names
        if approved.get(name) != changed.get(name)
    )


def class_of(approved: Mapping[str, Any], changed: Mapping[str, Any]) -> EditClass:
    """Return the worst class of a change; a version that equals the approved one is a correction of nothing."""
    return worst(edits(approved, changed))


def worst(found: tuple[Edit, ...]) -> EditClass:
    """Return the worst class; cosmetic when nothing differs."""
    order = list(EditClass)
    return max((each.edit_class for each in found), key=order.index, default=COSMETIC)


def is_small_correction(before: str, after: str) -> bool:
    """Tell whether two texts differ as a slip of the fingers does.

    The words are as many, numbers stay, at most three words have one wrong letter, a missing one, one too many or two
    in the wrong order, and only words of four letters or more. Spaces and capitals do not count.
    """
    old, new = _plain(before).split(), _plain(after).split()
    if len(old) != len(new):
        return False
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    return len(changed) <= MOST_WRONG_LETTERS and all(_is_slip(a, b) for a, b in changed)


def _class_of_field(name: str, before: Any, after: Any) -> EditClass:
    return _RULES.get(name, _identity)(before, after)


def _identity(before: Any, after: Any) -> EditClass:
    del before, after
    return IDENTITY


def _material(before: Any, after: Any) -> EditClass:
    del before, after
    return MATERIAL


def _cosmetic(before: Any, after: Any) -> EditClass:
    del before, after
    return COSMETIC


def _words(before: Any, after: Any) -> EditClass:
    """Judge a free text that tells nothing of the goods themselves."""
    if before is None or after is None:
        return MATERIAL
    return COSMETIC if is_small_correction(str(before), str(after)) else MATERIAL


def _description(before: Any, after: Any) -> EditClass:
    """Judge a text that describes the goods: only spaces and capitals are small, and those of plain letters alone.

    The database folds the same texts again, and other scripts fold differently there.
    """
    if not isinstance(before, str) or not isinstance(after, str) or not (before + after).isascii():
        return IDENTITY
    return COSMETIC if _plain(before) == _plain(after) else IDENTITY


def _photos(before: Any, after: Any) -> EditClass:
    """Judge photos: the same in another order, more of them, or others."""
    old, new = _digests(before), _digests(after)
    if old == new:
        return COSMETIC
    left = list(new)
    for digest in old:
        if digest not in left:
            return IDENTITY
        left.remove(digest)
    return MATERIAL


def _price(before: Any, after: Any) -> EditClass:
    """Judge a price by what the buyer pays and what the cooperative gets; its other facts are papers."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return IDENTITY
    amounts = ("price_minor", "net_minor")
    if any(before.get(name) != after.get(name) for name in {*before, *after} - {*amounts, "gross_minor", "lines"}):
        return IDENTITY
    return MATERIAL if all(_is_near(before.get(name), after.get(name)) for name in amounts) else IDENTITY


def _is_near(before: Any, after: Any) -> bool:
    return isinstance(before, int) and isinstance(after, int) and abs(after - before) * PRICE_TENTHS <= before


def _cooperative(before: Any, after: Any) -> EditClass:
    """Judge the public facts of the seller: another name is material, another seller is not."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return IDENTITY
    kept = {*before, *after} - {"name", "women_led"}
    return IDENTITY if any(before.get(name) != after.get(name) for name in kept) else MATERIAL


def _digests(photos: Any) -> list[str]:
    return sorted(str(photo["sha256"]) for photo in photos or ())


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


def _is_slip(before: str, after: str) -> bool:
    if min(len(before), len(after)) < SHORTEST_WORD or _NUMBER.search(before + after):
        return False
    return _is_one_letter_apart(before, after)


def _is_one_letter_apart(before: str, after: str) -> bool:
    """Tell whether one letter is another, missing or too many, or two neighbours changed places."""
    start = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    if start is None:
        return abs(len(before) - len(after)) == 1
    old, new = before[start:], after[start:]
    return old[1:] == new[1:] or old[1:] == new or old == new[1:] or (old[1::-1], old[2:]) == (new[:2], new[2:])


_RULES: Final[Mapping[str, Callable[[Any, Any], EditClass]]] = MappingProxyType(
    {
        "weight_unit": _cosmetic,
        "group": _words,
        "reason_for_price": _words,
        "colour": _description,
        "dimensions": _description,
        "photos": _photos,
        "price": _price,
        "parts": _material,
        "miners": _material,
        "miners_women": _material,
        "cooperative": _cooperative,
    }
)
