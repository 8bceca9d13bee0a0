"""`flask pricing recompute` works every stored guide out again and tells which one comes out differently."""

from typing import Any

import pytest
from flask import Flask

from marketplace.compliance.models import Cooperative
from marketplace.pricing import services as pricing
from marketplace.unit_of_work import UnitOfWork
from tests.builders.listings import bare_cooperative, gold, listed, stone
from tests.builders.lots import GOLD, published_lot
from tests.unit.pricing.test_formula_1 import GOLDEN
from tests.unit.pricing.test_snapshot import of_gold, of_stones


@pytest.fixture
def cooperative(uow: UnitOfWork) -> Cooperative:
    """A cooperative with lots of every age: guides of both formulas, one without a guide."""
    cooperative = bare_cooperative(uow)
    for guidance in (*GOLDEN.values(), of_gold(), of_stones()):
        listed(uow, cooperative, gold(), guidance=guidance)
    listed(uow, cooperative, stone(), guidance={})
    return cooperative


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=["pricing", "recompute", *arguments])


def test_all_guides_come_out_the_same(app: Flask, uow: UnitOfWork, cooperative: Cooperative) -> None:
    uow.commit()
    answer = run(app, "--all")

    number = len(GOLDEN) + 2
    assert answer.output == f"{number} guides worked out again: {number} the same to the cent, 0 different.\n"
    assert answer.exit_code == 0


def test_a_changed_result_and_an_unknown_formula_are_told_one_by_one(
    app: Flask, uow: UnitOfWork, cooperative: Cooperative
) -> None:
    wrong = of_gold()
    wrong["result"]["low"]["minor"] = 7
    changed = listed(uow, cooperative, gold(), guidance=wrong).reference
    later = listed(uow, cooperative, gold(), guidance={**of_gold(), "formula_version": "9"}).reference
    uow.commit()

    answer = run(app, "--all")

    assert answer.exit_code == 1
    assert f"{changed} version 1: result.low.minor: stored 7, computed " in answer.output
    assert f"{later} version 1: made by formula '9'; known are 1, 2" in answer.output
    assert f"{len(GOLDEN) + 2} the same to the cent, 2 different." in answer.output
    assert run(app, "--lot", changed).exit_code == 1


def test_one_lot_is_asked_for_by_its_reference(app: Flask, uow: UnitOfWork) -> None:
    pricing.import_rates(uow)
    lot, _version, _secretary = published_lot(uow, steps=GOLD)
    reference = lot.reference
    uow.commit()

    answer = run(app, "--lot", reference.lower())

    assert answer.output == "1 guides worked out again: 1 the same to the cent, 0 different.\n"
    assert answer.exit_code == 0
    assert run(app, "--lot", "TZ-0000-0000").exit_code == 2


@pytest.mark.parametrize("arguments", [[], ["--all", "--lot", "TZ-0000-0000"]])
def test_the_command_asks_for_one_of_both(app: Flask, arguments: list[str]) -> None:
    answer = run(app, *arguments)
    assert answer.exit_code == 2
    assert "Say --all, or --lot with a reference." in answer.output


def test_nothing_stored_is_nothing_different(app: Flask) -> None:
    assert run(app, "--all").output == "0 guides worked out again: 0 the same to the cent, 0 different.\n"
