"""A problem as RFC 9457 writes it."""

from marshmallow import fields

from marketplace.api.v1.schemas.fields import Strict, Text, Whole


class ProblemFieldSchema(Strict):
    """One field that needs another value: of the body by JSON pointer, of the query by its name."""

    detail = Text(required=True)
    pointer = Text(metadata={"description": "JSON pointer into the body (RFC 6901), as a URI fragment."})
    parameter = Text(metadata={"description": "Name of the query parameter."})


class ProblemSchema(Strict):
    """Why a request was refused."""

    type = Text(required=True, metadata={"example": "about:blank"})
    title = Text(required=True)
    status = Whole(required=True)
    code = Text(required=True, metadata={"description": "Stable word for programs."})
    detail = Text(required=True, metadata={"description": "A sentence for people, in the language asked for."})
    errors = fields.List(fields.Nested(ProblemFieldSchema))
    state = Text(metadata={"description": "Where the thing stands, when an action is not possible there."})
    action = Text()
    allowed_actions = fields.List(Text())
