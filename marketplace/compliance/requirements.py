"""Which papers goods need before they are published and before they are shipped, and which are missing. Pure.

Source: marketplace/data/rules/publication_requirements.csv by kind of goods, and the rules of the country beside it.
The rows that no paper meets are checked where the answers are: the column `checks` names each place.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from marketplace.compliance.country_rules import PUBLISH, SHIP, CountryRule, country_rules
from marketplace.compliance.document_kinds import LABELS
from marketplace.compliance.gate import Goods, Mender, Unmet
from marketplace.core.text import N_, Words

PENDING, ACCEPTED, REJECTED, EXPIRED = "pending", "accepted", "rejected", "expired"
STAGES: Final = (PUBLISH, SHIP)
# Member states of the International Conference on the Great Lakes Region (its pact of 2006, article 1).
ICGLR_STATES: Final = frozenset({"AO", "BI", "CD", "CF", "CG", "KE", "RW", "SD", "SS", "TZ", "UG", "ZM"})
# A polished diamond above 0.30 carat needs a report: 0.30 x 200 mg.
REPORT_ABOVE_MG: Final = 60
# When several papers are there, the best one speaks.
_BEST_FIRST: Final = (ACCEPTED, PENDING, EXPIRED, REJECTED)
_OTHER_MINERAL: Final = "other_mineral"
# Why the best paper there is does not do: a code, what to say, and who mends it; None when there is none at all.
_SAID: Final[Mapping[str | None, tuple[str, str, Mender]]] = {
    None: ("paper_missing", N_("Upload this paper: %(document)s."), Mender.COOPERATIVE),
    PENDING: ("paper_waiting", N_("Pact must look at this paper: %(document)s."), Mender.STAFF),
    EXPIRED: (
        "paper_expired",
        N_("This paper is no longer valid. Upload the new one: %(document)s."),
        Mender.COOPERATIVE,
    ),
    REJECTED: (
        "paper_rejected",
        N_("Pact refused this paper. Read why and upload it again: %(document)s."),
        Mender.COOPERATIVE,
    ),
    _OTHER_MINERAL: (
        "paper_other_mineral",
        N_("This paper is for another mineral. Upload the one for these goods: %(document)s."),
        Mender.COOPERATIVE,
    ),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the table: `cells` by category of goods, `checks` as (where, what) pairs."""

    code: str
    stage: str
    cells: Mapping[str, str]
    checks: tuple[tuple[str, str], ...]

    @property
    def papers(self) -> tuple[str, ...]:
        """Return the kinds of documents it asks for."""
        return tuple(what for where, what in self.checks if where == "document")

    def is_required(self, category: str) -> bool:
        """Say whether goods of this category need it."""
        cell = self.cells[category]
        return cell != "-" and not cell.startswith("recommended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What the papers depend on: the goods, who sells, and whether the goods leave their country.

    `is_in_conflict_area` is what the list of conflict-affected areas says of the site on this day.
    """

    goods: Goods
    variety: str | None
    seller_form: str
    is_in_conflict_area: bool = False
    leaves_country: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is known of a document. `of_lot` tells the lot's own from those of site, cooperative and order.

    `minerals` are those a mining right names; empty when nobody told them.
    """

    kind: str
    state: str
    issued_on: date | None = None
    expires_on: date | None = None
    of_lot: bool = False
    minerals: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Need:
    """A paper that must be there: one of `kinds`; `rule` is the row it comes from."""

    rule: str
    kinds: tuple[str, ...]


@cache
def requirements() -> tuple[Requirement, ...]:
    """Return the rows of the table in its order."""
    text = (files("marketplace.data") / "rules" / "publication_requirements.csv").read_text(encoding="utf-8")
    return tuple(_requirement(row) for row in csv.DictReader(text.splitlines()))


def category_of(trade: Trade) -> str:
    """Return the column of the table for these goods."""
    if trade.goods.kind == "gold":
        return "gold"
    is_rough = trade.goods.form == "rough"
    if trade.goods.mineral == "diamond":
        return "diamond_rough" if is_rough else "diamond_polished"
    return "coloured_gem_rough" if is_rough else "coloured_gem_cut"


def needs_of(trade: Trade, *, stage: str) -> list[Need]:
    """Return the papers that goods need at a stage, each once; goods that stay in their country need none to ship."""
    if stage == SHIP and not trade.leaves_country:
        return []
    found = [*_by_table(trade, stage), *_by_country(trade, stage)]
    once: dict[tuple[str, ...], Need] = {}
    for need in found:
        once.setdefault(need.kinds, need)
    return list(once.values())


def missing_papers(trade: Trade, papers: Iterable[Paper], *, stage: str, today: date) -> list[Unmet]:
    """Return one explanation for each paper that is not there, not accepted yet, refused, or over."""
    kept = list(papers)
    found = [_unmet(need, kept, trade, today=today) for need in needs_of(trade, stage=stage)]
    return [each for each in found if each is not None]


def broken_rules(trade: Trade, papers: Iterable[Paper], *, today: date) -> list[Unmet]:
    """Return the rules of the country that block these goods whatever else is there."""
    is_licensed = any(each.kind == "dealer_licence" and _is_valid(each, today) for each in papers)
    rules = (rule for rule in _rules_for(trade) if rule.asks == "seller:cooperative_or_licensed")
    if trade.seller_form == "cooperative" or is_licensed:
        return []
    text = N_("In this country only a cooperative or a licensed trader may sell. Upload the dealer licence.")
    return [Unmet("seller_not_licensed", text, Mender.COOPERATIVE, about="dealer_licence") for _rule in rules]


def notices(trade: Trade) -> list[str]:
    """Return what people should know and nothing blocks: messages to translate."""
    known = {
        "notice:raw_export_restricted": N_(
            "Kenya restricts the export of raw minerals. Ask the ministry before the goods leave. Unverified."
        )
    }
    return [known[rule.asks] for rule in _rules_for(trade) if rule.asks in known]


def _by_table(trade: Trade, stage: str) -> list[Need]:
    category = category_of(trade)
    rows = (row for row in requirements() if row.stage == stage and row.is_required(category))
    return [Need(row.code, (kind,)) for row in rows for kind in row.papers if _applies(kind, trade)]


def _by_country(trade: Trade, stage: str) -> list[Need]:
    return [
        Need(rule.code, kinds)
        for rule in _rules_for(trade)
        for own_stage, kinds in rule.needs
        if own_stage == stage and all(_applies(kind, trade) for kind in kinds)
    ]


def _rules_for(trade: Trade) -> list[CountryRule]:
    goods = trade.goods
    return [
        rule
        for rule in country_rules()
        if rule.is_for(country=goods.country, kind=goods.kind, variety=trade.variety, form=goods.form)
    ]


def _applies(kind: str, trade: Trade) -> bool:
    """Say whether a paper is about such goods at all: the words in the cells of the table, as conditions."""
    goods = trade.goods
    if kind == "kp_certificate":
        return goods.mineral == "diamond" and goods.form == "rough"
    if kind == "certificate_of_origin_tanzanite":
        return trade.variety == "tanzanite" and goods.country == "TZ"
    if kind == "icglr_certificate":
        return goods.kind == "gold" and goods.country in ICGLR_STATES
    if kind == "lab_report":
        return goods.weight_mg > REPORT_ABOVE_MG * goods.pieces
    if kind == "site_inspection":
        return trade.is_in_conflict_area
    return True


def _is_about(paper: Paper, trade: Trade) -> bool:
    """Say whether a paper can be about these goods: a summary of payments must be newer than the first digging."""
    if paper.kind != "miner_payment_sheet" or paper.of_lot:
        return not _is_for_other_mineral(paper, trade)
    first = trade.goods.mined_from or trade.goods.mined_to
    return first is None or (paper.issued_on is not None and paper.issued_on >= first)


def _is_for_other_mineral(paper: Paper, trade: Trade) -> bool:
    return bool(paper.minerals) and trade.goods.mineral not in paper.minerals


def _is_valid(paper: Paper, today: date) -> bool:
    return paper.state == ACCEPTED and not _is_over(paper, today)


def _is_over(paper: Paper, today: date) -> bool:
    """Say whether its last day is past; it still counts on that day."""
    return paper.state == EXPIRED or (paper.expires_on is not None and paper.expires_on < today)


def _state_on(paper: Paper, today: date) -> str:
    return EXPIRED if paper.state != REJECTED and _is_over(paper, today) else paper.state


def _unmet(need: Need, papers: Iterable[Paper], trade: Trade, *, today: date) -> Unmet | None:
    of_kind = [each for each in papers if each.kind in need.kinds]
    states = {_state_on(each, today) for each in of_kind if _is_about(each, trade)}
    best = next((state for state in _BEST_FIRST if state in states), None)
    if best == ACCEPTED:
        return None
    if best is None and any(_is_for_other_mineral(each, trade) for each in of_kind):
        best = _OTHER_MINERAL
    if best is None and len(need.kinds) > 1:
        return _one_of_two(need.kinds)
    code, text, mender = _SAID[best]
    return Unmet(code, text, mender, {"document": Words(LABELS[need.kinds[0]])}, about=need.kinds[0])


def _one_of_two(kinds: tuple[str, ...]) -> Unmet:
    text = N_("Upload one of these papers: %(document)s, or %(other)s.")
    words = {"document": Words(LABELS[kinds[0]]), "other": Words(LABELS[kinds[1]])}
    return Unmet("paper_missing", text, Mender.COOPERATIVE, words, about=kinds[0])


def _requirement(row: Mapping[str, str]) -> Requirement:
    names = ("gold", "coloured_gem_rough", "coloured_gem_cut", "diamond_rough", "diamond_polished")
    return Requirement(
        code=row["code"], stage=row["when"], cells={name: row[name] for name in names}, checks=_checks(row["checks"])
    )


def _checks(text: str) -> tuple[tuple[str, str], ...]:
    """Read "gate:a b document:c" as pairs; a name without a place has that of the one before."""
    found, place = [], ""
    for word in text.split():
        before, separator, after = word.partition(":")
        place = before if separator else place
        found.append((place, after if separator else word))
    return tuple(found)
