"""When the machine of payments was silent for too long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from marketplace.payments.liveness import Figures, TooOld, warnings

NOW = datetime(2026, 9, 29, 9, tzinfo=UTC)
WALL = datetime(2026, 11, 27, 9, tzinfo=UTC)
FINE = Figures(oldest_command=None, last_sweep=NOW, last_news=None, oldest_news=None, payments_open=0)
MOMENT = timedelta(microseconds=1)


def of(figures: Figures) -> list[TooOld]:
    return list(warnings(figures, now=NOW, now_wall=WALL))


def test_a_machine_with_nothing_to_do_is_fine() -> None:
    assert of(FINE) == []


@pytest.mark.parametrize(
    ("field", "now", "limit", "word"),
    [
        ("oldest_command", WALL, timedelta(minutes=15), TooOld.COMMAND),
        ("oldest_news", WALL, timedelta(minutes=15), TooOld.NEWS),
        ("oldest_for_funds", WALL, timedelta(days=7), TooOld.FUNDS),
        ("last_sweep", NOW, timedelta(hours=2), TooOld.SWEEP),
    ],
)
def test_each_is_too_old_just_after_its_limit(field: str, now: datetime, limit: timedelta, word: TooOld) -> None:
    assert of(replace(FINE, **{field: now - limit})) == []
    assert of(replace(FINE, **{field: now - limit - MOMENT})) == [word]


def test_books_that_were_never_read_are_too_old() -> None:
    assert of(replace(FINE, last_sweep=None)) == [TooOld.SWEEP]


def test_silence_matters_only_while_somebody_pays() -> None:
    silent = replace(FINE, last_news=WALL - timedelta(hours=6) - MOMENT)
    assert of(silent) == []
    assert of(replace(silent, payments_open=1)) == [TooOld.SILENCE]
    assert of(replace(FINE, last_news=WALL - timedelta(hours=6), payments_open=1)) == []
    assert of(replace(FINE, payments_open=1)) == []
