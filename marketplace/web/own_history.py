"""What happened to what is yours, and who did it: sentences fit for cooperatives and buyers, a table, the proofs.

People of Pact are "Pact staff", people of the other side are nobody by name; no address is shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.audit.proving import prove_event
from marketplace.audit.queries import AuditRow
from marketplace.audit.refusals import NotSignedYet
from marketplace.audit.selections import csv_line
from marketplace.audit.signing import latest_checkpoint
from marketplace.core.actor import ActorKind
from marketplace.core.errors import Conflict
from marketplace.history.names import PEOPLE, names_of
from marketplace.history.slices import PAGE, OwnEntry, Slice, actors_of_staff, older, one
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.web.audit_words import actor_for_staff, sentence
from marketplace.web.log_words import NOT_YET

MOST_ROWS: Final = 5_000
MOST_DIGITS: Final = 18
COLUMNS: Final = ("at", "what_happened", "action", "event", "place", "covered_by")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their slice, the people of their own house, and the endpoints of their pages."""

    whose: Slice
    own: frozenset[UUID]
    endpoint: Callable[..., str]


def page(reader: Reader, *, title: str, back: tuple[str, str]) -> str:
    """Show a page of entries, newest first."""
    session = current_uow().session
    found = older(session, reader.whose, before=_before(), limit=PAGE + 1)
    entries = found[:PAGE]
    checkpoint = latest_checkpoint(session)
    return render_template(
        "history/list.html",
        title=title,
        back=back,
        entries=list(zip(entries, _sentences(session, entries, reader), strict=True)),
        size=checkpoint.size if checkpoint else 0,
        address=reader.endpoint,
        next_before=entries[-1].row.idx if len(found) > PAGE else None,
    )


def table(reader: Reader) -> Response:
    """Answer with the newest entries as a table."""
    session = current_uow().session
    entries = older(session, reader.whose, before=None, limit=MOST_ROWS)
    checkpoint = latest_checkpoint(session)
    size = checkpoint.size if checkpoint else 0
    lines = ["\ufeff" + csv_line(COLUMNS)]
    for entry, words in zip(entries, _sentences(session, entries, reader), strict=True):
        row = entry.row
        covered = size if row.idx is not None and row.idx < size else ""
        lines.append(csv_line([row.at.isoformat(), words, row.action, row.event_id, row.idx, covered]))
    return _file("".join(lines).encode("utf-8"), name="history.csv", kind="text/csv; charset=utf-8")


def proof(reader: Reader, event_id: UUID) -> Response:
    """Answer with the `tlog-proof@v1` file of an entry of theirs; raises NotFound, Conflict (not signed yet)."""
    session = current_uow().session
    one(session, reader.whose, event_id)
    try:
        found = prove_event(session, event_id=event_id)
    except NotSignedYet as error:
        raise Conflict(NOT_YET) from error
    return _file(found.proof, name=f"{event_id}.tlog-proof", kind="application/octet-stream")


def leaf(reader: Reader, event_id: UUID) -> Response:
    """Answer with an entry of theirs byte for byte; raises NotFound."""
    found = one(current_uow().session, reader.whose, event_id)
    return _file(found.leaf, name=f"{event_id}.json", kind="application/json")


def _sentences(session: Session, entries: Sequence[OwnEntry], reader: Reader) -> list[str]:
    rows = [entry.row for entry in entries]
    names = dict(names_of(session, rows))
    theirs = {str(each) for each in (reader.whose.party_id, *reader.own)}
    for kind, key in names:
        if kind in PEOPLE and key not in theirs:
            names[kind, key] = "…"
    at_pact = actors_of_staff(session, entries)
    return [sentence(row, actor=_actor(row, reader, at_pact), names=names) for row in rows]


def _actor(row: AuditRow, reader: Reader, at_pact: frozenset[UUID]) -> str:
    if row.actor_kind != ActorKind.PERSON.value:
        return actor_for_staff(row)
    if row.actor_id in reader.own:
        return row.actor_name
    if row.actor_id in at_pact:
        return str(_("Pact staff"))
    if reader.whose.kind == "cooperative":
        return str(_("Somebody outside your cooperative"))
    return str(_("Somebody outside your company"))


def _before() -> int | None:
    typed = request.args.get("before", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else None


def _file(content: Any, *, name: str, kind: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
