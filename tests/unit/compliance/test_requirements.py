"""Every row of both tables has an example that passes and one that fails."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace.compliance.country_rules import PUBLISH, SHIP, country_rules
from marketplace.compliance.document_kinds import LABELS, OWNERS, document_kinds, kinds_of
from marketplace.compliance.gate import Facts, Mender, unmet
from marketplace.compliance.requirements import (
    Need,
    Paper,
    Trade,
    broken_rules,
    category_of,
    missing_papers,
    needs_of,
    notices,
    requirements,
)
from marketplace.lots.checks import Subject, missing
from marketplace.lots.draft import Surroundings, read_draft
from tests.builders.lots import GOLD as GOLD_STEPS
from tests.builders.lots import STONE as STONE_STEPS
from tests.unit.compliance.test_gate import FACTS, GOLD, SITE, STONE, TODAY

TANZANITE = Trade(goods=STONE, variety="tanzanite", seller_form="cooperative")
DORE = Trade(goods=GOLD, variety=None, seller_form="cooperative")
DIAMOND = replace(TANZANITE, goods=replace(STONE, mineral="diamond"), variety="diamond")
POLISHED = replace(DIAMOND, goods=replace(STONE, mineral="diamond", form="cut", weight_mg=61))


def of_country(trade: Trade, country: str) -> Trade:
    return replace(trade, goods=replace(trade.goods, country=country))


def paper(kind: str, state: str = "accepted", **other: Any) -> Paper:
    return Paper(kind=kind, state=state, issued_on=date(2026, 9, 1), **other)


def all_papers(trade: Trade, stage: str) -> list[Paper]:
    return [paper(need.kinds[0]) for need in needs_of(trade, stage=stage)]


def kinds(trade: Trade, stage: str) -> list[str]:
    return [kind for need in needs_of(trade, stage=stage) for kind in need.kinds]


def codes(trade: Trade, papers: list[Paper], stage: str = PUBLISH) -> list[str]:
    return [each.code for each in missing_papers(trade, papers, stage=stage, today=TODAY)]


def gate(**change: Any) -> set[str]:
    return {each.code for each in unmet(replace(FACTS, **change))}


def of_site(**change: Any) -> set[str]:
    return gate(site=replace(SITE, **change))


def fields(steps: Mapping[str, Mapping[str, str]], *, step: str = "", photos: int = 4, **change: str) -> set[str]:
    """Return the places at which a draft lacks something."""
    around = Surroundings(today=TODAY, sites=frozenset({"MS-1"}), currencies=frozenset({"USD"}))
    full = {**steps, "origin": {**steps["origin"], "site": "MS-1", "tag_number": "TZ-1"}}
    answers = read_draft(
        {name: {"typed": {**typed, **(change if name == step else {})}} for name, typed in full.items()}, around
    )
    subject = Subject(answers, photos, tag_is_taken=False, reason_is_missing=False, price_problem=None, unmet=[])
    return {f"{each.step}.{each.field}" for each in missing(subject)}


def without(trade: Trade, stage: str) -> set[str]:
    """Return which kinds are named as missing when no paper is there at all."""
    named = missing_papers(trade, [], stage=stage, today=TODAY)
    assert len(named) == len(needs_of(trade, stage=stage))
    return set(kinds(trade, stage))


# What each row names when it is broken: the check of the table, and the example that breaks it.
BROKEN = {
    "cooperative_approved": {
        "gate:cooperative_not_approved": lambda: gate(cooperative_state="submitted"),
        "gate:cooperative_suspended": lambda: gate(cooperative_state="suspended"),
        "gate:screening_old": lambda: gate(screened_on=TODAY - timedelta(days=31)),
    },
    "site_known": {
        "gate:site_missing": lambda: gate(site=None),
        "gate:site_not_verified": lambda: of_site(is_verified=False),
        "gate:site_red": lambda: of_site(status=3),
        "gate:site_abandoned": lambda: of_site(activity="abandoned"),
    },
    "mining_right": {
        "gate:right_missing": lambda: of_site(right_kind="unlicensed"),
        "gate:right_not_valid": lambda: of_site(right_valid_to=date(2026, 8, 19)),
        "gate:right_other_mineral": lambda: of_site(minerals=frozenset({"gold"})),
        "gate:mined_day_missing": lambda: gate(goods=replace(STONE, mined_from=None, mined_to=None)),
        "document:mining_right": lambda: without(TANZANITE, PUBLISH),
    },
    "child_labour_attestation": {
        "gate:attestation_old": lambda: of_site(attested_on=TODAY - timedelta(days=366)),
        "gate:incident_child_labour": lambda: gate(has_child_labour_incident=True),
        "document:child_labour_attestation": lambda: without(TANZANITE, PUBLISH),
    },
    "conflict_screening": {
        "gate:incident_severe": lambda: gate(has_severe_incident=True),
        "document:site_inspection": lambda: without(replace(TANZANITE, is_in_conflict_area=True), PUBLISH),
    },
    "miner_payments": {"document:miner_payment_sheet": lambda: without(TANZANITE, PUBLISH)},
    "sealed_bag": {"lot:origin.tag_number": lambda: fields(STONE_STEPS, step="origin", tag_number="")},
    "weight": {"lot:weight.weight": lambda: fields(STONE_STEPS, step="weight", weight="")},
    "photos": {"lot:photos.": lambda: fields(STONE_STEPS, photos=2)},
    "fineness": {
        "lot:quality.fineness": lambda: fields(GOLD_STEPS, step="quality", fineness=""),
        "lot:quality.fineness_method": lambda: fields(GOLD_STEPS, step="quality", fineness_method=""),
    },
    "mercury": {"gate:mercury": lambda: gate(goods=replace(GOLD, mercury="unknown"))},
    "worst_practices": {
        "lot:quality.no_worst_practice": lambda: fields(GOLD_STEPS, step="quality", no_worst_practice="")
    },
    "variety": {
        "lot:quality.variety": lambda: fields(STONE_STEPS, step="quality", variety=""),
        "lot:quality.treatment": lambda: fields(STONE_STEPS, step="quality", treatment=""),
    },
    "natural_origin": {"lot:quality.natural": lambda: fields(STONE_STEPS, step="quality", natural="")},
    "lab_report": {"document:lab_report": lambda: without(POLISHED, PUBLISH)},
    "kp_certificate": {"document:kp_certificate": lambda: without(DIAMOND, SHIP)},
    "export_permit": {"document:export_permit": lambda: without(DORE, SHIP)},
    "royalty_receipts": {
        "document:royalty_receipt": lambda: without(DORE, SHIP),
        "document:inspection_fee_receipt": lambda: without(DORE, SHIP),
    },
    "tanzanite_origin": {"document:certificate_of_origin_tanzanite": lambda: without(TANZANITE, SHIP)},
    "tanzania_rough": {"gate:cut_in_country": lambda: gate(goods=replace(STONE, weight_mg=2001))},
    "icglr_certificate": {"document:icglr_certificate": lambda: without(DORE, SHIP)},
}


def test_no_row_of_the_table_and_none_of_its_checks_is_forgotten() -> None:
    rows = {row.code: {f"{where}:{what}" for where, what in row.checks} for row in requirements()}

    assert len(rows) == 21
    assert rows == {code: set(checks) for code, checks in BROKEN.items()}


@pytest.mark.parametrize("code", BROKEN)
def test_each_check_of_a_row_fails_on_its_example(code: str) -> None:
    for check, example in BROKEN[code].items():
        assert check.partition(":")[2] in example(), check


def test_what_has_everything_passes_every_row() -> None:
    assert gate() == set() == unmet_codes(replace(FACTS, goods=GOLD))
    assert fields(STONE_STEPS) == set() == fields(GOLD_STEPS)
    for trade in (TANZANITE, DORE, DIAMOND, POLISHED, replace(TANZANITE, is_in_conflict_area=True)):
        for stage in (PUBLISH, SHIP):
            assert codes(trade, all_papers(trade, stage), stage) == []


def unmet_codes(facts: Facts) -> set[str]:
    return {each.code for each in unmet(facts)}


@pytest.mark.parametrize(
    ("code", "asked", "not_asked"),
    [
        ("tz_rough_two_grams", lambda: gate(goods=replace(STONE, weight_mg=2001)), gate),
        ("tz_tanzanite", lambda: kinds(TANZANITE, SHIP), lambda: kinds(replace(TANZANITE, variety="ruby"), SHIP)),
        ("tz_diamond", lambda: kinds(DIAMOND, SHIP), lambda: kinds(POLISHED, SHIP)),
        ("tz_exporters", lambda: kinds(DORE, SHIP), lambda: kinds(replace(DORE, leaves_country=False), SHIP)),
        ("tz_markets", lambda: kinds(DORE, SHIP), lambda: kinds(of_country(DORE, "KE"), SHIP)),
        ("ke_dealings", lambda: kinds(of_country(DORE, "KE"), SHIP), lambda: kinds(DORE, SHIP)),
        ("ke_raw", lambda: notices(of_country(TANZANITE, "KE")), lambda: notices(of_country(POLISHED, "KE"))),
        (
            "cd_cooperatives",
            lambda: broken_rules(replace(of_country(DORE, "CD"), seller_form="company"), [], today=TODAY),
            lambda: broken_rules(of_country(DORE, "CD"), [], today=TODAY),
        ),
        ("cd_icglr", lambda: kinds(of_country(DORE, "CD"), SHIP), lambda: kinds(of_country(DORE, "CO"), SHIP)),
        ("sl_valuation", lambda: kinds(of_country(DIAMOND, "SL"), SHIP), lambda: kinds(of_country(DORE, "ML"), SHIP)),
        ("co_rucom", lambda: kinds(of_country(DORE, "CO"), PUBLISH), lambda: kinds(DORE, PUBLISH)),
        ("ml_gold", lambda: kinds(of_country(DORE, "ML"), PUBLISH), lambda: kinds(of_country(DIAMOND, "ML"), PUBLISH)),
    ],
)
def test_each_country_rule_asks_of_its_goods_and_of_no_others(code: str, asked: Any, not_asked: Any) -> None:
    rule = next(rule for rule in country_rules() if rule.code == code)
    named = {
        "tz_rough_two_grams": ["cut_in_country"],
        "co_rucom": ["rucom_certificate"],
        "ml_gold": ["carte_orpailleur"],
    }.get(code, [kind for stage, one_of in rule.needs for kind in one_of])

    if code in {"ke_raw", "cd_cooperatives"}:
        assert (len(asked()), len(not_asked())) == (1, 0)
    else:
        assert set(named) <= set(asked())
        assert not set(named) <= set(not_asked())


def test_every_country_rule_stands_in_the_examples_above() -> None:
    assert [rule.code for rule in country_rules()] == [
        "tz_rough_two_grams", "tz_tanzanite", "tz_diamond", "tz_exporters", "tz_markets", "ke_dealings", "ke_raw",
        "cd_cooperatives", "cd_icglr", "sl_valuation", "co_rucom", "ml_gold",
    ]  # fmt: skip


def test_the_papers_of_a_tanzanite_by_stage_each_once() -> None:
    assert kinds(TANZANITE, PUBLISH) == ["mining_right", "child_labour_attestation", "miner_payment_sheet"]
    assert kinds(TANZANITE, SHIP) == [
        "export_permit", "royalty_receipt", "inspection_fee_receipt", "certificate_of_origin_tanzanite",
        "market_sale_receipt", "valuation_certificate",
    ]  # fmt: skip


def test_the_stages_of_a_rule_with_both() -> None:
    gold = of_country(DORE, "ML")

    assert kinds(gold, PUBLISH)[-1] == "carte_orpailleur"
    assert kinds(gold, SHIP)[-2:] == ["comptoir_licence", "bordereau_exportation"]


def test_nothing_is_needed_to_ship_within_the_country() -> None:
    assert needs_of(replace(DIAMOND, leaves_country=False), stage=SHIP) == []
    assert needs_of(replace(DIAMOND, leaves_country=False), stage=PUBLISH) != []


def test_one_of_two_papers_is_enough() -> None:
    gold = of_country(DORE, "CO")
    need = Need("co_rucom", ("certificado_de_origen", "declaracion_de_produccion"))
    assert need in needs_of(gold, stage=SHIP)
    others = [each for each in all_papers(gold, SHIP) if each.kind != "certificado_de_origen"]

    assert codes(gold, [*others, paper("declaracion_de_produccion")], SHIP) == []
    (lacking,) = missing_papers(gold, others, stage=SHIP, today=TODAY)
    assert lacking.text == "Upload one of these papers: %(document)s, or %(other)s."
    assert lacking.params == {
        "document": "Certificate of origin (Colombia)", "other": "Declaration of production (Colombia)",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "code", "mender"),
    [
        ("pending", "paper_waiting", Mender.STAFF),
        ("rejected", "paper_rejected", Mender.COOPERATIVE),
        ("expired", "paper_expired", Mender.COOPERATIVE),
    ],
)
def test_a_paper_that_does_not_count_is_explained(state: str, code: str, mender: Mender) -> None:
    papers = [paper("mining_right", state), paper("child_labour_attestation"), paper("miner_payment_sheet")]

    (found,) = missing_papers(TANZANITE, papers, stage=PUBLISH, today=TODAY)

    assert (found.code, found.mender, found.params) == (code, mender, {"document": "Mining right or licence"})
    assert codes(TANZANITE, [*papers, paper("mining_right")]) == []


def test_a_right_for_another_mineral_does_not_count_and_says_so() -> None:
    others = [paper("child_labour_attestation"), paper("miner_payment_sheet")]
    for_gold = replace(paper("mining_right"), minerals=frozenset({"gold"}))
    for_both = replace(paper("mining_right"), minerals=frozenset({"gold", "zoisite"}))

    (found,) = missing_papers(TANZANITE, [for_gold, *others], stage=PUBLISH, today=TODAY)
    assert (found.code, found.about, found.mender) == ("paper_other_mineral", "mining_right", Mender.COOPERATIVE)
    assert codes(TANZANITE, [for_both, *others]) == []
    assert codes(TANZANITE, [for_gold, paper("mining_right"), *others]) == []


def test_a_missing_paper_is_for_the_cooperative() -> None:
    papers = [paper("child_labour_attestation"), paper("miner_payment_sheet")]

    (found,) = missing_papers(TANZANITE, papers, stage=PUBLISH, today=TODAY)

    assert (found.code, found.mender) == ("paper_missing", Mender.COOPERATIVE)
    assert found.text == "Upload this paper: %(document)s."


@pytest.mark.parametrize(("days", "code"), [(-1, ["paper_expired"]), (0, []), (1, [])])
def test_a_paper_counts_on_its_last_day(days: int, code: list[str]) -> None:
    right = paper("mining_right", expires_on=TODAY + timedelta(days=days))

    assert codes(TANZANITE, [right, paper("child_labour_attestation"), paper("miner_payment_sheet")]) == code


def test_a_refused_paper_stays_refused_when_its_day_is_over_and_a_waiting_one_is_over_too() -> None:
    gone = TODAY - timedelta(days=1)
    others = [paper("child_labour_attestation"), paper("miner_payment_sheet")]

    assert codes(TANZANITE, [paper("mining_right", "rejected", expires_on=gone), *others]) == ["paper_rejected"]
    assert codes(TANZANITE, [paper("mining_right", "pending", expires_on=gone), *others]) == ["paper_expired"]
    both = [paper("mining_right", "rejected"), paper("mining_right", "expired"), *others]
    assert codes(TANZANITE, both) == ["paper_expired"]


@pytest.mark.parametrize(
    ("sheet", "counts"),
    [
        (Paper(kind="miner_payment_sheet", state="accepted", issued_on=date(2026, 7, 31)), False),  # dug from 1 August
        (Paper(kind="miner_payment_sheet", state="accepted", issued_on=date(2026, 8, 1)), True),
        (Paper(kind="miner_payment_sheet", state="accepted"), False),
        (Paper(kind="miner_payment_sheet", state="accepted", issued_on=date(2026, 7, 31), of_lot=True), True),
    ],
)
def test_a_summary_of_payments_is_newer_than_the_digging(sheet: Paper, counts: bool) -> None:
    others = [paper("mining_right"), paper("child_labour_attestation")]

    assert (codes(TANZANITE, [sheet, *others]) == []) is counts
    unknown = replace(TANZANITE, goods=replace(STONE, mined_from=None, mined_to=None))
    assert codes(unknown, [sheet, *others]) == []


def test_the_last_day_of_digging_stands_in_for_the_first() -> None:
    late = replace(TANZANITE, goods=replace(STONE, mined_from=None, mined_to=date(2026, 9, 2)))
    others = [paper("mining_right"), paper("child_labour_attestation")]

    assert codes(late, [paper("miner_payment_sheet"), *others]) == ["paper_missing"]  # issued on 1 September


@pytest.mark.parametrize(("weight_mg", "pieces", "asked"), [(60, 1, False), (61, 1, True), (120, 2, False)])
def test_a_polished_diamond_above_030_carat_needs_a_report(weight_mg: int, pieces: int, asked: bool) -> None:
    stone = replace(POLISHED, goods=replace(POLISHED.goods, weight_mg=weight_mg, pieces=pieces))

    assert ("lab_report" in kinds(stone, PUBLISH)) is asked


def test_a_licensed_trader_may_sell_in_congo() -> None:
    company = replace(of_country(DORE, "CD"), seller_form="company")
    gone = TODAY - timedelta(days=1)

    assert broken_rules(company, [paper("dealer_licence")], today=TODAY) == []
    (found,) = broken_rules(company, [paper("dealer_licence", expires_on=gone)], today=TODAY)
    assert (found.code, found.mender) == ("seller_not_licensed", Mender.COOPERATIVE)
    assert broken_rules(company, [paper("dealer_licence", "pending"), paper("bylaws")], today=TODAY) == [found]
    assert broken_rules(replace(DORE, seller_form="company"), [], today=TODAY) == []


@pytest.mark.parametrize(
    ("trade", "category"),
    [
        (DORE, "gold"), (TANZANITE, "coloured_gem_rough"), (DIAMOND, "diamond_rough"), (POLISHED, "diamond_polished"),
        (replace(TANZANITE, goods=replace(STONE, form="cut")), "coloured_gem_cut"),
    ],
)  # fmt: skip
def test_the_column_of_the_table(trade: Trade, category: str) -> None:
    assert category_of(trade) == category


def test_what_is_only_recommended_blocks_nothing() -> None:
    row = next(row for row in requirements() if row.code == "sealed_bag")

    assert [row.is_required(name) for name in row.cells] == [True, True, False, True, False]


def test_there_are_28_kinds_and_each_has_its_words_and_an_owner() -> None:
    assert len(document_kinds()) == 28
    assert dict(LABELS) == labels_of_the_data()
    assert {kind.code for owner in OWNERS for kind in kinds_of(owner)} == set(document_kinds())
    assert {kind.expires for kind in document_kinds().values()} == {"must", "may", "no"}
    needed = {kind for row in requirements() for kind in row.papers}
    needed |= {kind for rule in country_rules() for _stage, one_of in rule.needs for kind in one_of}
    assert needed <= set(document_kinds())


def labels_of_the_data() -> dict[str, str]:
    import csv
    from importlib.resources import files

    text = (files("marketplace.data") / "rules" / "document_kinds.csv").read_text(encoding="utf-8")
    return {row["code"]: row["label"] for row in csv.DictReader(text.splitlines())}


def test_an_attestation_ends_a_year_after_its_issue_or_earlier_when_it_says_so() -> None:
    kind, right = document_kinds()["child_labour_attestation"], document_kinds()["mining_right"]
    issued = date(2026, 6, 1)

    assert kind.last_day(issued_on=issued, expires_on=None) == date(2027, 6, 1)
    assert kind.last_day(issued_on=issued, expires_on=date(2027, 5, 31)) == date(2027, 5, 31)
    assert kind.last_day(issued_on=issued, expires_on=date(2027, 6, 2)) == date(2027, 6, 1)
    assert right.last_day(issued_on=issued, expires_on=date(2030, 1, 1)) == date(2030, 1, 1)
    assert (right.label, kind.belongs_to, kind.several) == ("Mining right or licence", ("site",), False)
