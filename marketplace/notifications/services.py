"""Tell people by mail or text message: it is decided with the change, and sent after it."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, column, select, table

from marketplace.core.ids import new_id
from marketplace.core.sms import is_phone
from marketplace.notifications.models import Message
from marketplace.notifications.params import packed, sealed, without_token
from marketplace.notifications.rendering import TEMPLATES
from marketplace.notifications.short_texts import TEMPLATES as SHORT_TEXTS
from marketplace.unit_of_work import UnitOfWork

SEND = "notifications.send"
# Accounts stand above this package: of a person only the address and the language matter here.
_PEOPLE = table("user_account", column("id", Uuid), column("email"), column("language"))
_NO_PARAMS: Mapping[str, object] = {}


class UnknownTemplate(LookupError):
    """No letter has this name."""


class _Reader(NamedTuple):
    address: str
    language: str


def tell(
    uow: UnitOfWork,
    *,
    template: str,
    params: Mapping[str, object] = _NO_PARAMS,
    user_id: UUID | None = None,
    address: str | None = None,
    language: str | None = None,
    token: str | None = None,
) -> Message:
    """Write a letter to a person, or to an address nobody has an account for, and ask the worker to send it.

    `params` may hold text, whole numbers, Money, days and times; the `token` of a link is stored sealed.
    """
    if not (TEMPLATES / f"{template}.txt").is_file():
        raise UnknownTemplate(template)
    reader = _reader(uow, user_id=user_id, address=address, language=language)
    message = Message(
        id=new_id(),
        user_id=user_id,
        address=reader.address,
        language=reader.language,
        template=template,
        params=packed(params) | sealed(token, key=uow.settings.field_key),
        created_at=uow.now,
    )
    uow.session.add(message)
    uow.defer(SEND, message_id=message.id)
    return message


def text(
    uow: UnitOfWork,
    *,
    template: str,
    phone: str,
    user_id: UUID,
    params: Mapping[str, object] = _NO_PARAMS,
    token: str | None = None,
) -> Message:
    """Write a text message to a person's telephone, in her language, and ask the worker to send it.

    `phone` is in the international form; a `token` (a code) is stored sealed.
    """
    if template not in SHORT_TEXTS:
        raise UnknownTemplate(template)
    if not is_phone(phone):
        raise ValueError("a telephone number is in the international form")
    message = Message(
        id=new_id(),
        user_id=user_id,
        channel="sms",
        address=phone,
        language=_reader(uow, user_id=user_id, address=phone, language=None).language,
        template=template,
        params=packed(params) | sealed(token, key=uow.settings.field_key),
        created_at=uow.now,
    )
    uow.session.add(message)
    uow.defer(SEND, message_id=message.id)
    return message


def mark_sent(uow: UnitOfWork, *, message: Message) -> None:
    """Note that it was handed over; links and codes stay readable only where no server or gateway takes them."""
    message.sent_at = uow.now
    message.attempts += 1
    message.last_error = None
    if uow.settings.sms_url if message.channel == "sms" else uow.settings.smtp_host:
        message.params = without_token(message.params)


def mark_failed(uow: UnitOfWork, *, message: Message, reason: str) -> None:
    """Note why the letter was not taken; the worker tries again."""
    del uow
    message.attempts += 1
    message.last_error = reason[:300]


def _reader(uow: UnitOfWork, *, user_id: UUID | None, address: str | None, language: str | None) -> _Reader:
    if user_id is None:
        if address is None:
            raise ValueError("a letter needs a person or an address")
        return _Reader(address, language or "en")
    uow.session.flush()
    row = uow.session.execute(select(_PEOPLE).where(_PEOPLE.c.id == user_id)).one()
    return _Reader(address or row.email, language or row.language)
