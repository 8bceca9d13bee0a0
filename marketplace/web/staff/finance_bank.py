"""The bank's statements, what nothing explains yet, and the table of ways to pay."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.orders.models import Order
from marketplace.orders.services import payout_parts
from marketplace.payments.bank_statements import queries, receipts, services
from marketplace.payments.bank_statements.clues import Why
from marketplace.payments.bank_statements.statement import LARGEST_FILE, StatementRefused
from marketplace.payments.rail_files import rail_table
from marketplace.payments.rail_models import BankEntry, PayoutPart, UnmatchedReceipt
from marketplace.payments.rail_table import RailTable
from marketplace.payments.rails import MOBILE_PROVIDERS
from marketplace.web.filters import short_date
from marketplace.web.staff.finance_words import RAILS, REMEDIES, WHYS

bp = Blueprint("staff_bank", __name__, url_prefix="/staff/finance/bank")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE, fresh=True)
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> Page:
    """List statements and what is not explained."""
    return _index(errors={})


@bp.post("")
@allow(FINANCE)
@once
def import_statement() -> Page:
    """Import a file of the bank."""
    sent = request.files.get("file")
    content = sent.stream.read(LARGEST_FILE + 1) if sent else b""
    try:
        done = services.import_file(current_uow(), content=content, news=payout_parts)
    except StatementRefused as error:
        return _index(errors={"file": translate(error.message, **error.params)}), 422
    message = N_("Read %(entries)s entries: %(new)s new, %(matched)s matched.")
    flash(translate(message, entries=done.entries, new=done.new, matched=done.matched), "good")
    return redirect(url_for("staff_bank.index"), code=303)


@bp.get("/rails")
@allow(READERS)
def rails() -> Page:
    """Show what is possible by country and currency; what is only remembered is marked."""
    table = rail_table()
    return render_template(
        "staff/finance/rails.html", table=table, as_of=_as_of(table), rails=RAILS, providers=MOBILE_PROVIDERS
    )


def _as_of(table: RailTable) -> str:
    """Return the version of the table as people write it: a day, or whatever its author called it."""
    try:
        return short_date(date.fromisoformat(table.version))
    except ValueError:
        return table.version


@bp.get("/receipts/<uuid:receipt_id>")
@allow(READERS)
def show(receipt_id: UUID) -> Page:
    """Show one unmatched entry."""
    return _page(_receipt(receipt_id), values={}, errors={})


@bp.post("/receipts/<uuid:receipt_id>")
@allow(FINANCE)
@once
def propose(receipt_id: UUID) -> Page:
    """Say what an entry is."""
    receipt, form = _receipt(receipt_id), request.form
    try:
        receipts.propose(
            current_uow(),
            receipt=receipt,
            remedy=form.get("remedy", ""),
            whose=form.get("whose", ""),
            reason=form.get("reason", ""),
        )
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _page(receipt, values=form, errors=errors), 422
    return _to(receipt)


@bp.post("/receipts/<uuid:receipt_id>/agreement")
@allow(FINANCE)
@once
def agree(receipt_id: UUID) -> Page:
    """Agree as the second person."""
    receipt = _receipt(receipt_id)
    receipts.agree(current_uow(), receipt=receipt)
    return _to(receipt)


@bp.post("/receipts/<uuid:receipt_id>/refusal")
@allow(FINANCE)
@once
def refuse(receipt_id: UUID) -> Page:
    """Put a proposal back."""
    receipt = _receipt(receipt_id)
    receipts.refuse(current_uow(), receipt=receipt)
    return _to(receipt)


@bp.post("/receipts/<uuid:receipt_id>/look")
@allow(FINANCE)
@once
def look_again(receipt_id: UUID) -> Page:
    """Try once more to match an entry."""
    receipt = _receipt(receipt_id)
    if not receipts.look_again(current_uow(), receipt=receipt, news=payout_parts):
        flash(translate(N_("Nothing explains it yet.")), "warn")
        return redirect(url_for("staff_bank.show", receipt_id=receipt.id), code=303)
    return _to(receipt)


def _index(*, errors: object) -> str:
    uow = current_uow()
    is_done = request.args.get("state") == "done"
    found = queries.receipts(uow.session, is_done=is_done, after=_cursor("after"))
    statements = queries.statements(uow.session, before=_cursor("before"))
    shown = statements[: queries.PAGE]
    return render_template(
        "staff/finance/bank.html",
        receipts=[(receipt, entry, _amount(entry)) for receipt, entry in found[: queries.PAGE]],
        is_done=is_done,
        whys=WHYS,
        remedies=REMEDIES,
        next_after=found[queries.PAGE - 1][0].id if len(found) > queries.PAGE else None,
        statements=shown,
        next_before=shown[-1].id if len(statements) > queries.PAGE else None,
        balances=queries.bank_balances(uow.session, uow.now.date()),
        is_finance=uow.actor.has_role(StaffRole.FINANCE),
        errors=errors,
    )


def _page(receipt: UnmatchedReceipt, *, values: object, errors: Any) -> str:
    uow = current_uow()
    entry = uow.session.get_one(BankEntry, receipt.entry_id)
    order, part = _named(receipt)
    return render_template(
        "staff/finance/receipt.html",
        receipt=receipt,
        why=WHYS[Why(receipt.why)],
        order=order,
        part=part,
        entry=entry,
        amount=_amount(entry),
        choices=[(each.value, translate(REMEDIES[each])) for each in receipts.remedies_for(entry)],
        remedies=REMEDIES,
        is_finance=uow.actor.has_role(StaffRole.FINANCE),
        is_proposer=receipt.proposed_by == uow.actor.user_id,
        values=values or {"whose": order.buyer_id if order else part.reference if part else ""},
        errors=errors,
    )


def _named(receipt: UnmatchedReceipt) -> tuple[Order | None, PayoutPart | None]:
    session = current_uow().session
    order = session.get(Order, receipt.order_id) if receipt.order_id else None
    return order, session.get(PayoutPart, receipt.part_id) if receipt.part_id else None


def _amount(entry: BankEntry) -> Money:
    return Money(entry.amount_minor, entry.currency)


def _receipt(receipt_id: UUID) -> UnmatchedReceipt:
    return queries.receipt_by_id(current_uow().session, receipt_id)


def _to(receipt: UnmatchedReceipt) -> Response:
    flash(translate(N_("Noted.")), "good")
    return redirect(url_for("staff_bank.show", receipt_id=receipt.id), code=303)


def _cursor(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
