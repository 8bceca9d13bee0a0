"""Read letters and text messages, as the worker sends them and as administrators see them."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from marketplace.core.errors import NotFound
from marketplace.core.mailer import FolderMailer, Letter, Mailer, SmtpMailer
from marketplace.core.sms import FolderSms, HttpSms, ShortMessage, SmsSender
from marketplace.notifications.models import Message
from marketplace.notifications.params import SEALED, unpacked, unsealed
from marketplace.notifications.rendering import Rendered, render
from marketplace.notifications.short_texts import render_text

PAGE = 25


class ShownMessage(NamedTuple):
    """A letter or text on the outbox page; `body` is None where its link or code must stay secret.

    A text message has no subject.
    """

    row: Message
    subject: str
    body: str | None


def mailer_of(settings: Settings) -> Mailer:
    """Return the mail server of the settings, or the folder when none is named."""
    if settings.smtp_host is None:
        return FolderMailer(settings.mail_dir)
    return SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        starttls=settings.smtp_starttls,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )


def letter_of(message: Message, settings: Settings) -> Letter:
    """Return the letter as it goes out."""
    words = _words(message, settings, secrets=_secrets(message, settings))
    return Letter(message.id, settings.mail_from, message.address, words.subject, words.body, message.language)


def sms_sender_of(settings: Settings) -> SmsSender | None:
    """Return the gateway of the settings, or the folder when none is named; None in production without a gateway."""
    if settings.sms_url is not None:
        return HttpSms(address=settings.sms_url, key=settings.sms_key)
    return None if settings.is_production else FolderSms(settings.sms_dir)


def short_message_of(message: Message, settings: Settings) -> ShortMessage:
    """Return the text message as it goes out."""
    words = _words(message, settings, secrets=_secrets(message, settings))
    return ShortMessage(message.id, settings.sms_from, message.address, words.body)


def waiting_message(session: Session, message_id: UUID) -> Message | None:
    """Return a letter that is not sent yet, or None."""
    return session.scalar(select(Message).where(Message.id == message_id, Message.sent_at.is_(None)))


def messages(session: Session, *, before: UUID | None = None) -> Sequence[Message]:
    """Return a page of letters and one more, newest first."""
    query = select(Message).order_by(Message.id.desc()).limit(PAGE + 1)
    return session.scalars(query.where(Message.id < before) if before else query).all()


def shown_message(session: Session, message_id: UUID, settings: Settings) -> ShownMessage:
    """Return a letter or text for the outbox; one with a secret is shown whole only where no server takes it."""
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound
    server = settings.sms_url if message.channel == "sms" else settings.smtp_host
    if server is None and not settings.is_production:
        return ShownMessage(message, *_words(message, settings, secrets=_secrets(message, settings)))
    words = _words(message, settings, secrets={"token": "…"})
    return ShownMessage(message, words.subject, None if SEALED in message.params else words.body)


def _secrets(message: Message, settings: Settings) -> dict[str, str]:
    return unsealed(message.params, key=settings.field_key)


def _words(message: Message, settings: Settings, *, secrets: dict[str, str]) -> Rendered:
    params = {**unpacked(message.params), **secrets, "base_url": settings.base_url}
    if message.channel == "sms":
        return Rendered("", render_text(message.template, params, language=message.language))
    return render(message.template, params, language=message.language)
