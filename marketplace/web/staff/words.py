"""Stored answers, flags and working as the reader's words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from marketplace.compliance.canonical import Change as ApplicationChange
from marketplace.compliance.canonical import difference as difference_of_applications
from marketplace.core.money import Money
from marketplace.http.languages import translate
from marketplace.lots.differences import Change as LotChange
from marketplace.lots.differences import difference as difference_of_lots
from marketplace.lots.vocabulary import CLAIM_SOURCES, PHOTO_SLOTS
from marketplace.moderation.flags import LABELS, OUTSIDE_GUIDANCE, TEXTS
from marketplace.web.filters import country, short_date

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN_ELSEWHERE: Final = frozenset(
    {"title", "kind", "price", "reason_for_price", "photos", "weight_unit", "cooperative", "claims"}
)
_CLAIM_OF: Final = {
    "weight_mg": "weight",
    "fineness_permille": "fineness",
    "site_reference": "origin",
    "mined_to": "mined",
}
_ALARMING: Final = frozenset(
    {
        "photo_again",
        "photo_alike",
        "certificate_again",
        "tag_again",
        "contact_in_text",
        "weight_implausible",
        "screening_hit",
    }
)


def changes(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what differs as rows of the diff: label, before and after in the reader's language."""
    found: Sequence[LotChange | ApplicationChange] = (
        difference_of_lots(before, after) if kind == "lot" else difference_of_applications(dict(before), dict(after))
    )
    return [
        {
            "field": each.field,
            "label": translate(each.label),
            "before": _words(each.field, each.before),
            "after": _words(each.field, each.after),
        }
        for each in found
    ]


def answers_of_lot(content: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the answers of a lot version with how each is known; what the page shows elsewhere is left out."""
    claims = content.get("claims") or {}
    rows = [row for row in changes("lot", {}, content) if row["field"].split(".")[0] not in _SHOWN_ELSEWHERE]
    return [
        {
            **row,
            "how": translate(CLAIM_SOURCES.get(claims.get(_CLAIM_OF.get(row["field"], row["field"]), ""), "") or ""),
        }
        for row in rows
    ]


def flags_in_words(flags: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return the flags with label, sentence and tone; what is unknown to this version shows its code."""
    return [
        {
            "code": flag["code"],
            "label": translate(LABELS.get(flag["code"], flag["code"])),
            "text": translate(TEXTS[flag["code"]], **_evidence(flag)) if flag["code"] in TEXTS else flag["code"],
            "tone": tone_of(flag["code"]),
        }
        for flag in flags
    ]


def tone_of(code: str) -> str:
    """Return how loud a flag is shown."""
    return "bad" if code in _ALARMING else "warn" if code in OUTSIDE_GUIDANCE else "info"


def money_of(stored: Mapping[str, Any] | None) -> Money | None:
    """Return an amount from its stored form."""
    return Money(stored["minor"], stored["currency"]) if stored else None


def _evidence(flag: Mapping[str, Any]) -> dict[str, Any]:
    evidence = dict(flag.get("evidence") or {})
    if "why" in evidence:
        evidence["why"] = translate(evidence["why"])
    if "slots" in evidence:
        evidence["slots"] = ", ".join(translate(PHOTO_SLOTS.get(slot, slot)) for slot in evidence["slots"])
    # translate() fills nothing in when there are no parts, and then "%" stands for itself
    return evidence


def _words(field: str, value: str | tuple[str, ...]) -> str:
    words = (value,) if isinstance(value, str) else value
    return ", ".join(_word(field, word) for word in words if word)


def _word(field: str, word: str) -> str:
    if field == "country":
        return country(word)
    if _DAY.fullmatch(word):
        return short_date(date.fromisoformat(word))
    return translate(word)
