"""The curators' rate board: what waits, how old each rate is, and two people for every rate by hand."""

import re
from datetime import date, timedelta
from html import unescape

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.core.actor import StaffRole
from marketplace.core.clock import SetClock
from marketplace.pricing.queries import board, rate_as_of
from marketplace.unit_of_work import UnitOfWork
from tests.builders.rates import NEWEST, fetched, observe, series
from tests.people import person
from tests.web.test_orders import browser

GOLD = "/staff/rates/XAU-USD"
ENTRY = {"observed_on": "2026-09-29", "value": "4131,5", "source": "Refiner", "reason": "The feed is down"}


@pytest.fixture
def gold(uow: UnitOfWork) -> UnitOfWork:
    """Gold of three days, of which the last one jumps: 4,000, 4,100 and a 5,000 that waits."""
    series(uow)
    observe(uow, "4000", "4100", until=NEWEST - timedelta(days=1))
    observe(uow, "5000")
    return uow


def curator(app: Flask, uow: UnitOfWork, name: str = "rosa") -> FlaskClient:
    return browser(app, uow, person(uow, name, StaffRole.CURATOR))


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"form-number-{number}"}


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return unescape(re.sub(r"\s+", " ", answer.text))


def post(client: FlaskClient, path: str, number: int, **form: str) -> str:
    answer = client.post(path, data={**key(number), **form})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def waiting_page(page: str) -> str:
    found = re.search(r'href="(/staff/rates/[^"]+/held-back/[0-9a-f-]+)"', page)
    assert found is not None, page
    return found[1]


@pytest.mark.parametrize("path", ["/staff/prices", "/staff/rates", GOLD])
def test_curators_auditors_and_administrators_read_and_others_do_not(app: Flask, gold: UnitOfWork, path: str) -> None:
    for role in StaffRole:
        may = role in {StaffRole.CURATOR, StaffRole.AUDITOR, StaffRole.ADMINISTRATOR}
        client = browser(app, gold, person(gold, role.value, role))
        assert client.get(path).status_code == (200 if may else 403), role


def test_the_overview_counts_what_waits_and_links_what_exists(app: Flask, gold: UnitOfWork) -> None:
    page = text(curator(app, gold), "/staff/prices")

    assert '<a class="stat" href="/staff/rates"><b>1</b><span>rates held back</span></a>' in page
    assert "editions proposed" in page
    assert "charges not verified" in page
    exist = {rule.rule for rule in app.url_map.iter_rules()}
    for path in ("/staff/price-book", "/staff/charges"):
        assert (f'href="{path}"' in page) == (path in exist)


def test_the_board_shows_each_series_with_its_age_source_and_what_waits(app: Flask, gold: UnitOfWork) -> None:
    series(gold, "USD/TZS")
    series(gold, "XAU/USD:LBMA", pair="XAU/USD", priority=10)
    page = text(curator(app, gold), "/staff/rates")

    assert "4,100" in page
    assert "28 Sept 2026, 1 day old" in page
    assert "Source of XAU/USD (CC0-1.0)" in page
    assert f'<a href="{GOLD}#waiting">1<span class="hide"> held back</span></a>' in page
    assert 'href="/staff/rates/XAU-USD.LBMA"' in page
    assert "No rate" in page
    # the series of the pair that counts first stands above the other
    assert page.index("XAU-USD.LBMA") < page.index(f'href="{GOLD}"')


@pytest.mark.parametrize("age", [(0, "Fresh"), (2, "Fresh"), (3, "Old"), (13, "Old"), (14, "Too old")])
def test_the_board_says_how_fresh_a_rate_is(
    app: Flask, gold: UnitOfWork, clock: SetClock, age: tuple[int, str]
) -> None:
    # The newest good rate is of Monday 28 September: old after three working days, so from Friday 2 October on;
    # too old after 14 days, so from 13 October on.
    clock.advance(timedelta(days=age[0]))
    gold.now = clock.now()
    client = curator(app, gold)

    for path in ("/staff/rates", GOLD):
        assert f">{age[1]}</span>" in text(client, path)


def test_the_board_shows_what_the_last_try_to_read_a_source_brought(app: Flask, gold: UnitOfWork) -> None:
    fetched(gold, "ecb", outcome="failed", reason="time-out after 10 seconds")
    page = text(curator(app, gold), "/staff/rates")

    assert "Failed" in page
    assert "time-out after 10 seconds" in page
    assert "never" in page


