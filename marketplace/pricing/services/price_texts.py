"""The price of the day by text message: asked for, confirmed by a code, sent once a day, ended at any time."""

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.accounts.services.throttle import Limit
from marketplace.core.crypto import keyed_digest
from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.money import EXPONENT
from marketplace.core.sms import is_phone
from marketplace.core.text import N_
from marketplace.notifications.services import text
from marketplace.notifications.short_texts import CODE, FINISHED, say
from marketplace.pricing.daily_text import DayPrice, daily_text
from marketplace.pricing.models import PriceTextSubscription
from marketplace.pricing.queries import price_of_the_day
from marketplace.unit_of_work import UnitOfWork, running

CODE_LIVES: Final = timedelta(minutes=15)
MOST_TRIES: Final = 5
PAGE: Final = 500
# Each code is a message that somebody pays for, to a number that may be a stranger's.
CODES_TO_PHONE: Final = Limit("text_code_to", 3, timedelta(hours=1), forgiving=False)
CODES_OF_PERSON: Final = Limit("text_code_of", 5, timedelta(days=1), forgiving=False)
WRONG_CODE: Final = N_("This code is not right. Look at the newest text message.")
DEAD_CODE: Final = N_("This code does not work any more. Ask for a new one.")
BAD_PHONE: Final = N_("Write the number with its country, such as +255 712 345 678.")
BAD_CURRENCY: Final = N_("Choose a currency from the list.")


class NothingToConfirm(Conflict):
    """No code was asked for, or it was used already."""

    code = "nothing_to_confirm"
    message = N_("There is no code to confirm. Ask for a text message first.")


def ask(uow: UnitOfWork, *, phone: str, currency: str) -> PriceTextSubscription:
    """Send a code to the telephone; texts begin when it is typed in. An earlier subscription waits or ends with it."""
    errors = {"phone": BAD_PHONE} if not is_phone(phone) else {}
    errors |= {"currency": BAD_CURRENCY} if currency not in EXPONENT else {}
    if errors:
        raise InvalidInput(errors)
    user_id = uow.person()
    row = _row(uow, user_id)
    if row is None:
        row = PriceTextSubscription(user_id=user_id, phone=phone, currency=currency, state="waiting", asked_at=uow.now)
        uow.session.add(row)
    code = f"{secrets.randbelow(10**6):06d}"
    row.phone, row.currency, row.state, row.asked_at, row.confirmed_at = phone, currency, "waiting", uow.now, None
    row.code_digest, row.code_expires_at, row.code_tries = _digest(uow, user_id, code), uow.now + CODE_LIVES, 0
    uow.record("price_text_subscription.ask", row, currency=currency)
    text(uow, template=CODE, phone=phone, user_id=user_id, token=code)
    return row


def count_try(uow: UnitOfWork) -> None:
    """Count a try of the code before it is looked at, in a transaction that stays; raise InvalidInput when it is dead.

    Counting first means that many tries at one moment cannot all pass.
    """
    row = _row(uow, uow.person())
    if row is None or row.state != "waiting":
        raise NothingToConfirm
    if row.code_tries >= MOST_TRIES or row.code_expires_at is None or row.code_expires_at <= uow.now:
        raise InvalidInput({"code": DEAD_CODE})
    row.code_tries += 1
    uow.record("price_text_subscription.try_code", row, tries=row.code_tries)


def confirm(uow: UnitOfWork, *, code: str) -> PriceTextSubscription:
    """Begin the texts when the code is the one sent; call `count_try` first. Raises InvalidInput."""
    user_id = uow.person()
    row = _row(uow, user_id)
    if row is None or row.state != "waiting" or row.code_digest is None:
        raise NothingToConfirm
    if not hmac.compare_digest(_digest(uow, user_id, "".join(code.split())), row.code_digest):
        raise InvalidInput({"code": WRONG_CODE})
    row.state, row.confirmed_at, row.code_digest, row.code_expires_at = "active", uow.now, None, None
    uow.record("price_text_subscription.confirm", row)
    return row


def end(uow: UnitOfWork) -> None:
    """End the texts of the person who asks; nothing happens when there are none."""
    row = _row(uow, uow.person())
    if row is not None and row.state != "ended":
        row.state, row.code_digest, row.code_expires_at = "ended", None, None
        uow.record("price_text_subscription.end", row)


def subscription_of(session: Session, user_id: UUID) -> PriceTextSubscription | None:
    """Return what a person asked for, or None."""
    return session.get(PriceTextSubscription, user_id)


def send_daily_texts(make_uow: Callable[[], UnitOfWork]) -> int:
    """Send the price to each subscriber who has none of today; return to how many.

    Each has a transaction of her own that writes the message and the day together: a worker killed in between
    sends nobody a second one, and the next run sends to those who are left.
    """
    sent, after = 0, UUID(int=0)
    prices: dict[str, DayPrice | None] = {}
    while True:
        with running(make_uow, read_only=True) as uow:
            waiting = _waiting(uow, after)
        if not waiting:
            return sent
        for user_id in waiting:
            with running(make_uow) as uow:
                sent += _send_one(uow, user_id, prices)
        after = waiting[-1]


def _waiting(uow: UnitOfWork, after: UUID) -> list[UUID]:
    mine = PriceTextSubscription
    query = (
        select(mine.user_id)
        .join(User, User.id == mine.user_id)
        .where(mine.state == "active", mine.user_id > after, User.state == "active")
        .where(or_(mine.last_sent_on.is_(None), mine.last_sent_on < uow.now.date()))
    )
    return list(uow.session.scalars(query.order_by(mine.user_id).limit(PAGE)))


def _send_one(uow: UnitOfWork, user_id: UUID, prices: dict[str, DayPrice | None]) -> int:
    """Write one person's message unless another run did or she ended it meanwhile; return 1 when it was written."""
    row, today = _row(uow, user_id), uow.now.date()
    if row is None or row.state != "active" or row.last_sent_on == today:
        return 0
    if row.currency not in prices:
        prices[row.currency] = price_of_the_day(uow.session, row.currency, today)
    price = prices[row.currency]
    if price is None or price.too_old:
        return 0
    language = uow.session.get_one(User, user_id).language
    words = daily_text(
        price, currency=row.currency, language=language, say=lambda message: say(message, language=language)
    )
    text(uow, template=FINISHED, phone=row.phone, user_id=user_id, params={"text": words})
    row.last_sent_on = today
    uow.record("price_text_subscription.send", row, day=today.isoformat())
    return 1


def _row(uow: UnitOfWork, user_id: UUID) -> PriceTextSubscription | None:
    return uow.session.scalar(
        select(PriceTextSubscription)
        .where(PriceTextSubscription.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _digest(uow: UnitOfWork, user_id: UUID, code: str) -> str:
    # Six digits are guessed from a plain digest in a second: this one needs the application's key.
    return keyed_digest(f"price-text:{user_id}:{code}", key=uow.settings.secret_key)
