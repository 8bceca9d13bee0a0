"""What single countries ask of goods that leave them, read from the data. Pure.

Source: marketplace/data/rules/export_form_rules.csv; every row names its own and how sure it is.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

PUBLISH, SHIP = "publish", "ship"
ANY: Final = "any"
PAPERS: Final = "papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRule:
    """One row. `needs` are (stage, alternatives): one paper of each tuple of alternatives must be there.

    `goods` is any, gold, gem, or the code of a variety; `asks` names the check of a rule that no paper meets.
    """

    code: str
    country: str
    goods: str
    form: str
    stage: str
    effect: str
    asks: str
    needs: tuple[tuple[str, tuple[str, ...]], ...]

    def is_for(self, *, country: str, kind: str, variety: str | None, form: str) -> bool:
        """Say whether the rule is about such goods."""
        is_its_goods = self.goods in {ANY, kind, variety}
        return self.country == country and is_its_goods and self.form in {ANY, form}


@cache
def country_rules() -> tuple[CountryRule, ...]:
    """Return every rule in the order of the data."""
    text = (files("marketplace.data") / "rules" / "export_form_rules.csv").read_text(encoding="utf-8")
    return tuple(_rule(row) for row in csv.DictReader(text.splitlines()))


def _rule(row: Mapping[str, str]) -> CountryRule:
    return CountryRule(
        code=row["code"],
        country=row["iso2"],
        goods=row["goods"],
        form=row["form"],
        stage=row["when"],
        effect=row["effect"],
        asks=row["asks"],
        needs=_needs(row["asks"], stage=row["when"]) if row["effect"] == PAPERS else (),
    )


def _needs(text: str, *, stage: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read "a + b|c@ship": a at the rule's own stage, and b or c before shipment."""
    found = []
    for part in text.split(" + "):
        kinds, _, own_stage = part.partition("@")
        found.append((own_stage or stage, tuple(kinds.split("|"))))
    return tuple(found)
