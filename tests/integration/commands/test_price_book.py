"""`price-book import` checks and proposes a sheet; `price-book export` writes an edition that comes back unchanged."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.pricing import queries
from marketplace.pricing.models import EditionState
from tests.builders.price_books import CELLS, csv_of, shipped_book
from tests.people import person


@pytest.fixture
def market(app: Flask) -> Flask:
    with app.app_context():
        uow = make_uow()
        shipped_book(uow)
        person(uow, "rosa", StaffRole.CURATOR)
        person(uow, "otto", StaffRole.AUDITOR)
        uow.commit()
        uow.session.close()
    return app


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=["price-book", *map(str, args)])


def states(app: Flask) -> list[tuple[int, str, str]]:
    with app.app_context():
        uow = make_uow()
        found = [(each.number, each.state, each.proposed_by) for each in queries.editions(uow.session)]
        uow.session.close()
    return found


@pytest.mark.parametrize("name", ["book.csv", "book.XLSX"])
def test_an_edition_comes_back_from_its_file_without_a_difference(market: Flask, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    assert run(market, "export", 1, file).output == f"Edition 1: 88 bands in {file}.\n"
    checked = run(market, "import", file, "--dry-run")
    assert checked.exit_code == 0, checked.output
    assert "Gap: tanzanite cut 2-3 ct." in checked.output
    assert (
        "88 bands, 0 errors, 1 gaps; 0 new, 0 taken out, 0 changed (0 by more than 25 %), 88 unchanged."
        in checked.output
    )
    assert len(states(market)) == 1


def test_a_sheet_is_proposed_in_the_name_of_a_curator(market: Flask, tmp_path: Path) -> None:
    file = tmp_path / "book.csv"
    file.write_bytes(csv_of([CELLS, {**CELLS, "grade": "fine", "low_usd_ct": "300"}]))
    assert "Close the gaps" in run(market, "import", file, "--propose", "--note", "Ruby only").output
    meant = ("import", file, "--propose", "--gaps-are-meant")
    assert "Say what changes" in run(market, *meant).output
    assert "no curator" in run(market, *meant, "--note", "x", "--by", "otto@example.org").output
    assert "could not find" in run(market, *meant, "--note", "x", "--by", "nobody@example.org").output
    assert len(states(market)) == 1

    done = run(market, *meant, "--note", "Ruby only", "--by", "rosa@example.org")
    assert done.exit_code == 0
    assert "Check: row 3 is cheaper than row 2, with more grade." in done.output
    assert "Edition 2 is proposed. A curator must approve it." in done.output
    number, state, proposed_by = states(market)[0]
    assert (number, state, len(proposed_by)) == (2, EditionState.PROPOSED, 36)
    assert run(market, *meant, "--note", "By the operator").exit_code == 0
    assert states(market)[0] == (3, "proposed", "system")


def test_a_sheet_with_errors_changes_nothing(market: Flask, tmp_path: Path) -> None:
    file = tmp_path / "book.csv"
    file.write_bytes(csv_of([{**CELLS, "variety": "rubi"}]))
    done = run(market, "import", file, "--propose", "--note", "x")
    assert done.exit_code == 1
    assert "Row 2, variety: 'rubi'. This is not known. Did you mean ruby?" in done.output
    assert "Nothing was changed" in done.output
    file.write_bytes(b"variety\nru\xe9")
    assert "CSV UTF-8" in run(market, "import", file, "--dry-run").output
    assert len(states(market)) == 1


def test_what_is_asked_wrongly_is_told(market: Flask, tmp_path: Path) -> None:
    file = tmp_path / "book.csv"
    assert "There is no edition 7" in run(market, "export", 7, file).output
    assert "ends in .xlsx or .csv" in run(market, "export", 1, tmp_path / "book.pdf").output
    file.write_bytes(b"")
    assert "Choose one of" in run(market, "import", file).output
    assert "Choose one of" in run(market, "import", file, "--dry-run", "--propose").output
