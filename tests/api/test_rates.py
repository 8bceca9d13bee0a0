"""Series and their rates over time: good ones only, none of the future, page by page, and cheap to ask again."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from marketplace.api.v1.schemas.prices import series_code, series_in_address
from marketplace.core.clock import SetClock
from marketplace.core.ids import new_id
from marketplace.pricing.models import ReferenceRate, ReferenceSeries
from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program

CODE = "XAU/USD"
TODAY = date(2026, 9, 29)


def series(uow: UnitOfWork, code: str = CODE, *, priority: int = 0) -> ReferenceSeries:
    row = ReferenceSeries(
        code=code, pair=code[:7], priority=priority, name="Gold", unit="USD per troy ounce", source="a source",
        licence="CC0-1.0", max_age_working_days=3, jump_limit=Decimal("0.08"),
    )  # fmt: skip
    uow.session.add(row)
    uow.record("reference_series.enter", row)
    return row


def rate(uow: UnitOfWork, on: str, value: str, *, code: str = CODE, **more: Any) -> ReferenceRate:
    row = ReferenceRate(
        id=new_id(), series=code, observed_on=date.fromisoformat(on), value=Decimal(value), source="a source",
        licence="CC0-1.0", imported_at=uow.now, imported_by="test", **more,
    )  # fmt: skip
    uow.session.add(row)
    uow.record("reference_rate.enter", row)
    return row


@pytest.fixture
def gold(uow: UnitOfWork, anybody: Program) -> Program:
    """Three good rates, a corrected one, one held back and one of tomorrow."""
    series(uow)
    rate(uow, "2026-09-25", "4000.10")
    wrong = rate(uow, "2026-09-28", "1.5")
    rate(uow, "2026-09-28", "4100", supersedes_id=wrong.id)
    rate(uow, "2026-09-29", "4129.100500")
    rate(uow, "2026-09-27", "9999", quarantined=True, quarantine_reason="it jumps")
    rate(uow, "2026-09-30", "5000")
    uow.commit()
    return anybody


def refusal(program: Program, query: str) -> dict[str, str]:
    answer = program.get(f"/rates/XAU-USD/history?{query}")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    return {each["parameter"]: each["detail"] for each in answer.get_json()["errors"]}


def test_the_history_holds_good_rates_only_oldest_first_and_none_of_the_future(gold: Program) -> None:
    found = gold.get("/rates/XAU-USD/history").get_json()

    assert [(each["observed_on"], each["value"]) for each in found["rates"]] == [
        ("2026-09-25", "4000.10"), ("2026-09-28", "4100"), ("2026-09-29", "4129.100500"),
    ]  # fmt: skip
    assert (found["from"], found["to"], found["next_cursor"]) == ("2025-09-29", "2026-09-29", None)
    assert all(each["id"] and each["source"] and each["licence"] for each in found["rates"])


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("from=2026-09-26", ["28", "29"]), ("from=2026-09-28", ["28", "29"]), ("to=2026-09-28", ["25", "28"]),
        ("to=2026-09-27", ["25"]), ("from=2026-09-26&to=2026-09-27", []), ("from=2026-09-29&to=2026-09-29", ["29"]),
        ("to=0001-01-01", []),
    ],
)  # fmt: skip
def test_both_days_count(gold: Program, query: str, days: list[str]) -> None:
    found = gold.get(f"/rates/XAU-USD/history?{query}").get_json()
    assert [each["observed_on"][-2:] for each in found["rates"]] == days


def test_the_id_leads_to_the_rate_that_was_used(gold: Program) -> None:
    newest = gold.get("/rates/XAU-USD/history").get_json()["rates"][-1]
    assert gold.get("/rates/XAU-USD").get_json()["id"] == newest["id"]
    assert gold.get("/rates").get_json()["series"][0]["newest"]["id"] == newest["id"]


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("to=2026-09-30", "to", "no rates of the future"),
        ("from=2026-10-01&to=2026-10-02", "to", "no rates of the future"),
        ("from=2026-09-30", "from", "first day is after the last one"),
        ("from=2026-09-02&to=2026-09-01", "from", "first day is after the last one"),
        ("from=yesterday", "from", "Send a day such as"),
        ("to=2026-02-30", "to", "Send a day such as"),
        ("to=", "to", "Send a day such as"),
        ("cursor=x", "cursor", "Send a day such as"),
        ("since=2026-09-01", "since", "There is no such field"),
    ],
)
def test_days_that_cannot_be_are_refused_by_name(gold: Program, query: str, parameter: str, words: str) -> None:
    found = refusal(gold, query)
    assert list(found) == [parameter]
    assert words in found[parameter]


def test_a_page_holds_a_year_and_the_next_one_goes_on(uow: UnitOfWork, anybody: Program) -> None:
    series(uow)
    first = TODAY - timedelta(days=366)
    for day in range(367):
        rate(uow, str(first + timedelta(days=day)), str(4000 + day))
    uow.commit()
    path = f"/rates/XAU-USD/history?from={first}"
    one = anybody.get(path).get_json()
    two = anybody.get(f"{path}&cursor={one['next_cursor']}").get_json()

    assert len(one["rates"]) == 366
    assert one["next_cursor"] == "2026-09-28"
    assert [each["value"] for each in two["rates"]] == ["4366"]
    assert two["next_cursor"] is None
    # A full page with nothing behind it has no next one.
    whole = anybody.get(f"/rates/XAU-USD/history?from={first}&to=2026-09-28").get_json()
    assert (len(whole["rates"]), whole["next_cursor"]) == (366, None)


@pytest.mark.parametrize("path", ["/rates", "/rates/XAU-USD", "/rates/XAU-USD/history"])
def test_asking_again_costs_nothing_while_nothing_changed(
    gold: Program, uow: UnitOfWork, clock: SetClock, path: str
) -> None:
    tag = gold.get(path).headers["ETag"]
    again = gold.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")

    clock.advance(timedelta(days=1))  # the rate of the 30th is no longer of the future
    assert gold.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_the_list_tells_pair_priority_and_freshness(uow: UnitOfWork, anybody: Program) -> None:
    series(uow)
    series(uow, "XAU/USD:LBMA", priority=10)
    series(uow, "XAG/USD")
    rate(uow, "2026-09-23", "4000")  # Thursday to Tuesday: 24, 25, 28 and 29 are four working days
    rate(uow, "2026-09-24", "4010", code="XAU/USD:LBMA")
    uow.commit()
    found = {each["series"]: each for each in anybody.get("/rates").get_json()["series"]}

    assert list(found) == ["XAG-USD", "XAU-USD", "XAU-USD.LBMA"]
    assert found["XAG-USD"]["newest"] is None
    assert {(each["pair"], each["priority"]) for each in found.values()} == {
        ("XAG/USD", 0), ("XAU/USD", 0), ("XAU/USD", 10),
    }  # fmt: skip
    old, good = found["XAU-USD"]["newest"], found["XAU-USD.LBMA"]["newest"]
    assert (old["value"], old["observed_on"], old["age_days"], old["stale"]) == ("4000", "2026-09-23", 6, True)
    assert (good["age_days"], good["stale"], good["too_old"]) == (5, False, False)


def test_a_series_with_a_suffix_has_an_address(uow: UnitOfWork, anybody: Program) -> None:
    series(uow, "XAU/USD:LBMA")
    rate(uow, "2026-09-29", "4010", code="XAU/USD:LBMA")
    uow.commit()
    found = anybody.get("/rates/XAU-USD.LBMA/history").get_json()

    assert found["series"] == "XAU-USD.LBMA"
    assert [each["value"] for each in found["rates"]] == ["4010"]


@pytest.mark.parametrize(
    ("code", "address"), [("XAU/USD", "XAU-USD"), ("XAU/USD:LBMA", "XAU-USD.LBMA"), ("USD/TZS:BOT2", "USD-TZS.BOT2")]
)
def test_an_address_and_a_code_are_turned_into_each_other(code: str, address: str) -> None:
    assert series_in_address(code) == address
    assert series_code(address) == code


@pytest.mark.parametrize(
    "name", ["XXX-YYY", "xau-usd", "XAU", "XAU-USD.", "XAU-USD.lbma", "XAU-USD.A.B", "XAU-USD.ABCDEFGHIJKLM", "%00"]
)
def test_an_unknown_series_has_no_history(gold: Program, name: str) -> None:
    assert gold.get(f"/rates/{name}/history").status_code == 404
