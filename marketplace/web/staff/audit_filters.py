"""The filters of the audit log as a form and as an address: what is typed, what is wrong, what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from marketplace.audit.registry import KINDS
from marketplace.audit.searching import NEGATABLE, AuditFilter
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.web.days import read_day

TEXTS: Final = ("actor", "action", "target", "outcome", "address", "request", "text")
NAMES: Final = (*TEXTS, "since", "until")
LONGEST: Final = 200
# What the box for turning round each filter says.
NEGATIONS: Final[Mapping[str, str]] = {
    "actor": N_("Not this person"),
    "action": N_("Not this action"),
    "target": N_("Not about this"),
    "outcome": N_("Not this outcome"),
    "address": N_("Not this address"),
    "request": N_("Not this request"),
    "text": N_("Without these words"),
    "dates": N_("Not in these days"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, and the filter it means; `args` keep it in an address."""

    values: Mapping[str, str]
    without: tuple[str, ...]
    wanted: AuditFilter
    errors: Mapping[str, str]

    @property
    def args(self) -> dict[str, Any]:
        """Return what a link needs to ask the same again."""
        kept: dict[str, Any] = {name: value for name, value in self.values.items() if value}
        return {**kept, "not": list(self.without)} if self.without else kept


def read(given: Any) -> Asked:
    """Read the fields of a form or an address; a date that cannot be read is told and does not narrow."""
    values = {name: given.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in NAMES}
    without = tuple(name for name in NEGATABLE if name in given.getlist("not"))
    errors: dict[str, str] = {}
    since, until = read_day(values, "since", errors), read_day(values, "until", errors)
    texts = {name: values[name] for name in TEXTS}
    return Asked(values, without, AuditFilter(**texts, since=since, until=until, without=frozenset(without)), errors)


def action_choices() -> list[tuple[str, str]]:
    """Return each noun with all its actions, and each action."""
    nouns = sorted({kind.noun for kind in KINDS.values()})
    return [("", _("All")), *((f"{noun}.", f"{noun}.*") for noun in nouns), *((name, name) for name in sorted(KINDS))]
