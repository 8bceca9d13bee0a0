"""The price of the day goes to each subscriber once a day, whoever is killed."""

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.clock import SetClock
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.core.sms import SmsRefused
from marketplace.jobs.tasks import price_texts as job
from marketplace.jobs.tasks.notifications import send
from marketplace.notifications import queries
from marketplace.notifications.models import Message
from marketplace.notifications.services import UnknownTemplate, text
from marketplace.pricing import services as pricing
from marketplace.pricing.models import PriceTextSubscription
from marketplace.pricing.services import price_texts
from marketplace.pricing.services.price_texts import send_daily_texts
from marketplace.unit_of_work import UnitOfWork
from tests.people import actor, person

PHONE = "+255712345678"
Make = Callable[[], UnitOfWork]


@pytest.fixture
def make(uow: UnitOfWork) -> Make:
    """A maker of units of work as the job has it, on a marketplace with rates."""
    pricing.import_rates(uow)
    uow.commit()
    return lambda: UnitOfWork(uow.session, uow.actor, uow.context, uow.clock, uow.enqueue, uow.settings)


def subscriber(uow: UnitOfWork, name: str, *, currency: str = "TZS", language: str = "en") -> User:
    """Make a person whose subscription is active."""
    user = person(uow, name, language=language)
    row = PriceTextSubscription(
        user_id=user.id, phone=PHONE, currency=currency, state="active", asked_at=uow.now, confirmed_at=uow.now
    )
    uow.session.add(row)
    uow.record("price_text_subscription.confirm", row)
    uow.commit()
    return user


def written(uow: UnitOfWork) -> dict[UUID | None, list[str]]:
    """Return the words of every text message by its reader."""
    found: dict[UUID | None, list[str]] = {}
    for row in uow.session.scalars(select(Message).where(Message.channel == "sms").order_by(Message.id)):
        found.setdefault(row.user_id, []).append(str(queries.short_message_of(row, uow.settings).text))
    return found


def test_each_gets_one_text_a_day_in_her_language_and_currency(uow: UnitOfWork, make: Make, clock: SetClock) -> None:
    alice, bob = subscriber(uow, "Alice"), subscriber(uow, "Bob", currency="USD", language="es")

    assert [send_daily_texts(make), send_daily_texts(make)] == [2, 0]
    texts = written(uow)
    assert texts[alice.id][0].startswith("Gold per gram, TZS, 29 Sept 2026: 999=")
    assert texts[bob.id][0].startswith("Oro por gramo, USD, 29 sept 2026: 999=132,62; 916=121,60; 750=99,57.")

    clock.advance(timedelta(days=1))
    assert send_daily_texts(make) == 2
    assert [len(each) for each in written(uow).values()] == [2, 2]
    assert uow.session.get_one(PriceTextSubscription, alice.id).last_sent_on == date(2026, 9, 30)


def test_nobody_else_gets_one(uow: UnitOfWork, make: Make) -> None:
    ended, waiting, disabled = (subscriber(uow, name) for name in ("Ended", "Waiting", "Disabled"))
    for user, state in ((ended, "ended"), (waiting, "waiting")):
        row = uow.session.get_one(PriceTextSubscription, user.id)
        row.state = state
        uow.record("price_text_subscription.end", row)
    disabled.state = "disabled"
    uow.record("user.disable", disabled)
    uow.commit()

    assert send_daily_texts(make) == 0


@pytest.mark.parametrize(("days", "count"), [(14, 1), (15, 0)])
def test_a_rate_too_old_is_sent_to_nobody(make: Make, clock: SetClock, days: int, count: int) -> None:
    uow = make()
    alice = subscriber(uow, "Alice", currency="USD")
    clock.advance(timedelta(days=days))

    assert send_daily_texts(make) == count
    assert [words[:18] for words in written(uow).get(alice.id, [])] == ["OLD RATE, 14 days."] * count


def test_a_currency_without_a_rate_leaves_its_subscribers_in_peace(uow: UnitOfWork, make: Make) -> None:
    subscriber(uow, "Alice", currency="BIF")

    assert send_daily_texts(make) == 0
    assert written(uow) == {}


