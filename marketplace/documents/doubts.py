"""What the machine notices about a document: evidence for the person who reads it, never a decision. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from marketplace.core.text import N_, Words


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing noticed: a stable code, what was seen and what to do."""

    code: str
    text: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTold:
    """What the page of a mine site says about the same paper."""

    right_key: str
    right_valid_to: date | None
    minerals: frozenset[str]
    attested_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a document and of others like it.

    `number_at`, `file_at` name other holders; `file_as` is what the same file was sent as here, in words; `of_lots` is
    of how many other lots this cooperative sent the same paper.
    """

    kind: str
    number_key: str
    issued_on: date
    last_day: date | None
    minerals: frozenset[str]
    number_at: tuple[str, ...] = ()
    file_at: tuple[str, ...] = ()
    file_as: tuple[str, ...] = ()
    of_lots: int = 0
    site: SiteTold | None = None


def doubts_of(seen: Seen) -> list[Doubt]:
    """Return everything noticed, the gravest first."""
    found = [rule(seen) for rule in _RULES]
    if seen.site is not None:
        found += [rule(seen, seen.site) for rule in _SITE_RULES.get(seen.kind, ())]
    return [each for each in found if each is not None]


def _number_elsewhere(seen: Seen) -> Doubt | None:
    if not seen.number_at:
        return None
    text = N_("Another holder has a paper with this number: %(holders)s. Ask the issuer whose it is.")
    return Doubt("number_elsewhere", text, {"holders": ", ".join(seen.number_at)})


def _file_elsewhere(seen: Seen) -> Doubt | None:
    if not seen.file_at:
        return None
    text = N_("Another holder sent the same file: %(holders)s. Ask both for the original.")
    return Doubt("file_elsewhere", text, {"holders": ", ".join(seen.file_at)})


def _file_of_two_kinds(seen: Seen) -> Doubt | None:
    if not seen.file_as:
        return None
    text = N_("The same file was sent as another paper too: %(document)s. Check that it is both.")
    return Doubt("file_of_two_kinds", text, {"document": Words(seen.file_as[0])})


def _of_another_lot(seen: Seen) -> Doubt | None:
    if not seen.of_lots:
        return None
    text = N_("The same paper was sent for another lot too (%(count)s). One paper is of one lot: ask which it is of.")
    return Doubt("paper_of_another_lot", text, {"count": seen.of_lots})


def _other_number(seen: Seen, site: SiteTold) -> Doubt | None:
    if not site.right_key or seen.number_key == site.right_key:
        return None
    return Doubt("right_number_differs", N_("The mine site names another number of the licence. Correct one of them."))


def _other_days(seen: Seen, site: SiteTold) -> Doubt | None:
    if site.right_valid_to is None or seen.last_day == site.right_valid_to:
        return None
    text = N_("The mine site says that the licence ends on %(day)s. Correct one of them.")
    return Doubt("right_days_differ", text, {"day": site.right_valid_to})


def _fewer_minerals(seen: Seen, site: SiteTold) -> Doubt | None:
    if site.minerals <= seen.minerals:
        return None
    text = N_("The mine site names minerals that this licence does not. Take them off the site.")
    return Doubt("right_minerals_differ", text)


def _attested_another_day(seen: Seen, site: SiteTold) -> Doubt | None:
    if site.attested_on is None or site.attested_on == seen.issued_on:
        return None
    text = N_("The mine site says that this was signed on %(day)s. Correct one of them.")
    return Doubt("attestation_day_differs", text, {"day": site.attested_on})


_RULES: Final[tuple[Callable[[Seen], Doubt | None], ...]] = (
    _number_elsewhere,
    _file_elsewhere,
    _of_another_lot,
    _file_of_two_kinds,
)
_SITE_RULES: Final[Mapping[str, tuple[Callable[[Seen, SiteTold], Doubt | None], ...]]] = {
    "mining_right": (_other_number, _other_days, _fewer_minerals),
    "child_labour_attestation": (_attested_another_day,),
}
