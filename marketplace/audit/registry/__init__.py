"""Every action that an entry of the log may name. What is not here may not be recorded: the tests fail."""

from collections.abc import Mapping
from typing import Final

from marketplace.audit.registry import (
    cases,
    checks,
    cooperatives,
    custody,
    documents,
    goods,
    incidents,
    money,
    monitoring,
    onboarding,
    order_moves,
    orders,
    passports,
    payouts,
    people,
    prices,
    screening,
)
from marketplace.audit.registry.kinds import ActionKind, Retention, Seen

__all__ = [
    "COMMON",
    "KINDS",
    "ActionKind",
    "Retention",
    "Seen",
    "UnknownAction",
    "check_known",
    "kind_of",
    "plant",
    "retention_of",
]

_AREAS: Final = (
    people, cooperatives, goods, cases, checks, documents, incidents, onboarding, monitoring, custody, passports,
    orders, order_moves, money, payouts, prices, screening,
)  # fmt: skip
KINDS: Final[Mapping[str, ActionKind]] = {kind.name: kind for area in _AREAS for kind in area.KINDS}
# What every entry discloses beside its own facts: who acted is kept long, where from only for looking at abuse.
COMMON: Final[Mapping[str, Retention]] = {
    "actor_kind": Retention.EVIDENCE,
    "actor_id": Retention.PERSONAL_LONG,
    "actor_name": Retention.PERSONAL_LONG,
    "address": Retention.PERSONAL_SHORT,
    "request_id": Retention.PERSONAL_SHORT,
}


_planted: Final[set[str]] = set()


class UnknownAction(LookupError):
    """An entry names an action that the registry does not know."""


def kind_of(action: str) -> ActionKind:
    """Return what is registered of an action; raises UnknownAction."""
    try:
        return KINDS[action]
    except KeyError:
        raise UnknownAction(f"{action} is not in marketplace/audit/registry: add it there") from None


def check_known(action: str) -> None:
    """Raise UnknownAction for an action that is neither registered nor planted by a test."""
    if action not in _planted:
        kind_of(action)


def plant(*actions: str) -> None:
    """Let tests record actions that they make up."""
    _planted.update(actions)


def retention_of(action: str, disclosure: str) -> Retention:
    """Return how long a fact of an entry is kept; what nobody registered counts as personal and is kept short."""
    if disclosure in COMMON:
        return COMMON[disclosure]
    kind = KINDS.get(action)
    if kind is not None and disclosure in kind.words:
        return Retention.PERSONAL_LONG
    return kind.retention if kind else Retention.PERSONAL_SHORT
