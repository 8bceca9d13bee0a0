"""Reports by text message, as the gateway hands them on: signed, at most a few kilobytes, answered in one message.

The body is JSON with `id`, `from` and `text`; the header X-Timestamp holds the seconds since 1970, and X-Signature the
HMAC-SHA-256 in hex of the timestamp, a point and the body under SMS_REPORT_SECRET. Without that setting it is off.
"""

import hashlib
import hmac
import json
from typing import Final, NamedTuple

from flask import Blueprint, jsonify, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.core.sms import is_phone, sms_safe
from marketplace.core.text import N_
from marketplace.http.access import SIGNED_BY_PROVIDER, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.errors import problem
from marketplace.http.languages import translate
from marketplace.incidents.answers import Report
from marketplace.incidents.models import IncidentReport
from marketplace.incidents.report_queries import known_places
from marketplace.incidents.sealing import message_digest
from marketplace.incidents.services.reports import receive_text
from marketplace.incidents.sms import LONGEST_ANSWER, SmsUnreadable, read_sms
from marketplace.notifications.short_texts import S_, say

bp = Blueprint("webhooks_sms", __name__, url_prefix="/webhooks")
LARGEST: Final = 4096
LATEST_SECONDS: Final = 300
# Each is one text message of at most 160 letters, with the code and the passphrase put in.
RECEIVED: Final = S_(
    "Pact has your report %(code)s. Passphrase: %(secret)s. Answer within 7 days: %(site)s/report/case"
)
WHERE: Final = S_("Pact has your report %(code)s. Passphrase: %(secret)s. Which mine? Add it: %(site)s/report/case")
AGAIN: Final = S_("Pact has this report already.")
HOW: Final = S_("Write REPORT, the mine or place, and what happened. Example: REPORT Geita children work in the pit")


class Message(NamedTuple):
    """A text message as the gateway tells it."""

    id: str
    number: str
    text: str


@bp.post("/sms")
@allow(SIGNED_BY_PROVIDER)
def receive() -> Response:
    """Take in one text message; answer with the text to send back."""
    secret = settings().sms_report_secret
    if not secret:
        raise NotFound
    if (request.content_length or LARGEST + 1) > LARGEST:
        return problem(413, code="too_large", detail=translate(N_("A message has at most 4 KiB.")))
    raw = request.get_data(cache=False)
    if not _is_signed(raw, secret):
        return problem(400, code="forged", detail=translate(N_("The signature does not fit, or is too old.")))
    message = _read(raw)
    if message is None:
        return problem(400, code="unreadable", detail=translate(N_("A message has id, from and text.")))
    return jsonify({"reply": _taken(message)})


def _taken(message: Message) -> str:
    uow = current_uow()
    try:
        parsed = read_sms(message.text, places=known_places(uow.session))
    except SmsUnreadable as error:
        return _words(error.language, HOW)
    digest = message_digest(message.number, message.id, key=uow.settings.field_key)
    if uow.session.scalar(select(IncidentReport.id).where(IncidentReport.message_digest == digest)) is not None:
        return _words(parsed.language, AGAIN)
    received = receive_text(
        uow,
        report=Report(parsed.place, parsed.words, ""),
        language=parsed.language,
        site=parsed.site,
        number=message.number,
        message_digest=digest,
    )
    host = settings().base_url.partition("://")[2].rstrip("/")
    words = RECEIVED if parsed.site else WHERE
    return _words(parsed.language, words, code=received.report.reference, secret=received.secret, site=host)


def _words(language: str, message: str, **params: str) -> str:
    """Return an answer in a language; one that grew too long in it is sent in English."""
    told = sms_safe(say(message, language=language) % params)
    short = told if len(told) <= LONGEST_ANSWER else sms_safe(message % params)
    return short[:LONGEST_ANSWER]


def _is_signed(raw: bytes, secret: str) -> bool:
    stamp = request.headers.get("X-Timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    wanted = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    age = abs(current_uow().clock.wall().timestamp() - int(stamp))
    given = request.headers.get("X-Signature", "")
    return hmac.compare_digest(wanted.encode(), given.encode()) and age <= LATEST_SECONDS


def _read(raw: bytes) -> Message | None:
    try:
        given = json.loads(raw)
    except ValueError:
        return None
    found = [given.get(name) for name in ("id", "from", "text")] if isinstance(given, dict) else [None]
    if not all(isinstance(each, str) and 0 < len(each) <= 1000 and "\x00" not in each for each in found):
        return None
    message = Message(*found)
    return message if is_phone(message.number) else None
