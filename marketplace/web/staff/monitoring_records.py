"""What is told for the monitoring report: trainings, taxes, counts of officers, sheets of cooperatives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.queries import cooperative_for_staff
from marketplace.core.actor import StaffRole
from marketplace.core.errors import FieldError, InvalidInput, NotFound
from marketplace.core.money import EXPONENT, Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.monitoring import answers, queries, services
from marketplace.monitoring.models import MinerSheet, OfficerCount, TaxReceipt, TrainingSession
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor
from marketplace.web.filters import money, number, short_date

bp = Blueprint("staff_monitoring_records", __name__, url_prefix="/staff/monitoring/records")
READERS = staff(StaffRole.MODERATOR, StaffRole.FINANCE, StaffRole.AUDITOR)
WRITERS = staff(StaffRole.MODERATOR, StaffRole.FINANCE)
Page = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its table, its words, how it is read and entered (None: not by staff), how it is told."""

    table: Any
    title: str
    tell: Callable[[Any], str]
    enter: Callable[[Mapping[str, str], date, Any], object] | None = None


def _training(form: Mapping[str, str], today: date, cooperative: Any) -> object:
    read = answers.read_training(form, today=today)
    return services.enter_training(current_uow(), cooperative=cooperative, training=read)


def _receipt(form: Mapping[str, str], today: date, cooperative: Any) -> object:
    read = answers.read_receipt(form, today=today)
    return services.enter_receipt(current_uow(), cooperative=cooperative, receipt=read)


def _count(form: Mapping[str, str], today: date, cooperative: Any) -> object:
    read = answers.read_count(form, today=today)
    return services.enter_count(current_uow(), cooperative=cooperative, count=read)


def _tell_training(row: TrainingSession) -> str:
    return _(
        "%(topic)s, %(day)s: %(women)s women and %(men)s men",
        topic=_(answers.TOPICS[row.topic]), day=short_date(row.held_on), women=number(row.women), men=number(row.men),
    )  # fmt: skip


def _tell_receipt(row: TaxReceipt) -> str:
    return _(
        "%(amount)s to %(authority)s, receipt %(number)s, %(day)s",
        amount=money(Money(row.amount_minor, row.currency)), authority=row.authority, number=row.number,
        day=short_date(row.paid_on),
    )  # fmt: skip


def _tell_count(row: OfficerCount) -> str:
    return _(
        "%(women)s of %(officers)s officers are women, %(day)s. Known from: %(basis)s",
        women=number(row.women), officers=number(row.officers), day=short_date(row.counted_on), basis=row.basis,
    )  # fmt: skip


def tell_sheet(row: MinerSheet) -> str:
    """Write a sheet of payments in one line."""
    return _(
        "%(reference)s: %(total)s to %(people)s people, %(day)s",
        reference=row.reference, total=money(Money(row.total_minor, row.currency)), people=number(row.payments),
        day=short_date(row.paid_on),
    )  # fmt: skip


KINDS: Final[Mapping[str, Kind]] = {
    "trainings": Kind(TrainingSession, N_("Trainings"), _tell_training, _training),
    "taxes": Kind(TaxReceipt, N_("Receipts of taxes"), _tell_receipt, _receipt),
    "officers": Kind(OfficerCount, N_("Women among officers"), _tell_count, _count),
    "payments": Kind(MinerSheet, N_("Payments to miners"), tell_sheet),
}


@bp.get("/<kind>")
@allow(READERS)
def index(kind: str) -> Page:
    """List what was told of a kind, newest first, with the form to tell more."""
    return _page(kind, values={}, errors={})


@bp.post("/<kind>")
@allow(WRITERS)
@once
def create(kind: str) -> Page:
    """Keep what was told."""
    found = _kind(kind)
    if found.enter is None:
        raise NotFound
    uow = current_uow()
    try:
        found.enter(request.form, uow.now.date(), _cooperative(request.form))
    except InvalidInput as error:
        return _page(kind, values=request.form, errors=field_errors(error)), 422
    flash(_("It is kept, and counts in the report."), "good")
    return redirect(url_for(".index", kind=kind), code=303)


@bp.post("/<kind>/<uuid:record_id>/withdrawal")
@allow(WRITERS)
@once
def withdraw(kind: str, record_id: UUID) -> Page:
    """Withdraw what was wrong."""
    record = queries.record_by_id(current_uow().session, _kind(kind).table, record_id)
    services.withdraw(current_uow(), record=record)
    flash(_("It is withdrawn, and counts nowhere any more."), "info")
    return redirect(url_for(".index", kind=kind), code=303)


def _page(kind: str, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow, found = current_uow(), _kind(kind)
    rows = queries.page_of_records(uow.session, found.table, after=moment_cursor(request.args.get("after", "")))
    shown = rows[: queries.PAGE]
    last = shown[-1].record if len(rows) > queries.PAGE else None
    following = url_for(".index", kind=kind, after=f"{last.entered_at.isoformat()}_{last.id}") if last else None
    return render_template(
        "staff/monitoring/records.html",
        kind=kind,
        title=found.title,
        kinds=KINDS,
        rows=[(row.record, row.cooperative, found.tell(row.record)) for row in shown],
        following=following,
        may_write=uow.actor.has_role(StaffRole.MODERATOR, StaffRole.FINANCE),
        may_enter=found.enter is not None,
        values=values,
        errors=errors,
        cooperatives=[(each.reference, each.name) for each in queries.known_cooperatives(uow.session)],
        topics=[(code, _(words)) for code, words in answers.TOPICS.items()],
        currencies=[(code, code) for code in EXPONENT],
    )


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound
    return KINDS[name]


def _cooperative(form: Mapping[str, str]) -> Any:
    try:
        return cooperative_for_staff(current_uow().session, form.get("cooperative", "")[:40])
    except NotFound:
        raise InvalidInput({"cooperative": FieldError(N_("Choose one from the list."))}) from None
