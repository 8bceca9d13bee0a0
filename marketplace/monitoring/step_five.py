"""The figures of an annual report on due diligence, in the order of the five steps of the OECD guidance.

Step 5 of the OECD Due Diligence Guidance (third edition, 2016) asks companies to report each year what they did in
each step. What is confidential stays out: no supplier, no single price, nobody who told us something.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditCosignature, AuditVerification
from marketplace.checks.models import LotCheck
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.core.text import N_
from marketplace.incidents.cahra import area_of
from marketplace.incidents.models import Incident, IncidentReport
from marketplace.incidents.services.areas import edition_in_force
from marketplace.incidents.words import SEVERE, risks
from marketplace.lots.models import Lot
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.monitoring.gathering_places import answered_at
from marketplace.monitoring.report import Report
from marketplace.monitoring.values import Unit
from marketplace.monitoring.wanted import MOST_RECORDS, Wanted
from marketplace.onboarding.models import CooperativeApplication
from marketplace.orders.models import Order, VerificationReport
from marketplace.orders.overlay_models import ComplianceHold

_ENDED: Final = ("closed", "unfounded")
_VERDICT_OF: Final = {"approved": "approve", "changes_requested": "changes", "refused": "refuse"}


class Entry(NamedTuple):
    """One figure: its label, its value (None: no data), its unit, and the indicator or risk it is of."""

    label: str
    value: Decimal | None
    unit: Unit = Unit.COUNT
    indicator: str = ""
    is_hidden: bool = False


class Section(NamedTuple):
    """One step with what is done in it, and its figures."""

    step: int
    title: str
    what: tuple[str, ...]
    entries: tuple[Entry, ...]


def annual_report(session: Session, wanted: Wanted, report: Report) -> tuple[Section, ...]:
    """Return the five steps with their figures; `report` is the monitoring report of the same wish."""
    return (
        _systems(session, wanted, report),
        _risks(session, wanted, report),
        _responses(session, wanted, report),
        _checks(session, wanted),
        _reporting(report),
    )


def _systems(session: Session, wanted: Wanted, report: Report) -> Section:
    state, place = Cooperative.state, wanted.of_place()
    approved = _count(session, Cooperative, state == "approved", *place)
    fresh = _count(session, Cooperative, state == "approved", Cooperative.screened_on.is_not(None), *place)
    verified = _count(session, AuditVerification, *wanted.within(AuditVerification.ended_at))
    sound = _count(
        session, AuditVerification, AuditVerification.is_sound.is_(True), *wanted.within(AuditVerification.ended_at)
    )
    return Section(
        1,
        N_("Management systems"),
        (
            N_("Each cooperative, mine site and lot is checked before anything is published."),
            N_("Every change stands in a log that outsiders can verify."),
            N_("Anybody may report a problem without an account."),
        ),
        (
            Entry(N_("Approved cooperatives today"), Decimal(approved)),
            Entry(N_("Of them screened against sanctions lists"), Decimal(fresh)),
            *_taken(report, "I14"),
            Entry(N_("Full verifications of the log"), Decimal(verified)),
            Entry(N_("Of them without a finding"), Decimal(sound)),
        ),
    )


def _risks(session: Session, wanted: Wanted, report: Report) -> Section:
    edition = edition_in_force(session)
    sites = session.scalars(
        select(MineSite).join(Cooperative, Cooperative.id == MineSite.cooperative_id)
        .where(MineSite.activity == "active", MineSite.created_at < wanted.before, *wanted.of_place())
        .order_by(MineSite.id).limit(MOST_RECORDS)
    ).all()  # fmt: skip
    touched = sum(
        area_of(edition.areas, country=site.country, region=site.region, district=site.district,
                on=wanted.period.until) is not None
        for site in sites
    )  # fmt: skip
    statuses = (N_("Sites with status blue"), N_("Sites with status green"), N_("Sites with status yellow"),
                N_("Sites with status red"))  # fmt: skip
    reports = _count(session, IncidentReport, *wanted.within(IncidentReport.received_at))
    return Section(
        2,
        N_("Risks found"),
        (N_("The risks are those of Annex II. Areas of conflict come from a dated list."),),
        (
            *_verdicts(session, wanted),
            *(
                Entry(label, Decimal(sum(site.status == place for site in sites)))
                for place, label in enumerate(statuses)
            ),
            Entry(N_("Active sites in an area of conflict"), Decimal(touched)),
            *_taken(report, "I17"),
            Entry(N_("Reports from outside"), Decimal(reports)),
            *_by_risk(session, wanted),
        ),
    )


def _responses(session: Session, wanted: Wanted, report: Report) -> Section:
    def incidents(*conditions: ColumnElement[bool]) -> Decimal:
        return Decimal(_count(session, Incident, *conditions, *wanted.of_place(), of=Incident.cooperative_id))

    held = _count(
        session, ComplianceHold, *wanted.within(ComplianceHold.set_at), *wanted.of_place(),
        of=ComplianceHold.cooperative_id,
    )  # fmt: skip
    lifted = _count(
        session, ComplianceHold, *wanted.within(ComplianceHold.lifted_at), *wanted.of_place(),
        of=ComplianceHold.cooperative_id,
    )  # fmt: skip
    suspended = _count(session, Cooperative, Cooperative.state == "suspended", *wanted.of_place())
    running = (Incident.severity == SEVERE, Incident.state.not_in(_ENDED))
    return Section(
        3,
        N_("Responses to risks"),
        (N_("A severe incident hides the lots of its site and holds payouts, until two people close it."),),
        (
            Entry(N_("Incidents substantiated"), incidents(*wanted.within(Incident.substantiated_at))),
            Entry(N_("Incidents remediated"), incidents(*wanted.within(Incident.ended_at), Incident.state == "closed")),
            Entry(N_("Severe incidents that run today"), incidents(*running)),
            Entry(N_("Orders stopped by compliance"), Decimal(held)),
            Entry(N_("Orders let go on"), Decimal(lifted)),
            Entry(N_("Cooperatives suspended today"), Decimal(suspended)),
            *_taken(report, "I10"),
            *_taken(report, "I18"),
        ),
    )


def _checks(session: Session, wanted: Wanted) -> Section:
    def parcels(*conditions: Any) -> Decimal:
        query = (
            select(func.count()).select_from(VerificationReport).join(Order, Order.id == VerificationReport.order_id)
        )
        query = query.join(Cooperative, Cooperative.id == Order.cooperative_id)
        within = wanted.within(VerificationReport.verified_at)
        return Decimal(session.scalar(query.where(*within, *wanted.of_place(), *conditions)) or 0)

    def lots(*conditions: Any) -> Decimal:
        query = select(func.count()).select_from(LotCheck).join(Lot, Lot.id == LotCheck.lot_id)
        query = query.join(Cooperative, Cooperative.id == Lot.cooperative_id).where(LotCheck.state == "done")
        within = wanted.within(LotCheck.ended_at)
        return Decimal(session.scalar(query.where(*within, *wanted.of_place(), *conditions)) or 0)

    witnessed = _count(session, AuditCosignature, *wanted.within(AuditCosignature.received_at))
    return Section(
        4,
        N_("Independent checks"),
        (
            N_("Parcels are opened and compared by a verifier who took no part in the listing."),
            N_("Any buyer may ask for an independent check of a lot. Its note is public."),
        ),
        (
            Entry(N_("Parcels checked on their way"), parcels()),
            Entry(N_("Of them as described"), parcels(VerificationReport.is_match.is_(True))),
            Entry(N_("Lots checked because a buyer asked"), lots()),
            Entry(N_("Of them as described"), lots(LotCheck.finding == "as_described")),
            Entry(N_("Signatures of outside witnesses under the log"), Decimal(witnessed)),
        ),
    )


def _reporting(report: Report) -> Section:
    return Section(
        5,
        N_("Reporting"),
        (N_("This report comes out once a year. It names no supplier, no price and nobody who reported."),),
        tuple(entry for code in ("I1", "I2", "I3", "I4", "I9", "I15", "I16") for entry in _taken(report, code)),
    )


def _verdicts(session: Session, wanted: Wanted) -> Iterable[Entry]:
    query = (
        select(ModerationCase.kind, Decision.verdict, func.count())
        .join(ModerationCase, ModerationCase.id == Decision.case_id)
        .join(Cooperative, Cooperative.id == ModerationCase.cooperative_id)
        .where(*wanted.within(Decision.decided_at), *wanted.of_place())
        .group_by(ModerationCase.kind, Decision.verdict)
    )
    found = Counter({(kind, verdict): count for kind, verdict, count in session.execute(query)})
    answered = (
        select(CooperativeApplication.state, func.count())
        .join(Cooperative, Cooperative.id == CooperativeApplication.cooperative_id)
        .where(CooperativeApplication.state.in_(_VERDICT_OF), *wanted.within(answered_at()), *wanted.of_place())
        .group_by(CooperativeApplication.state)
    )
    found += Counter({("cooperative", _VERDICT_OF[row[0]]): row[1] for row in session.execute(answered)})
    labels = {
        ("cooperative", "approve"): N_("Applications approved"),
        ("cooperative", "changes"): N_("Applications sent back"),
        ("cooperative", "refuse"): N_("Applications refused"),
        ("lot", "approve"): N_("Lots approved"),
        ("lot", "changes"): N_("Lots sent back"),
        ("lot", "refuse"): N_("Lots refused"),
    }
    return [Entry(label, Decimal(found[key])) for key, label in labels.items()]


def _by_risk(session: Session, wanted: Wanted) -> Iterable[Entry]:
    query = (
        select(Incident.code, func.count())
        .join(Cooperative, Cooperative.id == Incident.cooperative_id)
        .where(*wanted.within(Incident.opened_at), *wanted.of_place())
        .group_by(Incident.code)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    return [Entry(risk.words, Decimal(found.get(code, 0)), indicator=code) for code, risk in risks().items()]


def _taken(report: Report, code: str) -> Sequence[Entry]:
    """Return the figures of an indicator of the monitoring report."""
    reading = report.of(code)
    values = (None,) * len(reading.indicator.figures) if reading.whole is None else reading.whole.values
    return [
        Entry(kind.label, value, kind.unit, code, reading.whole is None)
        for kind, value in zip(reading.indicator.figures, values, strict=True)
    ]


def _count(session: Session, table: Any, *conditions: Any, of: Any = None) -> int:
    """Count rows; `of` is the column of the cooperative when a condition names it."""
    query = select(func.count()).select_from(table)
    if of is not None:
        query = query.join(Cooperative, Cooperative.id == of)
    return session.scalar(query.where(*conditions)) or 0
