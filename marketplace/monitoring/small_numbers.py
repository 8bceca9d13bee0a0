"""Which groups of a breakdown are not shown, because they would let one person be recognised. Pure.

Source: the programme's rule that statistics about people are shown from five up. One hidden group beside a total that
is shown could be worked out by subtraction, so the next smallest one is hidden with it.
"""

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

FEWEST_PEOPLE: Final = 5
Group = TypeVar("Group", bound=Hashable)


def is_too_few(people: int | None) -> bool:
    """Say whether a figure is about at least one and fewer than five people; None means it is about none."""
    return people is not None and 0 < people < FEWEST_PEOPLE


def hidden(people: Mapping[Group, int | None]) -> frozenset[Group]:
    """Return the groups that are not shown, given how many people each is about.

    Hidden are the small ones, and then, smallest first, others until the hidden ones are two at least and five people
    together. Groups about nobody hide nobody.
    """
    ordered = sorted(((count, place, group) for place, (group, count) in enumerate(people.items()) if count))
    kept: list[Group] = []
    together = 0
    for count, _place, group in ordered:
        if not is_too_few(count) and (not kept or (len(kept) > 1 and together >= FEWEST_PEOPLE)):
            break
        kept.append(group)
        together += count
    return frozenset(kept)