def test_a_series_shows_plot_table_history_and_what_waits(app: Flask, gold: UnitOfWork) -> None:
    observe(gold, "4101", until=NEWEST - timedelta(days=1))
    page = text(curator(app, gold), GOLD)

    label = "Series XAU/USD: 4,000 on 27 Sept 2026, 4,101 on 28 Sept 2026; lowest 4,000, highest 4,101."
    assert f'role="img" aria-label="{label}"' in page
    assert "The same figures as a table" in page
    assert "plots.css" in page
    # 5,000 ÷ 4,101 − 1 = 21.92 %
    assert "21.9% above 4,101, the last good value 1 day before." in page
    assert "Too far" in page
    assert [page.count(f">{state}</span>") for state in ("In force", "Replaced", "Waiting")] == [2, 1, 1]


def test_how_far_back_the_plot_reaches_is_chosen(app: Flask, gold: UnitOfWork) -> None:
    observe(gold, "2000", until=date(2024, 9, 1))
    client = curator(app, gold)

    assert "1 Sept 2024" in text(client, GOLD + "?range=all").split('id="waiting"')[0]
    for name in ("1y", "3m", "x", ""):
        assert "1 Sept 2024" not in text(client, f"{GOLD}?range={name}").split('id="waiting"')[0]
    assert f'<a href="{GOLD}?range=3m" aria-current="page">3 months</a>' in text(client, GOLD + "?range=3m")


def test_observations_are_paged(app: Flask, uow: UnitOfWork) -> None:
    series(uow)
    observe(uow, *(str(4000 + place) for place in range(60)))
    client = curator(app, uow)
    first = text(client, GOLD)

    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = text(client, older[1]).split("Everything observed")[1]
    # 29 days of September and 21 of August fill the first page; the second begins with 10 August
    assert "11 Aug 2026" in first.split("Everything observed")[1]
    assert "11 Aug 2026" not in second
    assert "10 Aug 2026" in second
    assert "1 Aug 2026" in second
    assert "29 Sept 2026" in text(client, GOLD + "?before=2026-09-01~x").split("Everything observed")[1]


def test_one_curator_enters_and_another_releases_with_a_reason(app: Flask, gold: UnitOfWork) -> None:
    rosa, daniel = curator(app, gold), curator(app, gold, "daniel")
    page = post(rosa, f"{GOLD}/entry", 1, **ENTRY)

    own = text(rosa, page)
    assert "another curator must release it" in own
    assert "Release this rate" not in own
    assert "The feed is down" in own
    assert rosa.post(f"{page}/release", data={**key(2), "reason": "I am sure"}).status_code == 403

    empty = daniel.post(f"{page}/release", data={**key(3), "reason": " "})
    assert empty.status_code == 422
    assert "Say why. Others will read it." in empty.text
    assert post(daniel, f"{page}/release", 4, reason="Seen at two sources") == GOLD
    assert post(daniel, f"{page}/release", 4, reason="Seen at two sources") == GOLD  # the same click again

    told = text(rosa, page)
    assert "Released by daniel" in told
    assert "Seen at two sources" in told
    rate = rate_as_of(gold.session, "XAU/USD", NEWEST)
    assert rate is not None
    assert str(rate.value) == "4131.5"
    assert "Released" in text(rosa, GOLD)


def test_a_rate_that_is_wrong_is_dismissed_and_never_used(app: Flask, gold: UnitOfWork) -> None:
    rosa, daniel = curator(app, gold), curator(app, gold, "daniel")
    page = waiting_page(text(rosa, GOLD))

    assert rosa.post(f"{page}/dismissal", data=key(1)).status_code == 422
    assert post(rosa, f"{page}/dismissal", 2, reason="A digit too many") == GOLD
    late = daniel.post(f"{page}/release", data={**key(3), "reason": "Looks right"})

    assert late.status_code == 409
    assert "This rate was already dismissed. Nothing was changed by you." in late.text
    told = text(daniel, page)
    assert "Dismissed by rosa" in told
    assert "A digit too many" in told
    assert "Nothing waits here." in text(daniel, GOLD)
    assert "<b>0</b><span>rates held back" in text(daniel, "/staff/prices")


def test_a_released_rate_cannot_be_dismissed(app: Flask, gold: UnitOfWork) -> None:
    rosa, daniel = curator(app, gold), curator(app, gold, "daniel")
    page = waiting_page(text(rosa, GOLD))
    post(rosa, f"{page}/release", 1, reason="Seen elsewhere")

    for path in ("dismissal", "release"):
        late = daniel.post(f"{page}/{path}", data={**key(2), "reason": "Wrong"})
        assert late.status_code == 409
        assert "This rate is already in force. Nothing was changed by you." in late.text


def test_whoever_entered_a_rate_may_take_it_back(app: Flask, gold: UnitOfWork) -> None:
    rosa = curator(app, gold)
    page = post(rosa, f"{GOLD}/entry", 1, **ENTRY)

    assert "Take it back" in text(rosa, page)
    post(rosa, f"{page}/dismissal", 2, reason="Typed the wrong day")
    assert "Typed the wrong day" in text(rosa, page)