def test_a_worker_killed_in_the_middle_leaves_nobody_out_and_sends_nobody_two(
    uow: UnitOfWork, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [subscriber(uow, f"Person {number}") for number in range(5)]
    real, calls = price_texts._send_one, list[UUID]()

    def killed(one: UnitOfWork, user_id: UUID, prices: dict[str, object]) -> int:
        sent = real(one, user_id, prices)
        calls.append(user_id)
        if len(calls) == 3:
            raise KeyboardInterrupt  # after the message was written, before it was committed
        return sent

    monkeypatch.setattr(price_texts, "_send_one", killed)
    with pytest.raises(KeyboardInterrupt):
        send_daily_texts(make)
    assert len(written(uow)) == 2
    monkeypatch.setattr(price_texts, "_send_one", real)

    assert send_daily_texts(make) == 3
    assert {user_id: len(words) for user_id, words in written(uow).items()} == {user.id: 1 for user in people}


def test_more_than_a_page_of_people_are_all_sent_to(
    uow: UnitOfWork, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        subscriber(uow, f"Person {number}")
    monkeypatch.setattr(price_texts, "PAGE", 2)

    assert send_daily_texts(make) == 5


def test_who_ended_or_was_sent_to_meanwhile_gets_nothing(uow: UnitOfWork, make: Make) -> None:
    alice = subscriber(uow, "Alice")
    row = uow.session.get_one(PriceTextSubscription, alice.id)
    row.last_sent_on = uow.now.date()
    uow.record("price_text_subscription.send", row)
    uow.commit()

    assert price_texts._send_one(make(), alice.id, {}) == 0
    row.state, row.last_sent_on = "ended", None
    uow.record("price_text_subscription.end", row)
    uow.commit()
    assert price_texts._send_one(make(), alice.id, {}) == 0
    assert price_texts._send_one(make(), person(uow, "Bob").id, {}) == 0


@pytest.mark.parametrize(("hours", "count"), [(-4, 0), (-3, 1), (9, 1)])
def test_the_job_sends_from_six_on_and_catches_up_later(make: Make, clock: SetClock, hours: int, count: int) -> None:
    uow = make()
    clock.advance(timedelta(hours=hours))  # the test's day stands at nine
    subscriber(uow, "Alice")

    job.text_of_the_day.func.__wrapped__(make)

    assert len(written(uow)) == count


def test_the_job_does_nothing_where_texts_are_not_offered(
    uow: UnitOfWork, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscriber(uow, "Alice")
    monkeypatch.setattr(job, "sms_sender_of", lambda _settings: None)

    job.text_of_the_day.func.__wrapped__(make)

    assert written(uow) == {}


def _sent(uow: UnitOfWork, message: Message, **settings: object) -> Message:
    uow.commit()
    chosen = dataclasses.replace(uow.settings, **settings)  # type: ignore[arg-type]
    send.func.__wrapped__(
        lambda: UnitOfWork(uow.session, uow.actor, uow.context, uow.clock, uow.enqueue, chosen),
        message_id=str(message.id),
    )
    return uow.session.get_one(Message, message.id)


def test_a_text_becomes_a_file_and_its_code_is_sealed(uow: UnitOfWork, tmp_path: Path) -> None:
    alice = person(uow, "Alice", language="sw")
    message = text(uow, template="price_text_code", phone=PHONE, user_id=alice.id, token="123456")

    sent = _sent(uow, message, sms_dir=tmp_path)

    assert "123456" not in str(message.params)
    assert (tmp_path / f"{message.id}.txt").read_text(encoding="utf-8").startswith(f"To: {PHONE}\n\n123456 ni namba")
    assert (sent.sent_at, sent.attempts) == (uow.now, 1)


def test_a_gateway_that_refuses_is_noted_without_the_number(
    uow: UnitOfWork, capsys: pytest.CaptureFixture[str]
) -> None:
    alice = person(uow, "Alice")
    message = text(uow, template="price_text_code", phone=PHONE, user_id=alice.id, token="123456")

    with pytest.raises(SmsRefused):
        _sent(uow, message, sms_url="http://127.0.0.1:9/")

    uow.session.refresh(message)
    assert (message.sent_at, message.attempts) == (None, 1)
    assert "from 127.0.0.1" in str(message.last_error)
    logged = "".join(capsys.readouterr())
    assert PHONE not in f"{message.last_error}{logged}"
    assert PHONE[1:] not in logged


def test_a_code_sent_by_a_gateway_is_thrown_away_and_hidden(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = person(uow, "Alice")
    message = text(uow, template="price_text_code", phone=PHONE, user_id=alice.id, token="123456")
    monkeypatch.setattr(queries.HttpSms, "send", lambda _self, _message: None)

    sent = _sent(uow, message, sms_url="https://gateway.example")

    assert sent.params["sealed"] == ""
    live = dataclasses.replace(uow.settings, sms_url="https://gateway.example")
    assert queries.shown_message(uow.session, message.id, live).body is None


def test_without_a_gateway_in_production_a_text_is_refused(uow: UnitOfWork) -> None:
    message = text(uow, template="price_of_the_day", phone=PHONE, user_id=person(uow, "A").id, params={"text": "x"})

    with pytest.raises(SmsRefused, match="no gateway"):
        _sent(uow, message, environment=type(uow.settings.environment).PRODUCTION)


def test_an_unknown_text_and_a_number_without_a_country_are_found_when_decided(uow: UnitOfWork) -> None:
    alice = person(uow, "Alice")
    with pytest.raises(UnknownTemplate):
        text(uow, template="no_such_text", phone=PHONE, user_id=alice.id)
    with pytest.raises(ValueError, match="international"):
        text(uow, template="price_text_code", phone="0712345678", user_id=alice.id)


def test_what_the_form_let_through_is_refused_by_the_service(uow: UnitOfWork) -> None:
    with pytest.raises(Forbidden):
        price_texts.ask(uow, phone=PHONE, currency="TZS")
    alice = uow.acting_as(actor(uow.session, person(uow, "Alice")))
    with pytest.raises(InvalidInput) as refused:
        price_texts.ask(alice, phone="0712", currency="XXX")
    assert set(refused.value.fields) == {"phone", "currency"}
