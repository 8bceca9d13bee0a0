"""The codes of incidents with their words: Annex II of the OECD Due Diligence Guidance, severities, sources. Pure."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NamedTuple

from marketplace.core.text import N_

SEVERE: Final = "severe"
CHILD_LABOUR: Final = "A3"


class Risk(NamedTuple):
    """One risk of Annex II: its code, its words, and what the guidance asks for."""

    code: str
    words: str
    response: str


class Severity(NamedTuple):
    """How grave an incident is, with what the word means here."""

    code: str
    words: str
    meaning: str


# The shipped vocabulary says what the codes are; the words stand here so that they can be translated.
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "A1": N_("Torture or cruel treatment"),
        "A2": N_("Forced labour"),
        "A3": N_("Worst forms of child labour"),
        "A4": N_("Other gross abuse, such as sexual violence"),
        "A5": N_("War crimes or crimes against humanity"),
        "B1": N_("Support of armed groups"),
        "C1": N_("Security forces that act illegally"),
        "D1": N_("Bribery, or a false origin"),
        "E1": N_("Money laundering or money for terror"),
        "F1": N_("Taxes or fees not paid"),
    }
)
RESPONSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "suspend_or_disengage": N_("Stop trade, or end it."),
        "mitigate_6_months": N_("Put it right within six months."),
    }
)
SEVERITIES: Final = (
    Severity("low", N_("Low"), N_("Nobody was hurt. It can be put right on the spot.")),
    Severity("medium", N_("Medium"), N_("People or the law were harmed. A plan is needed.")),
    Severity(SEVERE, N_("Severe"), N_("Life, freedom or a child is in danger. Trade stops until it is put right.")),
)
SOURCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "field_visit": N_("Field visit"),
        "public_report": N_("Public report"),
        "staff": N_("Pact staff"),
        "press": N_("Press"),
        "authority": N_("Authority"),
    }
)


@cache
def risks() -> Mapping[str, Risk]:
    """Return the risks of Annex II by code, in the order of the shipped vocabulary."""
    text = (files("marketplace.data") / "vocabulary" / "oecd_annex_ii.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["code"]: Risk(row["code"], _WORDS[row["code"]], row["response"]) for row in rows})


def severity_words(code: str) -> str:
    """Return the word of a severity."""
    return next(each.words for each in SEVERITIES if each.code == code)
