"""Tags as stock: to whom a number was issued, and whether it may go on a bag now."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from marketplace.core.errors import Conflict, FieldError, InvalidInput
from marketplace.core.text import N_

MOST_IN_RANGE: Final = 10_000
_NUMBER: Final = re.compile(r"([A-Z0-9/-]*?)([0-9]{1,12})\Z")


class TagNumber(NamedTuple):
    """A tag's number taken apart: what stands before its last digits, their value and how many they are."""

    prefix: str
    value: int
    width: int


class Issued(NamedTuple):
    """A range of numbers that one cooperative has: `first` to `last`, both included."""

    cooperative_id: UUID
    prefix: str
    width: int
    first: int
    last: int


class Origin(StrEnum):
    """Where a tag comes from."""

    OWN_STOCK = "own_stock"
    OTHER_ISSUER = "other_issuer"


class Gone(NamedTuple):
    """A tag that left the stock: `state` is used, void or lost."""

    state: str
    is_same_lot: bool


class TagRefused(Conflict):
    """The tag may not go on this bag."""

    code = "tag_refused"


def parse(number: str) -> TagNumber | None:
    """Return the number taken apart, or None when it does not end in digits: then it can be in no range."""
    found = _NUMBER.fullmatch(number)
    return TagNumber(found[1], int(found[2]), len(found[2])) if found else None


def spelled(prefix: str, width: int, value: int) -> str:
    """Return a number of a range as it is printed on the tag."""
    return f"{prefix}{value:0{width}d}"


def holds(issued: Issued, number: str) -> bool:
    """Say whether the number lies in the range; 0412 is not a number of a range of five digits.

    A prefix that ends in digits makes two ways to read a number, so it is compared as it is spelled.
    """
    digits = number.removeprefix(issued.prefix)
    is_alike = (
        number.startswith(issued.prefix) and len(digits) == issued.width and digits.isascii() and digits.isdigit()
    )
    return is_alike and issued.first <= int(digits) <= issued.last


def origin_of(number: str, ranges: Sequence[Issued], *, cooperative_id: UUID) -> Origin:
    """Return where a tag comes from; raise TagRefused when it was issued to another cooperative."""
    holders = {issued.cooperative_id for issued in ranges if holds(issued, number)}
    if not holders:
        return Origin.OTHER_ISSUER
    if cooperative_id not in holders:
        raise TagRefused(
            N_("This tag was issued to another cooperative. Read the number again, or take a tag of your own stock.")
        )
    return Origin.OWN_STOCK


def check_free(gone: Gone | None) -> None:
    """Raise TagRefused when the tag left the stock already, unless it is on this very lot."""
    if gone is None or (gone.state == "used" and gone.is_same_lot):
        return
    if gone.state == "used":
        raise TagRefused(N_("This tag is on another bag already. A tag is used once. Take a new one."))
    if gone.state == "lost":
        raise TagRefused(N_("This tag was reported lost. Do not use it. Take a new one and tell Pact."))
    raise TagRefused(N_("This tag is void. Take a new one."))


def check_range(issued: Issued, others: Sequence[Issued]) -> None:
    """Raise InvalidInput for a range that is upside down, too long, or meets another one."""
    errors: dict[str, FieldError] = {}
    if issued.last < issued.first:
        errors["last"] = FieldError(N_("The last number comes after the first."))
    elif issued.last - issued.first >= MOST_IN_RANGE:
        errors["last"] = FieldError(N_("Issue at most %(most)s tags at a time."), most=MOST_IN_RANGE)
    elif len(str(issued.last)) > issued.width:
        errors["last"] = FieldError(N_("Write the first and the last number with as many digits."))
    elif any(meets(issued, other) for other in others):
        errors["first"] = FieldError(N_("Some of these numbers were issued before. Check the first and the last."))
    if errors:
        raise InvalidInput(errors)


def meets(one: Issued, other: Issued) -> bool:
    """Say whether two ranges share a number as it is spelled."""
    if len(one.prefix) > len(other.prefix):
        one, other = other, one
    if len(one.prefix) + one.width != len(other.prefix) + other.width or not other.prefix.startswith(one.prefix):
        return False
    more = other.prefix[len(one.prefix) :]
    if more and not more.isdigit():
        return False
    shift = int(more) * 10**other.width if more else 0
    return one.first <= shift + other.last and shift + other.first <= one.last
