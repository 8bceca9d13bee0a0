"""The drawn machine is the machine."""

from pathlib import Path

from marketplace.orders.diagram import page
from marketplace.orders.transitions import ROWS, State

PAGE = Path(__file__).parents[3] / "docs" / "orders.md"


def test_the_page_in_the_documents_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m marketplace.orders.diagram > docs/orders.md"


def test_every_row_and_state_is_in_it() -> None:
    drawn = page()

    assert sum(line.startswith("| ") for line in drawn.splitlines()) >= len(ROWS)
    assert all(state.value in drawn for state in State)
