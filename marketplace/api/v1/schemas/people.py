"""The caller as the API writes her."""

from marshmallow import fields

from marketplace.api.v1.schemas.fields import Code, Moment, Strict, Text, Whole
from marketplace.core.actor import MemberRole


class MembershipSchema(Strict):
    """A cooperative you belong to, and what you may do for it."""

    reference = Text(required=True)
    name = Text(required=True)
    role = Code([role.value for role in MemberRole], required=True)


class MeSchema(Strict):
    """Whom the token acts for, and how far it goes."""

    name = Text(required=True)
    language = Text(required=True)
    token_label = Text(required=True)
    scopes = fields.List(Code(("read", "write")), required=True)
    expires_at = Moment(required=True)
    cooperatives = fields.List(fields.Nested(MembershipSchema), required=True)
    buyer_level = Whole(required=True, allow_none=True, metadata={"description": "Null when you do not buy."})
