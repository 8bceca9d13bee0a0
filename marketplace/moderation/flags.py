"""What the machine noticed. A flag shows evidence and never decides. Facts in, flags out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from marketplace.compliance.gate import SCREENING_LASTS
from marketplace.core.photo_hints import EDITED, LATER, OLD, PLACE
from marketplace.core.text import N_
from marketplace.lots.vocabulary import densities

# What a reader sees; the evidence fills the named parts.
TEXTS: Final[Mapping[str, str]] = {
    "price_below": N_("The price is below the guide."),
    "price_above": N_("The price is above the guide."),
    "no_guidance": N_("There is no guide for this price."),
    "photo_again": N_("A photo of this lot is also in: %(lots)s."),
    "photo_alike": N_("A photo of this lot looks like one in: %(lots)s."),
    "photo_place": N_("A photo told where it was taken: %(slots)s. The place itself was not kept."),
    "photo_edited": N_("A photo was written by a program that changes pictures: %(slots)s, %(found)s."),
    "photo_later": N_("A photo says it was taken after it was sent: %(slots)s, %(day)s."),
    "photo_old": N_("A photo says it was taken years before it was sent: %(slots)s, %(day)s."),
    "certificate_again": N_("Report %(number)s is also named by: %(lots)s."),
    "tag_again": N_("Tag %(tag)s is also on: %(lots)s."),
    "treatment_unknown": N_("The treatment is not known."),
    "attestation_ends": N_("The site’s declaration against child labour ends on %(day)s."),
    "site_yellow": N_("The mine site has yellow status since %(day)s."),
    "weight_implausible": N_("The weight does not fit: %(why)s."),
    "contact_in_text": N_("The text seems to hold contact data: %(found)s."),
    "returned": N_("Times it was sent back before: %(times)s."),
    "conflict_area": N_("The origin is a country with areas of conflict: check the site with care."),
    "screening_hit": N_(
        "A name of the cooperative or of its people looks like a listed one: %(hit)s. Tell nobody outside."
    ),
    "screening_stale": N_("The screening is out of date. Last: %(day)s. Lists too old or missing: %(lists)s."),
}
LABELS: Final[Mapping[str, str]] = {
    "price_below": N_("Price below"),
    "price_above": N_("Price above"),
    "no_guidance": N_("No guide"),
    "photo_again": N_("Photo seen before"),
    "photo_alike": N_("Photo looks known"),
    "photo_place": N_("Photo with place"),
    "photo_edited": N_("Edited photo"),
    "photo_later": N_("Photo taken later"),
    "photo_old": N_("Old photo"),
    "certificate_again": N_("Report seen before"),
    "tag_again": N_("Tag seen before"),
    "treatment_unknown": N_("Treatment unknown"),
    "attestation_ends": N_("Declaration ends soon"),
    "site_yellow": N_("Yellow site"),
    "weight_implausible": N_("Weight"),
    "contact_in_text": N_("Contact data"),
    "returned": N_("Returned before"),
    "conflict_area": N_("Conflict area"),
    "screening_hit": N_("Screening hit"),
    "screening_stale": N_("Old screening"),
}
OUTSIDE_GUIDANCE: Final = ("price_below", "price_above")
ATTESTATION_LASTS: Final = timedelta(days=365)
WARN_BEFORE: Final = timedelta(days=30)
HEAVIEST_STONE_MG: Final = 100_000  # 500 carats: rare enough to ask
HEAVIEST_GOLD_MG: Final = 20_000_000  # 20 kg: more than a cooperative of hand miners pours at once
LIGHTEST_PIECE_MG: Final = 10  # 0.05 carat
# Where the variety is not known: opal-like glass is about 2, zircon up to 4.8, in milligrams a cubic millimetre.
ANY_DENSITY: Final = (Decimal("2.0"), Decimal("4.8"))
# Even a slim cut fills a quarter of the box around it.
LEAST_FILLED: Final = Decimal("0.25")
# What the evidence of a flag takes from the hints of photos, by the hint's code.
_HINTS: Final[Mapping[str, Mapping[str, str]]] = {
    PLACE: {},
    EDITED: {"found": "software"},
    LATER: {"day": "day"},
    OLD: {"day": "day"},
}
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_CONTACT: Final = (
    re.compile(r"[\w.+-]+\s?@\s?[\w-]+\.[a-z]{2,}", re.IGNORECASE),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"\b[\w-]+\.(?:com|org|net|co\.tz|co\.ke|info)\b", re.IGNORECASE),
    re.compile(r"(?<![\w.,])\+?[0-9](?:[ ().-]?[0-9]){8,14}(?![\w])"),
    re.compile(r"\b(?:whats?app|telegram|instagram|facebook)\b", re.IGNORECASE),
)
# Fields people type freely; numbers of reports, seals and licences are their own fields.
FREE_TEXT: Final = (
    "title",
    "colour",
    "clarity",
    "dimensions",
    "place",
    "reason_for_price",
    "note",
    "description",
    "about",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """How a cooperative stands: the hit that stops it, its last day, and the lists that are too old. For staff only."""

    hit: str = ""
    screened_on: date | None = None
    old_lists: Sequence[str] = ()


UNSCREENED: Final = Screening()


@dataclass(frozen=True, slots=True, kw_only=True)
class LotEvidence:
    """What flags look at beside the answers; lists name other lots by reference.

    `photo_hints` are slots with what the photo's file told (core/photo_hints.py).
    """

    position: str
    photo_lots: Sequence[str] = ()
    alike_lots: Sequence[str] = ()
    certificate_lots: Sequence[str] = ()
    photo_hints: Sequence[tuple[str, Mapping[str, str]]] = ()
    tag_lots: Sequence[str] = ()
    attested_on: date | None = None
    site_status: int | None = None
    site_status_on: date | None = None
    times_returned: int = 0
    conflict_source: str = ""
    screening: Screening = UNSCREENED


def flags_of_lot(content: Mapping[str, Any], evidence: LotEvidence, *, today: date) -> list[dict[str, Any]]:
    """Return the flags of a lot version as stored: code and evidence."""
    flags = [
        *_price(evidence.position),
        *_seen_before(content, evidence),
        *_told_by_photos(evidence.photo_hints),
        *_site(evidence, today=today),
        *_weight(content),
        *_contacts(content),
        *_returned(evidence.times_returned),
    ]
    if content.get("treatment") == "UNK":
        flags.append(_flag("treatment_unknown"))
    if evidence.conflict_source:
        flags.append(_flag("conflict_area", source=evidence.conflict_source))
    return flags + _screening(evidence.screening, today=today)


def flags_of_application(
    content: Mapping[str, Any],
    *,
    today: date,
    times_returned: int,
    conflict_source: str = "",
    screening: Screening = UNSCREENED,
) -> list[dict[str, Any]]:
    """Return the flags of a cooperative's application."""
    flags = [*_contacts(content), *_returned(times_returned)]
    flags += [_flag("site_yellow", day=site["status_on"] or "") for site in content["sites"] if site["status"] == 2]
    if conflict_source:
        flags.append(_flag("conflict_area", source=conflict_source))
    return flags + _screening(screening, today=today)


