"""Erase what the log tells about a person. The entries stay, and so does every proof: they hold digests only."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select, text

from marketplace.accounts.models import StaffGrant, User
from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.unit_of_work import UnitOfWork

ACTION: Final = "privacy.erase"
# Of what she did: who she is and where from. What was done is about the thing, and often about somebody else.
OF_ACTS: Final = ("actor_id", "actor_name", "address", "request_id")
# Entries about her: of her account, and of her buying company, which may be called after her.
ABOUT_HER: Final = """
SELECT seq FROM audit_target WHERE (type, id) IN (
    SELECT 'user', CAST(CAST(:user_id AS uuid) AS text)
    UNION ALL SELECT 'buyer', CAST(id AS text) FROM buyer WHERE user_id = :user_id)
"""
# Checks against laundering, by the noun of their actions: the law asks to keep them (docs/retention.md).
KEPT_BY_LAW: Final = ("buyer_mark", "limit_clearance")
_DISCLOSURES: Final = text(f"""
UPDATE audit_disclosure AS disclosure SET encoded = NULL FROM audit_event AS event
WHERE event.seq = disclosure.seq AND event.action <> :action AND disclosure.encoded IS NOT NULL AND (
    (disclosure.name = ANY(:of_acts)
     AND event.seq IN (SELECT seq FROM audit_search WHERE actor_id = :user_id))
    OR (disclosure.name NOT LIKE 'actor\\_%'
        AND split_part(event.action, '.', 1) <> ALL(:kept) AND event.seq IN ({ABOUT_HER}))
)
""")  # noqa: S608 - of our own constants
_ABOUT: Final = text(f"""
UPDATE audit_search AS search SET details = '{{}}', address = '', request_id = '' FROM audit_event AS event
WHERE event.seq = search.seq AND event.action <> :action
AND split_part(event.action, '.', 1) <> ALL(:kept) AND event.seq IN ({ABOUT_HER})
""")  # noqa: S608 - of our own constants
_ACTS: Final = text("""
UPDATE audit_search SET actor_id = NULL, actor_name = '', address = '', request_id = '' WHERE actor_id = :user_id
""")


def erase_person(uow: UnitOfWork, *, user: User, reason: str) -> int:
    """Empty the disclosures of what the person did and of what was done to account and company; return how many.

    Refuses staff (Conflict): who works here answers for what she does.
    """
    if uow.session.scalar(select(StaffGrant.role).where(StaffGrant.user_id == user.id).limit(1)) is not None:
        raise Conflict(N_("This person works for Pact. Take the roles away first."))
    erased = _run(uow, user, _DISCLOSURES, of_acts=list(OF_ACTS), action=ACTION, kept=list(KEPT_BY_LAW))
    _run(uow, user, _ABOUT, action=ACTION, kept=list(KEPT_BY_LAW))
    _run(uow, user, _ACTS)
    uow.record(ACTION, user, hashes={"disclosures": str(erased)}, reason=reason)
    return erased


def _run(uow: UnitOfWork, user: User, statement: object, **more: str | Sequence[str]) -> int:
    done = uow.session.execute(statement, {"user_id": user.id, **more})  # type: ignore[call-overload]
    return int(done.rowcount)
