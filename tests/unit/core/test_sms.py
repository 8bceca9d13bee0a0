"""Text messages: which letters, which numbers, and what a gateway or a folder gets."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.sms import FolderSms, HttpSms, ShortMessage, SmsRefused, gsm_length, is_gsm, is_phone, sms_safe

PHONE = "+255712345678"
MESSAGE = ShortMessage(UUID(int=7), "Facet", PHONE, "Gold per gram: 316,432")


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("Gold", 4), ("a" * 160, 160), ("€", 2), ("[x]", 5), ("à é è ù ñ ü Ç", 13), ("\\^{}~|", 12), ("\n\f", 3)],
)
def test_the_places_a_text_takes(text: str, length: int) -> None:
    assert is_gsm(text)
    assert gsm_length(text) == length


@pytest.mark.parametrize("text", ["ç", "ô", "á", "’", "–", "‰", "`", "ż", "\u00a0", "😀", "\t"])
def test_a_letter_outside_is_found(text: str) -> None:
    assert not is_gsm(f"a{text}")
    with pytest.raises(ValueError, match="outside GSM-7"):
        gsm_length(text)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("août, dîner, fête, ça, œuf, Œuvre", "aout, diner, fete, ca, oeuf, OEuvre"),
        ("días, número, aquí, está, Á Í Ó Ú", "dias, numero, aqui, esta, A I O U"),
        ("à é è ù ñ ü Ç ö ä ¿ ¡ £ € [", "à é è ù ñ ü Ç ö ä ¿ ¡ £ € ["),
        ("l’or «x» “y” – — − … 3×4", 'l\'or "x" "y" - - - ... 3x4'),
        ("1\u202f240,00\u00a0$\u2009x\ty", "1 240,00 $ x y"),
        ("e\u0301", "é"),  # a letter and its accent, two signs
        ("‰ 😀 中", "? ? ?"),
        ("‘a’", "'a'"),
        ("ﬁn", "fin"),
    ],
)
def test_only_the_letters_that_lack_are_written_another_way(text: str, safe: str) -> None:
    assert sms_safe(text) == safe


@given(st.text(max_size=200))
def test_whatever_is_written_becomes_a_text_that_can_be_sent(text: str) -> None:
    safe = sms_safe(text)
    assert gsm_length(safe) >= len(safe)
    assert sms_safe(safe) == safe


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (PHONE, True), ("+12345678", True), ("+1234567", False), ("+123456789012345", True),
        ("+1234567890123456", False), ("+0123456789", False), ("0712345678", False), ("255712345678", False),
        ("+255 712 345 678", False), ("+25571234567a", False), ("", False), ("+25571234567٣", False),
        (PHONE + "\n", False),
    ],
)  # fmt: skip
def test_a_number_is_international_or_none(text: str, is_one: bool) -> None:
    assert is_phone(text) is is_one


def test_a_folder_gets_a_file_and_a_second_sending_makes_no_second_one(tmp_path: Path) -> None:
    sender = FolderSms(tmp_path / "sms")
    sender.send(MESSAGE)
    sender.send(MESSAGE)

    (file,) = (tmp_path / "sms").iterdir()
    assert file.name == f"{MESSAGE.id}.txt"
    assert file.read_text(encoding="utf-8") == "To: +255712345678\n\nGold per gram: 316,432\n"


def test_a_folder_that_cannot_be_written_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "sms").write_text("a file stands in the way")

    with pytest.raises(SmsRefused, match="cannot write"):
        FolderSms(tmp_path / "sms").send(MESSAGE)


@contextmanager
def gateway(status: int, *, location: str = "") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Run a gateway that gives one answer; yield its address and what it got."""
    got: list[dict[str, Any]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body)})
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/messages", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


@pytest.mark.parametrize("status", [200, 202, 299])
def test_a_gateway_gets_the_message_with_its_key_and_its_id(status: int) -> None:
    with gateway(status) as (address, got):
        HttpSms(address=address, key="k3y").send(MESSAGE)

    (sent,) = got
    assert sent["path"] == "/v1/messages"
    assert sent["body"] == {"id": str(MESSAGE.id), "from": "Facet", "to": PHONE, "text": "Gold per gram: 316,432"}
    assert sent["headers"]["Idempotency-Key"] == str(MESSAGE.id)
    assert sent["headers"]["Authorization"] == "Bearer k3y"
    assert sent["headers"]["Content-Type"] == "application/json"


def test_a_gateway_without_a_key_gets_none() -> None:
    with gateway(200) as (address, got):
        HttpSms(address=address).send(MESSAGE)

    assert "Authorization" not in got[0]["headers"]


@pytest.mark.parametrize("status", [300, 302, 400, 429, 500])
def test_any_other_answer_is_a_refusal_and_leads_nowhere(status: int) -> None:
    with (
        gateway(200) as (elsewhere, led),
        gateway(status, location=elsewhere) as (address, got),
        pytest.raises(SmsRefused, match=f"status {status} from") as refused,
    ):
        HttpSms(address=address, key="k3y").send(MESSAGE)

    assert (len(got), led) == (1, [])
    assert PHONE not in str(refused.value)
    assert "k3y" not in str(refused.value)


def test_a_gateway_that_is_away_or_silent_does_not_hold_us() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(SmsRefused, match="ReadTimeoutError from"):
            HttpSms(address=f"http://127.0.0.1:{port}/", timeout=(0.2, 0.2)).send(MESSAGE)
    with pytest.raises(SmsRefused, match="NewConnectionError from") as refused:
        HttpSms(address=f"http://127.0.0.1:{port}/").send(MESSAGE)
    assert PHONE not in str(refused.value)
