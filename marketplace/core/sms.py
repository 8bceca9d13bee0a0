"""Text messages: what fits into one, whom it can reach, and who takes it.

A message of GSM-7 letters holds 160 of them (3GPP TS 23.038); one letter outside makes it 70.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import urllib3

LONGEST: Final = 160
TIMEOUT_SECONDS: Final = (3, 15)  # to connect, to answer
GSM_7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Sent as two: an escape and a letter.
GSM_7_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
# What no accent can be taken off, or what would become another sign.
_INSTEAD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ç": "c", "œ": "oe", "Œ": "OE", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-",
        "—": "-", "−": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "×": "x",
    }
)  # fmt: skip
_PHONE: Final = re.compile(r"\+[1-9][0-9]{7,14}")


class SmsRefused(RuntimeError):
    """The message was not taken; trying again later may help. The words never hold a telephone number."""


def is_gsm(text: str) -> bool:
    """Say whether every letter is one of GSM-7."""
    return all(letter in GSM_7 or letter in GSM_7_EXTENSION for letter in text)


def gsm_length(text: str) -> int:
    """Return how many of the 160 places a text of GSM-7 letters takes; raise ValueError for any other letter."""
    if not is_gsm(text):
        raise ValueError("a letter outside GSM-7")
    return len(text) + sum(letter in GSM_7_EXTENSION for letter in text)


def sms_safe(text: str) -> str:
    """Return a text in which only the letters that GSM-7 lacks are written another way: ô as o, ç as c."""
    return "".join(letter if is_gsm(letter) else _instead_of(letter) for letter in unicodedata.normalize("NFC", text))


def is_phone(text: str) -> bool:
    """Say whether a telephone number is in the international form: + and 8 to 15 digits (E.164)."""
    return _PHONE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """A text message. The same `id` sent twice is one message to the gateway."""

    id: UUID
    sender: str
    phone: str
    text: str


class SmsSender(Protocol):
    """Take a text message, or raise SmsRefused."""

    def send(self, message: ShortMessage) -> None:
        """Hand `message` over."""


@dataclass(frozen=True, slots=True)
class FolderSms:
    """Write messages as .txt files, for a demonstration or a machine without a gateway."""

    folder: Path

    def send(self, message: ShortMessage) -> None:
        """Write `message` under its id; a second sending overwrites the first."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            waiting = self.folder / f".{message.id}.part"
            waiting.write_text(f"To: {message.phone}\n\n{message.text}\n", encoding="utf-8")
            waiting.replace(self.folder / f"{message.id}.txt")
        except OSError as error:
            raise SmsRefused(f"{type(error).__name__}: cannot write to the folder of text messages") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSms:
    """Post messages as JSON to a gateway; every wait has an end, and no answer leads elsewhere."""

    address: str
    key: str | None = None
    timeout: tuple[float, float] = TIMEOUT_SECONDS

    def send(self, message: ShortMessage) -> None:
        """Send `message`; raise SmsRefused when the gateway is away, slow or says no."""
        body = {"id": str(message.id), "from": message.sender, "to": message.phone, "text": message.text}
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(message.id)}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        host = urlsplit(self.address).hostname
        connect, read = self.timeout
        try:
            with urllib3.PoolManager(num_pools=1) as pool:
                answer = pool.request(
                    "POST",
                    self.address,
                    body=json.dumps(body).encode(),
                    headers=headers,
                    timeout=urllib3.Timeout(connect=connect, read=read),
                    retries=False,
                    redirect=False,
                    preload_content=False,  # the status says it all; what follows may be endless
                )
                answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise SmsRefused(f"{type(error).__name__} from {host}") from error
        if not 200 <= answer.status < 300:
            raise SmsRefused(f"status {answer.status} from {host}")


def _instead_of(letter: str) -> str:
    if letter in _INSTEAD:
        return _INSTEAD[letter]
    plain = "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
    return plain if plain and is_gsm(plain) else "?"
