"""Hand a letter over: to a mail server, or to a folder where a person can read it."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from uuid import UUID

TIMEOUT_SECONDS = 15


class MailRefused(RuntimeError):
    """The letter was not taken; trying again later may help."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in plain text. The same `id` sent twice is one letter to its reader's mail program."""

    id: UUID
    sender: str
    address: str
    subject: str
    body: str
    language: str

    def as_mail(self) -> EmailMessage:
        """Return the letter as a mail (RFC 5322); line breaks in a header raise ValueError."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = self.sender
        mail["To"] = self.address
        mail["Subject"] = self.subject
        mail["Message-ID"] = f"<{self.id}@{self.sender.rpartition('@')[2].strip('> ') or 'localhost'}>"
        mail["Content-Language"] = self.language
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self.body)
        return mail


class Mailer(Protocol):
    """Take a letter, or raise MailRefused."""

    def send(self, letter: Letter) -> None:
        """Hand `letter` over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpMailer:
    """Send through a mail server; every wait has an end."""

    host: str
    port: int
    starttls: bool
    user: str | None = None
    password: str | None = None
    timeout: float = TIMEOUT_SECONDS

    def send(self, letter: Letter) -> None:
        """Send `letter`; raise MailRefused when the server is away, slow or says no."""
        try:
            with smtplib.SMTP(self.host, self.port, timeout=self.timeout) as server:
                if self.starttls:
                    server.starttls(context=ssl.create_default_context())
                if self.user and self.password:
                    server.login(self.user, self.password)
                server.send_message(letter.as_mail())
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(f"{type(error).__name__} from {self.host}:{self.port}") from error


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Write letters as .eml files, for a demonstration or a machine without a mail server."""

    folder: Path

    def send(self, letter: Letter) -> None:
        """Write `letter` under its id; a second sending overwrites the first."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            waiting = self.folder / f".{letter.id}.part"
            waiting.write_bytes(letter.as_mail().as_bytes())
            waiting.replace(self.folder / f"{letter.id}.eml")
        except OSError as error:
            raise MailRefused(f"{type(error).__name__}: cannot write to the mail folder") from error
