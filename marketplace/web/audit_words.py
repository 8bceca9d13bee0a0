"""An entry of the log as one sentence in the reader's language, with the names that this reader may see."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from marketplace.audit.queries import AuditRow
from marketplace.audit.registry import KINDS
from marketplace.core.actor import ActorKind
from marketplace.core.text import N_
from marketplace.history.names import Thing, names_of
from marketplace.http.languages import translate as _

UNKNOWN: Final = N_("%(actor)s did something that has no words here yet.")
_MACHINES: Final[Mapping[str, str]] = {
    ActorKind.CLOCK.value: N_("The clock"),
    ActorKind.PROVIDER.value: N_("The payment provider"),
    ActorKind.SYSTEM.value: N_("The system"),
    ActorKind.VISITOR.value: N_("A visitor"),
}

_FACTS: Final[Mapping[str, str]] = {
    "actor_kind": N_("What kind of actor"),
    "actor_id": N_("Number of the person"),
    "actor_name": N_("Name"),
    "address": N_("Network address"),
    "request_id": N_("Number of the request"),
    "reason": N_("Reason"),
    "number": N_("Number"),
    "country": N_("Country"),
    "company": N_("Company"),
}
_OUTCOMES: Final[Mapping[str, str]] = {"ok": N_("Done")}


def fact_words(name: str) -> str:
    """Return what a disclosed fact is called; one without words keeps its name in the entry."""
    return str(_(_FACTS[name])) if name in _FACTS else name


def outcome_words(outcome: str) -> str:
    """Return how it ended; an outcome without words keeps its code."""
    return str(_(_OUTCOMES[outcome])) if outcome in _OUTCOMES else outcome


def shown(session: Session, rows: list[AuditRow]) -> list[dict[str, Any]]:
    """Return what a list of staff shows of each entry: the sentence, and the things it is about with their names."""
    names = names_of(session, rows)
    return [
        {
            "row": row,
            "sentence": sentence(row, actor=actor_for_staff(row), names=names),
            "things": [(kind, key, names[kind, key]) for kind, key in row.targets],
        }
        for row in rows
    ]


def sentence(row: AuditRow, *, actor: str, names: Mapping[Thing, str]) -> str:
    """Return the entry's sentence; an action of a later version of the program has none of its own."""
    kind = KINDS.get(row.action)
    return str(_(kind.sentence if kind else UNKNOWN, actor=actor, target=names.get(row.targets[0], "…")))


def actor_for_staff(row: AuditRow) -> str:
    """Return who acted: the name, or that it was erased, or which machine."""
    if row.actor_name and row.actor_kind == ActorKind.PERSON.value:
        return row.actor_name
    machine = _MACHINES.get(row.actor_kind)
    return str(_(machine)) if machine else str(_("Somebody whose name was erased"))
