"""The sales behind a guide in words: what anybody may see of them, and why others were not counted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from marketplace.http.languages import translate as _
from marketplace.pricing.basis import BasisRow, basis_of, set_aside_of
from marketplace.pricing.labels import SET_ASIDE_LABELS, SIZE_LABELS
from marketplace.web.filters import money, month, number, percent

# Newest sales that a page lists; the others are counted.
MOST_SHOWN: Final = 30


def sales_behind(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return what public/guide_basis.html shows of a stored guide.

    `sales` are the rows of a table, `more_sales` counts those beyond them, `not_counted` says why others do not count.
    """
    rows = basis_of(snapshot)
    return {
        "sales": [_row(row) for row in rows[:MOST_SHOWN]],
        "more_sales": max(0, len(rows) - MOST_SHOWN),
        "not_counted": [
            _(SET_ASIDE_LABELS[found.reason]) % {"count": number(found.count)} for found in set_aside_of(snapshot)
        ],
    }


def _row(row: BasisRow) -> dict[str, str]:
    return {
        "month": month(row.month),
        "size": _(SIZE_LABELS[row.size]) if row.size else "",
        "per_carat": money(row.per_carat),
        # thousandths, so that a page shows a tenth of a per cent
        "counts_for": percent(Decimal(round(row.counts_for * 1000)) / 1000),
    }
