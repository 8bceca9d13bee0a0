"""Read people, their sessions, links and tokens."""

from marketplace.accounts.queries.links import live_invitation, live_link
from marketplace.accounts.queries.people import (
    PAGE,
    ListedPerson,
    PersonFacts,
    administrators,
    find_buyer,
    find_user,
    listed_people,
    names_of,
    officers_of,
    open_invitations,
    person_facts,
    user_by_email,
    user_by_id,
)
from marketplace.accounts.queries.sessions import live_sessions, unused_recovery_codes
from marketplace.accounts.queries.tokens import actor_of_token, tokens_of
from marketplace.accounts.queries.viewers import Viewer, actor_of_user, viewer_of_session

__all__ = [
    "PAGE",
    "ListedPerson",
    "PersonFacts",
    "Viewer",
    "actor_of_token",
    "actor_of_user",
    "administrators",
    "find_buyer",
    "find_user",
    "listed_people",
    "live_invitation",
    "live_link",
    "live_sessions",
    "names_of",
    "officers_of",
    "open_invitations",
    "person_facts",
    "tokens_of",
    "unused_recovery_codes",
    "user_by_email",
    "user_by_id",
    "viewer_of_session",
]
