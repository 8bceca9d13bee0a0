"""Offers: your own negotiations, as buyer or as cooperative."""

from http import HTTPStatus
from typing import Any, Final

from marketplace.api.blueprint import Resource
from marketplace.api.openapi import IDEMPOTENCY_KEY, needs
from marketplace.api.preconditions import keyed
from marketplace.api.problems import FieldsRefused
from marketplace.api.tokens import bearer
from marketplace.api.v1 import examples
from marketplace.api.v1.documents import money_document
from marketplace.api.v1.schemas.offers import (
    CounterOffer,
    NegotiationPageSchema,
    NegotiationSchema,
    NewOffer,
    NoWords,
    OffersQuery,
)
from marketplace.core.errors import FieldError, InvalidInput, NotFound
from marketplace.core.ids import normal_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.context import current_uow
from marketplace.http.languages import translate_error
from marketplace.http.limits import limiter
from marketplace.lots.parts import content_of_part
from marketplace.lots.queries import published_version
from marketplace.orders import offer_queries as queries
from marketplace.orders import services
from marketplace.orders.negotiation_models import Negotiation
from marketplace.orders.offer_queries import Talk, amount_of
from marketplace.orders.offer_words import OfferFacts, what_stands
from marketplace.orders.offers import Side, allowed_actions

bp: Final = Resource("offers", __name__, tag="Offers", description="Offers and counter-offers about lots on sale.")

WRITES: Final = "60 per minute"


@bp.operation("GET", "")
@bearer("read")
@bp.takes(OffersQuery, location="query")
@bp.answers(200, NegotiationPageSchema, example=examples.NEGOTIATION_PAGE)
@bp.describe(**needs("read"))
def list_offers(query: dict[str, Any]) -> dict[str, Any]:
    """List your negotiations.

    Last moved first, twenty a page.
    """
    uow, after = current_uow(), query.get("cursor")
    side = Side(query["side"]) if "side" in query else _usual_side()
    try:
        if after and "\x00" in after:
            raise NotFound
        if side is Side.BUYER:
            page = queries.talks_of_buyer(uow.session, buyer_id=uow.actor.buyer_id, now=uow.now, after=after)
        else:
            mine = list(uow.actor.memberships)
            page = queries.talks_of_cooperatives(uow.session, cooperative_ids=mine, now=uow.now, after=after)
    except NotFound:
        words = N_("This is no cursor of ours. Start with the first page.")
        raise FieldsRefused({"cursor": words}, place="parameter") from None
    return {"offers": [_row(talk, side) for talk in page.talks], "next_cursor": page.after}


@bp.operation("GET", "/<reference>", parameters=[examples.NEGOTIATION_REFERENCE])
@bearer("read")
@bp.answers(200, NegotiationSchema, example=examples.NEGOTIATION)
@bp.refuses(HTTPStatus.NOT_FOUND)
@bp.describe(**needs("read"))
def get_offer(reference: str) -> dict[str, Any]:
    """Read one of your negotiations.

    Every offer of it, where it stands, and what you may do now.
    """
    return _document(*_own(reference))


