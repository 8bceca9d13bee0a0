"""Names of gem varieties in the languages of the marketplace; codes are those of the vocabulary."""

from __future__ import annotations

from typing import Final, NamedTuple

from marketplace.pricing.shipped import rows_of


class Names(NamedTuple):
    """One variety as the trade writes it in each language."""

    en: str
    sw: str
    fr: str
    es: str


# The shipped vocabulary has them; its Swahili and Spanish names wait for a native speaker's check.
VARIETIES: Final[dict[str, Names]] = {
    row["code"]: Names(row["name_en"], row["name_sw"], row["name_fr"], row["name_es"])
    for row in rows_of("vocabulary/gem_varieties.csv")
}


def variety_name(code: str, language: str) -> str:
    """Return the name in this language, the English one if there is none, the code as words if it is unknown."""
    names = VARIETIES.get(code)
    if names is None:
        return code.replace("_", " ").capitalize()
    return str(getattr(names, language, names.en))
