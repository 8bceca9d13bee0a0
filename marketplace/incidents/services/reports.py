"""Take in reports of strangers without keeping who they are; staff join, answer and close them."""

import secrets
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import or_, select

from marketplace.compliance.models import MineSite
from marketplace.core.actor import StaffRole
from marketplace.core.crypto import seal
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.ids import CROCKFORD, new_reference
from marketplace.core.text import N_
from marketplace.incidents.answers import Report
from marketplace.incidents.models import Incident, IncidentReport, ReportWords
from marketplace.incidents.report_queries import MOST_WORDS, words_of
from marketplace.incidents.sealing import sealed, secret_digest
from marketplace.incidents.services.letters import tell_report
from marketplace.incidents.transitions import ENDED
from marketplace.unit_of_work import UnitOfWork

ANSWER_WITHIN: Final = timedelta(days=7)
NUMBER: Final = "incident_report.number"
_GROUPS: Final = 4
ERASED_AT_ONCE: Final = 500


class Received(NamedTuple):
    """A new case, and the passphrase that is shown once."""

    report: IncidentReport
    secret: str


class ReportClosed(Conflict):
    """Nothing more can be written in this case."""

    code = "report_closed"
    message = N_("This case is closed. Send a new report if something else happened.")


class ReportFull(Conflict):
    """A case holds so many texts and no more."""

    code = "report_full"
    message = N_("This case holds no more texts. Send a new report, and name this case in it.")


def receive(uow: UnitOfWork, *, report: Report, language: str, channel: str = "web", site: str = "") -> Received:
    """Keep a report in nobody's name: no account, address or browser stands in it or in the log."""
    unseen, key = uow.in_confidence(), uow.settings.field_key
    secret = new_secret()
    place = uow.session.scalar(select(MineSite.id).where(MineSite.reference == site)) if site else None
    row = IncidentReport(
        reference=new_reference("RP"),
        channel=channel,
        language=language,
        state="new",
        place_sealed=sealed(report.place, key=key),
        site_id=place,
        secret_digest=secret_digest(secret, key=key),
        contact_sealed=sealed(report.contact, key=key) if report.contact else None,
        received_at=uow.now,
        answer_by=uow.now + ANSWER_WITHIN,
    )
    uow.session.add(row)
    uow.session.flush()
    _write(uow, row, "reporter", report.words)
    unseen.record("incident_report.receive", row, channel=channel)
    tell_report(unseen, row)
    return Received(row, secret)


def receive_text(
    uow: UnitOfWork, *, report: Report, language: str, site: str, number: str, message_digest: str
) -> Received:
    """Keep a report that came as a text message; its number is sealed, and erased once the case is closed."""
    received = receive(uow, report=report, language=language, channel="sms", site=site)
    received.report.number_sealed = seal(number.encode(), key=uow.settings.field_key, purpose=NUMBER)
    received.report.message_digest = message_digest
    uow.session.flush()
    return received


def add_facts(uow: UnitOfWork, *, report: IncidentReport, words: str) -> None:
    """Let the reporter add what she knows; raises ReportClosed or ReportFull."""
    _check_open(uow, report)
    _write(uow, report, "reporter", words)
    uow.in_confidence().record("incident_report.add", report)


def answer(uow: UnitOfWork, *, report: IncidentReport, words: str) -> None:
    """Write to the reporter; she reads it with her code and passphrase."""
    _staff(uow)
    _check_open(uow, report)
    _write(uow, report, "staff", words)
    uow.record("incident_report.answer", report)


def join(uow: UnitOfWork, *, report: IncidentReport, incident: Incident) -> None:
    """Put a report to an incident; it is closed with it. Raises Conflict for one that has ended."""
    _staff(uow)
    _check_open(uow, report)
    if incident.state in ENDED:
        raise Conflict(N_("This incident has ended. Open it again first, with the new evidence."))
    report.state, report.incident_id = "joined", incident.id
    uow.record("incident_report.join", report, incident)


def close(uow: UnitOfWork, *, report: IncidentReport, words: str) -> None:
    """Answer a report and close it; the answer is the reason."""
    answer(uow, report=report, words=words)
    report.state, report.closed_at = "closed", uow.now
    uow.record("incident_report.close", report)


def erase_senders(uow: UnitOfWork) -> int:
    """Erase telephone numbers and contacts of closed cases; return of how many."""
    known = or_(IncidentReport.contact_sealed.is_not(None), IncidentReport.number_sealed.is_not(None))
    wanted = select(IncidentReport).where(IncidentReport.state == "closed", known).order_by(IncidentReport.id)
    rows = uow.session.scalars(wanted.limit(ERASED_AT_ONCE).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.contact_sealed = row.number_sealed = None
        uow.record("incident_report.forget", row)
    return len(rows)


def new_secret() -> str:
    """Make a passphrase of 80 random bits in four groups, easy to copy by hand."""
    groups = ("".join(secrets.choice(CROCKFORD) for _ in range(4)) for _ in range(_GROUPS))
    return "-".join(groups)


def _check_open(uow: UnitOfWork, report: IncidentReport) -> None:
    uow.session.refresh(report, with_for_update=True)
    if report.state == "closed":
        raise ReportClosed
    if len(words_of(uow.session, report.id)) >= MOST_WORDS:
        raise ReportFull


def _write(uow: UnitOfWork, report: IncidentReport, side: str, words: str) -> None:
    writer: UUID | None = uow.actor.user_id if side == "staff" else None
    row = ReportWords(
        report_id=report.id,
        side=side,
        at=uow.now,
        words_sealed=sealed(words, key=uow.settings.field_key),
        written_by=writer,
    )
    uow.session.add(row)
    uow.session.flush()


def _staff(uow: UnitOfWork) -> None:
    if not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
