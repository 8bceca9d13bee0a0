"""Price guidance for goods that anybody describes."""

from typing import Any, Final

from marketplace.api.blueprint import Resource
from marketplace.api.problems import FieldsRefused
from marketplace.api.v1.documents import guidance_document
from marketplace.api.v1.examples import GUIDANCE, GUIDANCE_QUESTION
from marketplace.api.v1.schemas.prices import GuidanceQuestion, GuidanceSchema
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow
from marketplace.http.limits import limiter
from marketplace.lots.vocabulary import kind_of
from marketplace.orders.comparable_sales import sales_like
from marketplace.pricing.description import LotDescription
from marketplace.pricing.queries import guidance_for

bp: Final = Resource("guidance", __name__, tag="Guidance", description="What would be a fair price today, and why?")

_WRONG_PARCEL: Final = N_("Only stones have a parcel: single for one piece, another one for several pieces.")


@bp.operation("POST", "")
@allow(PUBLIC)
@limiter.limit("120 per minute")
@bp.takes(GuidanceQuestion, example=GUIDANCE_QUESTION)
@bp.answers(200, GuidanceSchema, example=GUIDANCE)
def ask_for_guidance(question: dict[str, Any]) -> dict[str, Any]:
    """Ask what goods would be worth.

    Nothing is stored. Gold is worked out from the reference rate, stones from the price book and from sales
    of like stones here. The working is returned.
    """
    if kind_of(question["form"]) != question["kind"]:
        raise FieldsRefused({"form": N_("This form is not of that kind of goods.")}, place="pointer")
    parcel, is_one = question.get("parcel"), question["pieces"] == 1
    if parcel and (question["kind"] == "gold" or (parcel == "single") != is_one):
        raise FieldsRefused({"parcel": _WRONG_PARCEL}, place="pointer")
    if question["kind"] == "gem" and is_one:
        question["parcel"] = "single"
    uow = current_uow()
    description, today = LotDescription(**question), uow.now.date()
    sales = sales_like(uow.session, description, on=today)
    found = guidance_for(uow.session, description, on=today, now=uow.now, sales=sales)
    return guidance_document(found.snapshot())
