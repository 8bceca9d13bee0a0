"""Offers as the API reads and writes them: no name of a person, no private floor."""

from marshmallow import fields

from marketplace.api.v1.schemas.fields import Code, Moment, MoneySchema, Strict, Text, Whole
from marketplace.api.v1.schemas.orders import SIDES
from marketplace.core.money import LARGEST_MINOR
from marketplace.orders.offers import MOST_ROUNDS, Action, Side, State

ACTIONS = [action.value for action in Action]
STATES = [state.value for state in State]
_AMOUNT = Whole(
    required=True,
    least=1,
    most=min(LARGEST_MINOR, 10**12),
    metadata={"description": "Whole minor units of the lot's currency: what the buyer pays in all."},
)


class OffersQuery(Strict):
    """Which of your negotiations are wanted."""

    side = Code(
        SIDES, metadata={"description": "As whom; when left out, as buyer if you are one, else as cooperative."}
    )
    cursor = Text(most=40, metadata={"description": "`next_cursor` of the page before."})


class NewOffer(Strict):
    """An offer for a lot on sale."""

    lot = Text(required=True, most=40, metadata={"description": "Reference of the lot."})
    version_sha256 = Text(required=True, most=64, metadata={"description": "The version that you read."})
    amount_minor = _AMOUNT
    part_mg = Whole(
        least=1,
        most=10**12,
        metadata={"description": "How much of it, in milligrams: needed for a lot sold in parts, else left out."},
    )


class CounterOffer(Strict):
    """Another amount as the answer to the open offer."""

    amount_minor = _AMOUNT


class NoWords(Strict):
    """Nothing: the address says it all."""


class OfferSchema(Strict):
    """One offer of a negotiation."""

    round = Whole(required=True, metadata={"description": f"1 to {MOST_ROUNDS}."})
    made_by = Code([side.value for side in Side], required=True)
    amount = fields.Nested(MoneySchema, required=True)
    part_mg = Whole(required=True, allow_none=True, metadata={"description": "Null for the whole lot."})
    state = Code(STATES, required=True)
    made_at = Moment(required=True)
    expires_at = Moment(required=True)


class NegotiationRowSchema(Strict):
    """A negotiation in a list."""

    reference = Text(required=True)
    side = Code(SIDES, required=True)
    lot = Text(required=True)
    title = Text(required=True)
    state = Code(STATES, required=True, metadata={"description": "Of the newest offer."})
    amount = fields.Nested(MoneySchema, required=True, metadata={"description": "Of the newest offer."})
    list_price = fields.Nested(MoneySchema, required=True, metadata={"description": "No offer is above it."})
    is_waiting = fields.Boolean(
        required=True, metadata={"description": "Another buyer has the lot; time stands still."}
    )
    updated_at = Moment(required=True)


class NegotiationPageSchema(Strict):
    """One page of your negotiations, last moved first."""

    offers = fields.List(fields.Nested(NegotiationRowSchema), required=True)
    next_cursor = Text(required=True, allow_none=True)


class NegotiationSchema(NegotiationRowSchema):
    """One of your negotiations."""

    text = Text(required=True, metadata={"description": "Where it stands, in words."})
    version_sha256 = Text(required=True)
    offers = fields.List(fields.Nested(OfferSchema), required=True, metadata={"description": "Oldest first."})
    order_until = Moment(
        required=True, allow_none=True, metadata={"description": "Until when the buyer may order at the agreed price."}
    )
    order = Text(required=True, allow_none=True, metadata={"description": "Reference of the order made of it."})
    allowed_actions = fields.List(Code(ACTIONS), required=True)
