"""Orders as the API writes them: no address, no name, no telephone number."""

from marshmallow import fields

from marketplace.api.v1.schemas.fields import Code, Day, Exact, Moment, MoneySchema, Strict, Text
from marketplace.api.v1.schemas.lots import SplitLineSchema
from marketplace.orders.transitions import Action, State
from marketplace.orders.words import Reader

SIDES = [reader.value for reader in Reader]


class OrdersQuery(Strict):
    """Which of your orders are wanted."""

    side = Code(
        SIDES, metadata={"description": "As whom; when left out, as buyer if you are one, else as cooperative."}
    )
    cursor = Text(most=40, metadata={"description": "`next_cursor` of the page before."})


class OrderRowSchema(Strict):
    """An order in a list."""

    reference = Text(required=True)
    side = Code(SIDES, required=True)
    title = Text(required=True)
    state = Code([state.value for state in State], required=True)
    price = fields.Nested(MoneySchema, required=True)
    paid = fields.Nested(
        MoneySchema, required=True, metadata={"description": "What the buyer pays: the price, or another currency."}
    )
    created_at = Moment(required=True)
    deadline_at = Moment(required=True, allow_none=True)


class OrderPageSchema(Strict):
    """One page of your orders, newest first."""

    orders = fields.List(fields.Nested(OrderRowSchema), required=True)
    next_cursor = Text(required=True, allow_none=True)


class WhereTheMoneyIsSchema(Strict):
    """Who has the money now, and what moves it."""

    code = Code([*(state.value for state in State), "held", "stopping"], required=True)
    text = Text(required=True)
    frozen_since = Moment(
        required=True, allow_none=True, metadata={"description": "Since when the payment is stopped for a check."}
    )


class ExchangeSchema(Strict):
    """The rate an order was paid at."""

    rate = Exact(required=True, metadata={"description": "Units of the currency paid for one of the price's."})
    observed_on = Day(required=True)
    sources = fields.List(Text(), required=True)


class OrderStepSchema(Strict):
    """One move of an order."""

    action = Code([action.value for action in Action], required=True)
    text = Text(required=True)
    at = Moment(required=True)


class OrderSchema(OrderRowSchema):
    """One of your orders."""

    version_sha256 = Text(required=True, metadata={"description": "The version of the lot that was bought."})
    exchange = fields.Nested(
        ExchangeSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The rate; nothing where the price itself is paid."},
    )
    net = fields.Nested(MoneySchema, required=True, metadata={"description": "What the cooperative receives."})
    split = fields.List(fields.Nested(SplitLineSchema), required=True)
    money = fields.Nested(WhereTheMoneyIsSchema, required=True)
    next = Text(required=True, metadata={"description": "What happens next."})
    allowed_actions = fields.List(Code([action.value for action in Action]), required=True)
    steps = fields.List(fields.Nested(OrderStepSchema), required=True)
