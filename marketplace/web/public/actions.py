"""Every action that an entry of the log may name, for strangers and staff: the registry as a page."""

from itertools import groupby
from typing import Final

from flask import Blueprint, render_template

from marketplace.audit.registry import COMMON, KINDS, Retention, Seen
from marketplace.core.text import N_
from marketplace.http.access import PUBLIC, allow
from marketplace.http.languages import translate as _

bp = Blueprint("public_actions", __name__)
KEPT: Final = {
    Retention.EVIDENCE: N_("for ever"),
    Retention.PERSONAL_LONG: N_("personal, kept long"),
    Retention.PERSONAL_SHORT: N_("personal, kept short"),
}
READ_BY: Final = {
    Seen.STAFF: N_("Pact"),
    Seen.COOPERATIVE: N_("Pact, the cooperative"),
    Seen.BUYER: N_("Pact, the buyer"),
    Seen.BOTH: N_("Pact, both sides"),
    Seen.PERSON: N_("Pact, the person"),
}


@bp.get("/log/actions")
@allow(PUBLIC)
def page() -> str:
    """Show each action with its sentence, its readers, its facts and how long they stay."""
    kinds = [KINDS[name] for name in sorted(KINDS)]
    groups = [(noun, list(each)) for noun, each in groupby(kinds, key=lambda kind: kind.noun)]
    return render_template(
        "public/actions.html",
        groups=groups,
        kept={key.value: _(text) for key, text in KEPT.items()},
        read_by={key.value: _(text) for key, text in READ_BY.items()},
        common=[(name, _(KEPT[retention])) for name, retention in COMMON.items()],
        blanks={"actor": _("Somebody"), "target": "…"},
    )
