"""The receipt of a cash payout: a paper to print and sign, and the photo of the signed one."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.storage import FileMissing
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, file_store, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate, translate_error
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts.cash import keep_receipt, key_of_receipt, read_signed
from marketplace.payments.payouts.part_amounts import amount_of_part
from marketplace.payments.queries import payout_by_reference
from marketplace.payments.rail_models import CashReceipt, PayoutPart
from marketplace.payments.rails import Rail

bp = Blueprint("staff_cash", __name__, url_prefix="/staff/finance/parts/<reference>/<uuid:part_id>/receipt")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE, fresh=True)


@bp.get("")
@allow(READERS)
def show(reference: str, part_id: UUID) -> str:
    """Show the paper to print, and the signed one when it is there."""
    return _page(*_part(reference, part_id), values={}, errors={})


@bp.post("")
@allow(FINANCE)
@once
def keep(reference: str, part_id: UUID) -> Redirect | tuple[str, int]:
    """Keep the photo of the signed paper."""
    payout, part = _part(reference, part_id)
    file = request.files.get("photo")
    content = file.read(settings().max_upload_bytes + 1) if file else b""
    try:
        signed = read_signed(request.form)
        keep_receipt(current_uow(), payout=payout, part=part, signed=signed, photo=content, store=file_store())
    except InvalidInput as error:
        errors = {name: translate_error(field) for name, field in error.fields.items()}
        return _page(payout, part, values=request.form, errors=errors), 422
    flash(translate(N_("Kept. Somebody else can confirm the payout now.")), "good")
    return redirect(url_for("staff_parts.index", reference=payout.reference), code=303)


@bp.get("/photo")
@allow(READERS)
def photo(reference: str, part_id: UUID) -> Response:
    """Send the photo of the signed paper."""
    _payout, part = _part(reference, part_id)
    receipt = current_uow().session.get(CashReceipt, part.id)
    if receipt is None:
        raise NotFound
    try:
        content = file_store().get(key_of_receipt(receipt.sha256))
    except FileMissing:
        raise NotFound from None
    response = Response(content, content_type="image/webp")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _part(reference: str, part_id: UUID) -> tuple[Payout, PayoutPart]:
    session = current_uow().session
    payout, part = payout_by_reference(session, reference), session.get(PayoutPart, part_id)
    if part is None or part.payout_id != payout.id or payout.rail != Rail.CASH:
        raise NotFound
    return payout, part


def _page(payout: Payout, part: PayoutPart, *, values: object, errors: object) -> str:
    session = current_uow().session
    return render_template(
        "staff/finance/cash_receipt.html",
        payout=payout,
        part=part,
        amount=amount_of_part(part),
        cooperative=session.get_one(Cooperative, payout.cooperative_id),
        destination=session.get_one(PayoutDestination, payout.destination_id),
        receipt=session.get(CashReceipt, part.id),
        values=values,
        errors=errors,
    )