@bp.operation("POST", "")
@limiter.limit(WRITES)
@bearer("write")
@keyed
@bp.takes(NewOffer, example=examples.NEW_OFFER)
@bp.answers(201, NegotiationSchema, example=examples.NEGOTIATION)
@bp.refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
@bp.describe(**needs("write"), parameters=[IDEMPOTENCY_KEY])
def make_offer(body: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Make an offer for a lot, or for a part of it.

    After your last offer about the same version ended, this makes the next one of the same negotiation.
    """
    uow, reference = current_uow(), normal_reference(body["lot"])
    _lot, version = published_version(uow.session, reference)
    try:
        negotiation = services.make_offer(
            uow,
            lot_reference=reference,
            version_sha256=body["version_sha256"],
            amount=Money(body["amount_minor"], version.currency),
            part_mg=body.get("part_mg"),
        )
    except InvalidInput as refused:
        raise _pointed(refused) from refused
    return _document(negotiation, Side.BUYER), 201, {"Location": f"/api/v1/offers/{negotiation.reference}"}


@bp.operation("POST", "/<reference>/counter", parameters=[examples.NEGOTIATION_REFERENCE])
@limiter.limit(WRITES)
@bearer("write")
@keyed
@bp.takes(CounterOffer, example=examples.COUNTER_OFFER)
@bp.answers(200, NegotiationSchema, example=examples.COUNTERED_NEGOTIATION)
@bp.refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
@bp.describe(**needs("write"), parameters=[IDEMPOTENCY_KEY])
def counter_offer(body: dict[str, Any], reference: str) -> dict[str, Any]:
    """Answer the open offer with another amount."""
    uow = current_uow()
    negotiation, side = _own(reference)
    currency = queries.talk_of(uow.session, negotiation, now=uow.now).amount.currency
    try:
        services.counter_offer(uow, negotiation=negotiation, amount=Money(body["amount_minor"], currency))
    except InvalidInput as refused:
        raise _pointed(refused) from refused
    return _document(negotiation, side)


@bp.operation("POST", "/<reference>/acceptance", parameters=[examples.NEGOTIATION_REFERENCE])
@limiter.limit(WRITES)
@bearer("write")
@keyed
@bp.takes(NoWords, example={})
@bp.answers(200, NegotiationSchema, example=examples.ACCEPTED_NEGOTIATION)
@bp.refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
@bp.describe(**needs("write"), parameters=[IDEMPOTENCY_KEY])
def accept_offer(_body: dict[str, Any], reference: str) -> dict[str, Any]:
    """Accept the open offer.

    The lot is kept for the buyer, who orders it on the site until `order_until`.
    """
    negotiation, side = _own(reference)
    services.accept_offer(current_uow(), negotiation=negotiation)
    return _document(negotiation, side)


@bp.operation("POST", "/<reference>/refusal", parameters=[examples.NEGOTIATION_REFERENCE])
@limiter.limit(WRITES)
@bearer("write")
@keyed
@bp.takes(NoWords, example={})
@bp.answers(200, NegotiationSchema, example=examples.DECLINED_NEGOTIATION)
@bp.refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
@bp.describe(**needs("write"), parameters=[IDEMPOTENCY_KEY])
def decline_offer(_body: dict[str, Any], reference: str) -> dict[str, Any]:
    """Decline the open offer."""
    negotiation, side = _own(reference)
    services.decline_offer(current_uow(), negotiation=negotiation)
    return _document(negotiation, side)


@bp.operation("POST", "/<reference>/withdrawal", parameters=[examples.NEGOTIATION_REFERENCE])
@limiter.limit(WRITES)
@bearer("write")
@keyed
@bp.takes(NoWords, example={})
@bp.answers(200, NegotiationSchema, example=examples.WITHDRAWN_NEGOTIATION)
@bp.refuses(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
@bp.describe(**needs("write"), parameters=[IDEMPOTENCY_KEY])
def withdraw_offer(_body: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take your own open offer back."""
    negotiation, side = _own(reference)
    services.withdraw_offer(current_uow(), negotiation=negotiation)
    return _document(negotiation, side)


def _usual_side() -> Side:
    return Side.BUYER if current_uow().actor.buyer_id else Side.COOPERATIVE


def _pointed(refused: InvalidInput) -> FieldsRefused:
    """Name the field by its place in the body."""
    names = {"amount": "amount_minor", "part": "part_mg"}
    return FieldsRefused({names.get(name, name): error for name, error in refused.fields.items()}, place="pointer")


def _own(reference: str) -> tuple[Negotiation, Side]:
    uow = current_uow()
    if "\x00" in reference:
        raise NotFound
    if uow.actor.buyer_id is not None:
        try:
            return queries.negotiation_of_buyer(uow.session, reference, buyer_id=uow.actor.buyer_id), Side.BUYER
        except NotFound:
            pass
    mine = list(uow.actor.memberships)
    return queries.negotiation_of_cooperatives(uow.session, reference, cooperative_ids=mine), Side.COOPERATIVE


def _row(talk: Talk, side: Side) -> dict[str, Any]:
    newest = talk.newest
    return {
        "reference": talk.negotiation.reference,
        "side": side.value,
        "lot": talk.lot.reference,
        "title": content_of_part(talk.version.content, newest.quantity_mg)["title"],
        "state": newest.state,
        "amount": money_document(talk.amount),
        "list_price": money_document(talk.list_price),
        "is_waiting": talk.standing.is_waiting,
        "updated_at": talk.negotiation.updated_at,
    }


def _document(negotiation: Negotiation, side: Side) -> dict[str, Any]:
    uow = current_uow()
    talk = queries.talk_of(uow.session, negotiation, now=uow.now)
    order_until = talk.claim.expires_at if talk.claim is not None and talk.standing.is_agreed else None
    facts = OfferFacts(talk.standing, talk.amount, talk.newest.expires_at, order_until, talk.order is not None)
    stands = what_stands(facts, side)
    return {
        **_row(talk, side),
        "text": translate_error(FieldError(stands.message, **stands.params)),
        "version_sha256": talk.version.sha256,
        "offers": [
            {
                "round": offer.round,
                "made_by": offer.made_by,
                "amount": money_document(amount_of(offer)),
                "part_mg": offer.quantity_mg,
                "state": offer.state,
                "made_at": offer.created_at,
                "expires_at": offer.expires_at,
            }
            for offer in talk.offers
        ],
        "order_until": order_until if talk.order is None else None,
        "order": talk.order.reference if talk.order is not None else None,
        "allowed_actions": [action.value for action in allowed_actions(talk.standing, uow.actor)],
    }
