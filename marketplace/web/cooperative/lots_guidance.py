"""The guide of a lot in the making, opened: the same page as buyers see, made from what is saved now."""

from flask import Blueprint, url_for

from marketplace.core.errors import NotFound
from marketplace.http.access import MEMBER, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.languages import translate as _
from marketplace.lots.queries import lot_of_cooperative, read_sheet
from marketplace.lots.versions import price_document
from marketplace.orders.comparable_sales import sales_like
from marketplace.web.cooperative import lots_words as words
from marketplace.web.guidance_page import guidance_page
from marketplace.web.working import charge_rows

bp = Blueprint("cooperative_guidance", __name__, url_prefix="/cooperative/lots")


@bp.get("/<reference>/working")
@allow(MEMBER)
def show(reference: str) -> str:
    """Show how the guide for the saved answers is worked out at this moment."""
    uow = current_uow()
    lot = lot_of_cooperative(uow.session, reference, uow.actor)
    sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=settings().platform_fee_bps, sales=sales_like)
    asking = sheet.asking
    if asking.guidance is None:
        raise NotFound
    split = asking.split
    return guidance_page(
        asking.guidance.snapshot(),
        title=words.title_of(lot),
        crumbs=[
            (_("Your lots"), url_for("cooperative_lots.home")),
            (lot.reference, url_for("cooperative_lots.show", reference=lot.reference)),
        ],
        address=url_for(".show", reference=lot.reference),
        charges=charge_rows(price_document(split)["lines"], split.seller_gross) if split else (),
        price=split.price if split else None,
    )