def contact_data(text: str) -> list[str]:
    """Return what looks like an address, a link, a telephone number or a messenger in a text."""
    return list(dict.fromkeys(match.group(0) for pattern in _CONTACT for match in pattern.finditer(text)))


def implausible_weight(content: Mapping[str, Any]) -> str | None:
    """Return why a weight cannot be right, in short, or None. Weight in whole milligrams, dimensions in millimetres."""
    weight_mg, pieces = int(content.get("weight_mg") or 0), int(content.get("pieces") or 1)
    each = Decimal(weight_mg) / pieces
    if content.get("kind") == "gold":
        return N_("very heavy for one lot of gold") if weight_mg > HEAVIEST_GOLD_MG else None
    if each > HEAVIEST_STONE_MG:
        return N_("very heavy for one stone")
    if each < LIGHTEST_PIECE_MG:
        return N_("very light for one stone")
    if pieces != 1:
        return None
    density = densities().get(str(content.get("variety")), ANY_DENSITY)
    return _against_dimensions(each, str(content.get("dimensions") or ""), density=density)


def _against_dimensions(weight_mg: Decimal, dimensions: str, *, density: tuple[Decimal, Decimal]) -> str | None:
    """Hold a stone's weight against its box: none is heavier than the box filled whole with its own mineral."""
    sides = [Decimal(number.replace(",", ".")) for number in _NUMBER.findall(dimensions)[:3]]
    if len(sides) != 3 or not all(sides):
        return None
    box = sides[0] * sides[1] * sides[2]
    lightest, densest = density
    if weight_mg > box * densest:
        return N_("too heavy for its dimensions")
    return N_("too light for its dimensions") if weight_mg < box * lightest * LEAST_FILLED else None