def test_ten_times_the_last_value_is_kept_out_of_force_with_a_warning(app: Flask, gold: UnitOfWork) -> None:
    rosa, daniel = curator(app, gold), curator(app, gold, "daniel")
    page = post(rosa, f"{GOLD}/entry", 1, **{**ENTRY, "value": "41000"})

    for client in (rosa, daniel):
        warned = text(client, page)
        # 41,000 ÷ 4,100 − 1 = 900 %
        assert "This rate jumps too far" in warned
        assert "900% above 4,100, the last good value 1 day before." in warned
    rate = rate_as_of(gold.session, "XAU/USD", NEWEST)
    assert rate is not None
    assert rate.value == 4100


def test_a_fall_and_a_first_value_are_told_in_words(app: Flask, gold: UnitOfWork) -> None:
    rosa = curator(app, gold)
    page = post(rosa, f"{GOLD}/entry", 1, **{**ENTRY, "value": "4018"})
    # 4,018 ÷ 4,100 − 1 = −2 %: not too far
    told = text(rosa, page)
    assert "2% below 4,100, the last good value 1 day before." in told
    assert "jumps too far" not in told

    first = post(rosa, f"{GOLD}/entry", 2, **{**ENTRY, "observed_on": "2026-09-01"})
    assert "There is none before." in text(rosa, first)


@pytest.mark.parametrize(
    ("wrong", "answer"),
    [
        ({"value": "0"}, "Enter a rate above zero."), ({"value": "-1"}, "digits only"),
        ({"value": "NaN"}, "digits only"), ({"value": "1e9"}, "digits only"), ({"value": "x" * 50}, "too long"),
        ({"value": "4,129.10"}, "Use one comma or point only"), ({"observed_on": "2026-09-30"}, "of a day to come"),
        ({"observed_on": "29/09/2026"}, "Enter the day as year, month and day"),
        ({"source": " "}, "Say where you read"), ({"reason": ""}, "Say why you enter it by hand."),
        ({"reason": "r" * 501}, "at most 500 characters"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_shown_again_with_all_that_was_typed(
    app: Flask, gold: UnitOfWork, wrong: dict[str, str], answer: str
) -> None:
    form, field = {**ENTRY, "source": "Refiner of Geneva", **wrong}, next(iter(wrong))
    shown = curator(app, gold).post(f"{GOLD}/entry", data={**key(1), **form})

    assert shown.status_code == 422
    assert answer in unescape(shown.text)
    assert f'href="#f-{field}"' in shown.text
    for value in (value for name, value in form.items() if value.strip() and name != "reason"):
        assert f'value="{value}"' in shown.text
    assert len(board.waiting_rates(gold.session, "XAU/USD", on=NEWEST)) == 1


@pytest.mark.parametrize("path", ["", "/entry", "/held-back/00000000-0000-0000-0000-000000000007"])
def test_an_unknown_series_or_rate_is_not_there(app: Flask, gold: UnitOfWork, path: str) -> None:
    rosa = curator(app, gold)

    assert rosa.get(f"/staff/rates/XBT-USD{path}").status_code == 404
    assert rosa.post("/staff/rates/XBT-USD/entry", data={**key(1), **ENTRY}).status_code == 404


def test_a_rate_of_another_series_or_in_force_is_not_held_back_here(app: Flask, gold: UnitOfWork) -> None:
    series(gold, "XAG/USD")
    good = board.observations(gold.session, "XAU/USD", on=NEWEST)[1].rate
    rosa = curator(app, gold)
    page = waiting_page(text(rosa, GOLD))

    assert rosa.get(page.replace("XAU", "XAG")).status_code == 404
    assert rosa.get(f"{GOLD}/held-back/{good.id}").status_code == 404
    for action in ("release", "dismissal"):
        answer = rosa.post(f"{page.replace('XAU', 'XAG')}/{action}", data={**key(1), "reason": "Wrong place"})
        assert answer.status_code == 404


def test_auditors_see_everything_and_change_nothing(app: Flask, gold: UnitOfWork) -> None:
    otto = browser(app, gold, person(gold, "otto", StaffRole.AUDITOR))
    page = waiting_page(text(otto, GOLD))

    assert "This rate waits for a curator." in text(otto, page)
    assert "Enter a rate by hand" not in text(otto, GOLD)
    assert otto.get(f"{GOLD}/entry").status_code == 403
    for action in ("release", "dismissal"):
        assert otto.post(f"{page}/{action}", data={**key(1), "reason": "r"}).status_code == 403


def test_what_is_observed_tomorrow_is_not_seen_today(app: Flask, gold: UnitOfWork) -> None:
    observe(gold, "4105", "9000", until=NEWEST + timedelta(days=2))
    page = text(curator(app, gold), GOLD)

    assert "30 Sept 2026" not in page
    assert "9,000" not in page
