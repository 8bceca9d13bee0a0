"""Whom the token acts for."""

from typing import Any, Final

from marketplace.api.blueprint import Resource
from marketplace.api.openapi import needs
from marketplace.api.tokens import bearer, current_bearer
from marketplace.api.v1.examples import ME
from marketplace.api.v1.schemas.people import MeSchema
from marketplace.compliance.queries import cooperatives_of_member
from marketplace.http.context import current_uow

bp: Final = Resource("me", __name__, tag="You", description="Whom your token acts for.")


@bp.operation("GET", "")
@bearer("read")
@bp.answers(200, MeSchema, example=ME)
@bp.describe(**needs("read"))
def get_me() -> dict[str, Any]:
    """Read whom the token acts for."""
    uow, found = current_uow(), current_bearer()
    actor = uow.actor
    return {
        "name": actor.name,
        "language": actor.language,
        "token_label": found.label,
        "scopes": found.scopes,
        "expires_at": found.expires_at,
        "cooperatives": [
            {"reference": each.reference, "name": each.legal_name, "role": actor.memberships[each.id].value}
            for each in cooperatives_of_member(uow.session, actor)
        ],
        "buyer_level": actor.buyer_level if actor.buyer_id else None,
    }
