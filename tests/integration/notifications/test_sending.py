import dataclasses
import email
import email.policy
from collections.abc import Callable
from pathlib import Path

import pytest

from marketplace.core.actor import CLOCK
from marketplace.core.ids import new_id
from marketplace.core.mailer import FolderMailer, Letter, MailRefused, SmtpMailer
from marketplace.jobs.tasks.notifications import send
from marketplace.notifications import queries
from marketplace.notifications.models import Message
from marketplace.notifications.services import UnknownTemplate, tell
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import registered
from tests.integration.notifications.mail_server import mail_server

Maker = Callable[[], UnitOfWork]


@pytest.fixture
def message(uow: UnitOfWork) -> Message:
    alice, _ = registered(uow, language="fr")
    params = {"name": "Alice", "expires_at": uow.now}
    return tell(uow, template="reset_password", user_id=alice.id, params=params, token="T0KEN")


def _run(uow: UnitOfWork, message: Message, *, smtp_port: int | None = None) -> Message:
    """Run the task on the test's session; the settings name a mail server when a port is given."""
    uow.commit()
    chosen = uow.settings
    if smtp_port is not None:
        chosen = dataclasses.replace(chosen, smtp_host="127.0.0.1", smtp_port=smtp_port, smtp_starttls=False)

    def make() -> UnitOfWork:
        return UnitOfWork(uow.session, CLOCK, uow.context, uow.clock, uow.enqueue, chosen)

    key = message.id
    send.func.__wrapped__(make, message_id=str(key))
    found = uow.session.get(Message, key)
    assert found is not None
    return found


def test_a_letter_is_written_in_its_readers_language(message: Message) -> None:
    assert (message.address, message.language) == ("alice@example.org", "fr")


def test_without_a_mail_server_letters_become_files(uow: UnitOfWork, message: Message) -> None:
    sent = _run(uow, message)

    path = Path(uow.settings.mail_dir) / f"{sent.id}.eml"
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (mail["To"], mail["Subject"]) == ("alice@example.org", "Choose a new password")
    assert "/account/reset/T0KEN" in mail.get_content()
    assert (sent.sent_at, sent.attempts) == (uow.now, 1)


def test_a_mail_server_gets_the_letter_once_and_the_token_is_thrown_away(uow: UnitOfWork, message: Message) -> None:
    with mail_server() as server:
        sent = _run(uow, message, smtp_port=server.port)
        _run(uow, sent, smtp_port=server.port)

    assert len(server.letters) == 1
    assert "T0KEN" in server.letters[0].replace("=\r\n", "")
    assert sent.params["sealed"] == ""


def test_a_refusal_is_noted_and_raised_for_the_queue_to_try_again(uow: UnitOfWork, message: Message) -> None:
    with mail_server(refuses=True) as server, pytest.raises(MailRefused):
        _run(uow, message, smtp_port=server.port)

    uow.session.refresh(message)
    assert (message.sent_at, message.attempts) == (None, 1)
    assert "SMTPRecipientsRefused" in str(message.last_error)


def test_a_silent_mail_server_does_not_hold_us(uow: UnitOfWork) -> None:
    with mail_server(silent=True) as server, pytest.raises(MailRefused):
        SmtpMailer(host="127.0.0.1", port=server.port, starttls=False, timeout=0.2).send(_letter())


def test_a_folder_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands in the way")

    with pytest.raises(MailRefused):
        FolderMailer(tmp_path / "mail").send(_letter())


def test_a_line_break_in_a_header_is_refused() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        dataclasses.replace(_letter(), subject="Hello\nBcc: mallory@example.org").as_mail()


def test_an_unknown_letter_is_found_when_it_is_decided(uow: UnitOfWork) -> None:
    with pytest.raises(UnknownTemplate):
        tell(uow, template="no_such_letter", address="alice@example.org")


def test_links_are_shown_on_the_outbox_only_where_no_mail_server_sends_them(uow: UnitOfWork, message: Message) -> None:
    uow.session.flush()
    live = dataclasses.replace(uow.settings, smtp_host="mail.example.org")

    assert "T0KEN" in str(queries.shown_message(uow.session, message.id, uow.settings).body)
    assert queries.shown_message(uow.session, message.id, live).body is None


def _letter() -> Letter:
    return Letter(new_id(), "us@example.org", "alice@example.org", "Hello", "Hello Alice\n", "en")
