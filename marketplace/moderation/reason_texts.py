"""What a reason says to a cooperative in its language: the fact, the rule, and how to mend it, each a whole sentence.

The texts stand in `texts/reasons.csv`, one row a sentence with its four languages. Swahili, French and Spanish were
translated by a machine and await a reader who speaks them. A reason of an earlier version of the program that is not
there any more keeps the text stored with its decision.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from marketplace.moderation.reasons import BY_CODE, Reason

LANGUAGES: Final = ("en", "sw", "fr", "es")
FACT, RULE, MEND = "fact", "rule", "mend"
SOURCE: Final = Path(__file__).parent / "texts" / "reasons.csv"
# The rule behind each reason.
RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            ("PHOTO_UNCLEAR", "PHOTO_MISSING", "PHOTO_NO_SCALE", "PHOTO_OTHER_GOODS", "PHOTO_PEOPLE"), "photos"
        ),
        **dict.fromkeys(("WEIGHT_DOUBTFUL", "PIECES_DOUBTFUL"), "weight"),
        **dict.fromkeys(
            (
                "VARIETY_DOUBTFUL",
                "TREATMENT_UNKNOWN",
                "QUALITY_DOUBTFUL",
                "FINENESS_DOUBTFUL",
                "MERCURY_UNCLEAR",
                "REPORT_NEEDED",
            ),
            "quality",
        ),
        **dict.fromkeys(("ORIGIN_UNCLEAR", "DAYS_UNCLEAR", "TAG_UNREADABLE", "TAG_USED"), "origin"),
        "PRICE_UNEXPLAINED": "price",
        "CONTACT_IN_TEXT": "contact",
        **dict.fromkeys(("ALREADY_LISTED", "NOT_NATURAL", "NOT_OWN_GOODS"), "goods"),
        **dict.fromkeys(("SITE_CLOSED", "DECLARATION_OLD"), "site"),
        **dict.fromkeys(
            ("REGISTRATION_UNCLEAR", "MEMBERS_UNCLEAR", "LICENCE_UNCLEAR", "NOT_MEMBER_OWNED"), "cooperative"
        ),
        "SCREENING_HIT": "checks",
        "OTHER": "other",
    }
)


class ReasonWords(NamedTuple):
    """A reason in one language; `fact` and `rule` are empty for one that was retired."""

    fact: str
    rule: str
    mend: str

    @property
    def sentences(self) -> str:
        """Return what is told, one sentence after the other."""
        return " ".join(part for part in self if part)


def words_of(reason: Reason, *, language: str) -> ReasonWords:
    """Return a reason's words in a language; English for one that we do not write."""
    if reason.code not in BY_CODE:
        return ReasonWords("", "", reason.text)
    texts, written = _texts(), language if language in LANGUAGES else "en"
    return ReasonWords(
        texts[reason.code, FACT][written],
        texts[RULES[reason.code], RULE][written],
        texts[reason.code, MEND][written],
    )


@cache
def _texts() -> Mapping[tuple[str, str], Mapping[str, str]]:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return {(row["code"], row["part"]): row for row in csv.DictReader(file)}
