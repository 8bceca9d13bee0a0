"""What the audit log tells by a person or about her. Never who else acted, nor what she did to somebody else."""

import base64
import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.transparency.erasing import ABOUT_HER, OF_ACTS

# What the law forbids to tell, or what would help to get around a check.
HIDDEN: Final = ("buyer_mark", "compliance_hold", "limit_clearance", "order_freeze", "payment_problem")
# The mirror of what an erasure empties: of her acts who she is and where from, of what was done to her all the rest.
_ENTRIES: Final = text(f"""
SELECT event.seq, event.event_id, event.at, event.action, event.outcome,
       mine.seq IS NOT NULL AS is_hers, event.seq IN ({ABOUT_HER}) AS is_about_her,
       ARRAY(SELECT item.encoded FROM audit_disclosure AS item WHERE item.seq = event.seq AND item.encoded IS NOT NULL
             ORDER BY item.name) AS told
FROM audit_event AS event
LEFT JOIN audit_search AS mine ON mine.seq = event.seq AND mine.actor_id = :user_id
WHERE event.seq IN (SELECT seq FROM audit_search WHERE actor_id = :user_id
                    UNION {ABOUT_HER})
AND split_part(event.action, '.', 1) <> ALL(:hidden)
ORDER BY event.seq DESC LIMIT :most
""")  # noqa: S608 - of our own constants


def entries(session: Session, user_id: UUID, *, most: int) -> Iterator[dict[str, Any]]:
    """Yield what the log tells by or about a person, newest first, at most so many."""
    asked = {"user_id": user_id, "hidden": list(HIDDEN), "most": most}
    for row in session.execute(_ENTRIES, asked):
        told = dict(_name_and_value(encoded) for encoded in row.told)
        yield {
            "event_id": str(row.event_id),
            "at": row.at,
            "action": row.action,
            "outcome": row.outcome,
            "you_acted": row.is_hers,
            "about_you": row.is_about_her,
            "told": {name: value for name, value in told.items() if _is_hers(name, row.is_hers, row.is_about_her)},
        }


def _is_hers(name: str, acted: bool, about: bool) -> bool:  # noqa: FBT001 - two facts of one row
    return acted if name in (*OF_ACTS, "actor_kind") else about


def _name_and_value(encoded: str) -> tuple[str, Any]:
    _salt, name, value = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return name, value
