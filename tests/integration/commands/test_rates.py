"""`rates import` may run as often as anyone likes."""

from flask import Flask
from sqlalchemy import func, select

from marketplace.http.database import db
from marketplace.pricing.models import DeductionRule, PriceBookEdition, ReferenceRate


def counts() -> tuple[int, ...]:
    tables = (ReferenceRate, DeductionRule, PriceBookEdition)
    return tuple(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_a_second_import_changes_nothing(app: Flask) -> None:
    run = app.test_cli_runner()

    first = run.invoke(args=["rates", "import"])
    with app.app_context():
        held = counts()
    second = run.invoke(args=["rates", "import"])

    assert first.exit_code == second.exit_code == 0
    assert "Price book 1 is published; every band of it is marked unverified." in first.output
    assert second.output == "0 new rates, 0 new charges and standards.\n"
    with app.app_context():
        assert counts() == held
    assert held[0] > 10_000
    assert held[2] == 1
