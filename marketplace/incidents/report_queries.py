"""Read the reports of strangers: staff's inbox, and a case by its code and passphrase."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from marketplace.compliance.models import MineSite
from marketplace.core.errors import DomainError, NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.text import N_
from marketplace.incidents.models import IncidentReport, ReportWords
from marketplace.incidents.sealing import secret_digest
from marketplace.incidents.sms import Place

PAGE: Final = 25
MOST_WORDS: Final = 100
_NOBODY: Final = "0" * 64


class WrongSecret(DomainError):
    """No case has this code with this passphrase; which of the two is wrong is not said."""

    code = "wrong_secret"
    message = N_("The case code or the passphrase is not right. Compare both with your note.")


def report_by_reference(session: Session, reference: str, *, lock: bool = False) -> IncidentReport:
    """Return a report, for staff; raise NotFound."""
    wanted = select(IncidentReport).where(IncidentReport.reference == reference)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def report_of_sender(session: Session, *, reference: str, secret: str, key: bytes) -> IncidentReport:
    """Return the case of a code and passphrase; raise WrongSecret after the same work whichever is wrong."""
    typed = normal_reference(reference.replace("\x00", "")[:40])
    found = session.scalar(select(IncidentReport).where(IncidentReport.reference == typed))
    given = secret_digest(secret[:200], key=key)
    is_right = hmac.compare_digest(given, found.secret_digest if found else _NOBODY)
    if found is None or not is_right:
        raise WrongSecret
    return found


def page_of_reports(session: Session, *, state: str, after: tuple[datetime, UUID] | None) -> Sequence[IncidentReport]:
    """Return one page of the inbox, newest first, and one more; an empty state means all."""
    wanted = select(IncidentReport).order_by(IncidentReport.received_at.desc(), IncidentReport.id.desc())
    if state:
        wanted = wanted.where(IncidentReport.state == state)
    if after is not None:
        wanted = wanted.where(tuple_(IncidentReport.received_at, IncidentReport.id) < after)
    return session.scalars(wanted.limit(PAGE + 1)).all()


def words_of(session: Session, report_id: UUID) -> Sequence[ReportWords]:
    """Return what was written in a case, oldest first."""
    wanted = select(ReportWords).where(ReportWords.report_id == report_id)
    return session.scalars(wanted.order_by(ReportWords.at, ReportWords.id).limit(MOST_WORDS)).all()


def known_places(session: Session) -> list[Place]:
    """Return the sites a text message may name: by reference, name or district."""
    sites = session.scalars(select(MineSite).order_by(MineSite.id).limit(5_000))
    return [Place(site.reference, (site.reference, site.name, site.district)) for site in sites]
