"""What the pages of offers share: sentences, the offers so far, the choice of a part. The reader decides the words."""

from collections.abc import Mapping
from typing import Any

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import Cooperative
from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.weight import from_mg
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.models import LotStock
from marketplace.lots.parts import content_of_part
from marketplace.orders import offer_words as words
from marketplace.orders.agreed_split import split_at
from marketplace.orders.offer_queries import Talk, TalkPage, amount_of
from marketplace.orders.offer_words import OfferFacts, Reader
from marketplace.orders.offers import Side, State, allowed_actions
from marketplace.orders.words import Sentence
from marketplace.pricing.split import SplitRefused
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.filters import date_time, money, number, weight


def talk_view(uow: UnitOfWork, talk: Talk, *, reader: Reader) -> dict[str, Any]:
    """Return what a negotiation's page shows to the reader."""
    facts = facts_of(talk)
    left = words.what_is_left(talk.standing)
    return {
        "talk": talk,
        "negotiation": talk.negotiation,
        "title": title_of(talk),
        "state": _(words.state_words(facts, reader)),
        "sentence": sentence(words.what_stands(facts, reader)),
        "left": sentence(left) if left else None,
        "actions": frozenset(action.value for action in allowed_actions(talk.standing, uow.actor)),
        "amount": talk.amount,
        "facts": _facts(uow, talk, reader),
        "timeline": _timeline(talk, reader),
    }


def rows_of(page: TalkPage, *, reader: Reader) -> list[dict[str, Any]]:
    """Return negotiations for a list of the reader's."""
    return [
        {
            "reference": talk.negotiation.reference,
            "title": title_of(talk),
            "amount": talk.amount,
            "price": talk.list_price,
            "state": _(words.state_words(facts_of(talk), reader)),
            "until": _until(talk),
        }
        for talk in page.talks
    ]


def facts_of(talk: Talk) -> OfferFacts:
    """Return what the sentences about a negotiation depend on."""
    return OfferFacts(
        standing=talk.standing,
        amount=talk.amount,
        until=talk.newest.expires_at,
        order_until=talk.claim.expires_at if talk.claim is not None else None,
        is_ordered=talk.order is not None,
    )


def sentence(found: Sentence) -> str:
    """Return a sentence in the reader's language, with money and dates as she writes them."""
    return translate_error(FieldError(found.message, **found.params))


def title_of(talk: Talk) -> str:
    """Return what the goods of the newest offer are called."""
    return str(content_of_part(talk.version.content, talk.newest.quantity_mg)["title"])


def field_words(error: InvalidInput) -> dict[str, str]:
    """Return each field's problem in the reader's language."""
    return {name: translate_error(field) for name, field in error.fields.items()}


def parts_view(stock: LotStock | None) -> dict[str, Any] | None:
    """Return what a form needs to let a buyer choose a part; None for a lot that is sold whole."""
    return stock_view(stock) if stock is not None else None


def stock_view(row: LotStock) -> dict[str, Any]:
    """Return the figures of a stock in the unit of its goods."""
    kind = "gold" if row.unit == "g" else "gem"
    return {
        "unit": row.unit,
        "units": [(row.unit, _("grams") if row.unit == "g" else _("carats"))],
        "free": weight(row.free_mg, kind),
        "least": weight(row.least_mg, kind),
        "whole": weight(row.whole_mg, kind),
        "most": number(from_mg(row.free_mg, row.unit), most=3),
        "is_free": row.free_mg > 0,
        "hint": _(
            "The least part is %(least)s. Free now: %(free)s.",
            least=weight(row.least_mg, kind),
            free=weight(row.free_mg, kind),
        ),
    }


def _until(talk: Talk) -> Any:
    if talk.standing.is_agreed:
        return talk.claim.expires_at if talk.claim is not None and talk.order is None else None
    is_running = talk.newest.state == "open" and not talk.standing.is_waiting and not talk.standing.is_gone
    return talk.newest.expires_at if is_running else None


def _facts(uow: UnitOfWork, talk: Talk, reader: Reader) -> list[Mapping[str, Any]]:
    rows = [
        {"term": _("Lot"), "value": title_of(talk)},
        {"term": _("Price"), "value": money(talk.list_price)},
        {"term": _("Newest offer"), "value": money(talk.amount)},
    ]
    if reader is not Side.COOPERATIVE:
        seller = uow.session.get_one(Cooperative, talk.negotiation.cooperative_id)
        rows.append({"term": _("Cooperative"), "value": seller.legal_name})
    if reader is not Side.BUYER:
        company = uow.session.get_one(Buyer, talk.negotiation.buyer_id).company
        rows.append({"term": _("Buyer"), "value": company})
        rows += _received(talk)
    return [*rows, {"term": _("Begun"), "value": date_time(talk.negotiation.created_at)}]


def _received(talk: Talk) -> list[dict[str, Any]]:
    """Return what the cooperative would receive of the newest offer, by the rules of the lot's own price."""
    try:
        split = split_at(talk.version.content, talk.amount, part_mg=talk.newest.quantity_mg)
    except SplitRefused:
        return []
    return [{"term": _("The cooperative would receive"), "value": money(split.net)}]


def _timeline(talk: Talk, reader: Reader) -> list[dict[str, Any]]:
    return [
        {
            "title": sentence(words.what_was_offered(Side(offer.made_by), amount_of(offer), reader)),
            "state": "now" if offer.state == "open" else "done",
            "meta": date_time(offer.created_at),
            "body": _(words.STATE_WORDS[State(offer.state)]),
        }
        for offer in talk.offers
    ]