def _price(position: str) -> list[dict[str, Any]]:
    code = {"below": "price_below", "above": "price_above", "unknown": "no_guidance"}.get(position)
    return [_flag(code)] if code else []


def _seen_before(content: Mapping[str, Any], evidence: LotEvidence) -> list[dict[str, Any]]:
    flags = []
    if evidence.photo_lots:
        flags.append(_flag("photo_again", lots=", ".join(evidence.photo_lots)))
    alike = [lot for lot in evidence.alike_lots if lot not in evidence.photo_lots]
    if alike:
        flags.append(_flag("photo_alike", lots=", ".join(alike)))
    if evidence.certificate_lots:
        number = str(content.get("report_number"))
        flags.append(_flag("certificate_again", number=number, lots=", ".join(evidence.certificate_lots)))
    if evidence.tag_lots:
        flags.append(_flag("tag_again", tag=str(content.get("tag_number")), lots=", ".join(evidence.tag_lots)))
    return flags


def _told_by_photos(hints: Sequence[tuple[str, Mapping[str, str]]]) -> list[dict[str, Any]]:
    """Return one flag for each kind of hint, with the photos it is about and what they told."""
    flags = []
    for code in _HINTS:
        found = [(slot, hint) for slot, hint in hints if hint["code"] == code]
        if found:
            facts = {name: _each(hint.get(key) for _, hint in found) for name, key in _HINTS[code].items()}
            flags.append(_flag(f"photo_{code}", slots=[slot for slot, _ in found], **facts))
    return flags


def _each(given: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(each for each in given if each))


def _site(evidence: LotEvidence, *, today: date) -> list[dict[str, Any]]:
    flags = []
    if evidence.attested_on is not None:
        ends = evidence.attested_on + ATTESTATION_LASTS
        if today <= ends <= today + WARN_BEFORE:
            flags.append(_flag("attestation_ends", day=ends.isoformat()))
    if evidence.site_status == 2:
        flags.append(_flag("site_yellow", day=evidence.site_status_on.isoformat() if evidence.site_status_on else ""))
    return flags


def _screening(found: Screening, *, today: date) -> list[dict[str, Any]]:
    """Return the hit, and what is old. A cooperative that was never screened is told by the gate, not here."""
    flags = [_flag("screening_hit", hit=found.hit)] if found.hit else []
    is_old = found.screened_on is not None and today - found.screened_on > SCREENING_LASTS
    if is_old or found.old_lists:
        day = found.screened_on.isoformat() if found.screened_on else "–"
        flags.append(_flag("screening_stale", day=day, lists=", ".join(found.old_lists) or "–"))
    return flags


def _weight(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    why = implausible_weight(content)
    return [_flag("weight_implausible", why=why)] if why else []


def _contacts(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    text = "\n".join(str(content.get(name) or "") for name in FREE_TEXT)
    found = contact_data(text)
    return [_flag("contact_in_text", found=", ".join(found[:5]))] if found else []


def _returned(times: int) -> list[dict[str, Any]]:
    return [_flag("returned", times=times)] if times else []


def _flag(code: str, **evidence: object) -> dict[str, Any]:
    return {"code": code, "evidence": evidence}
