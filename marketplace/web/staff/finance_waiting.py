"""What waits for the provider, what stands in quarantine, what has no journal: lists, and one page for each."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from marketplace.core.actor import StaffRole
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.orders.services import finance_work
from marketplace.payments import finance_queries as queries
from marketplace.payments.finance_work import may_retry_command
from marketplace.payments.models import ProviderCommand, ProviderNews
from marketplace.web.filters import ago, date_time
from marketplace.web.staff.finance_matters import Matter, Page, act, choices, chosen, show
from marketplace.web.staff.finance_words import COMMAND_KINDS, COMMAND_STATES, COMMAND_TONES, NEWS_STATES

bp = Blueprint("staff_waiting", __name__, url_prefix="/staff/finance")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)
FINANCE = staff(StaffRole.FINANCE)


@bp.get("/commands")
@allow(READERS)
def commands() -> Page:
    """List the commands to the provider: those not done, or those of one state."""
    uow = current_uow()
    state, kind = chosen("state", list(COMMAND_STATES)), chosen("kind", list(COMMAND_KINDS))
    page = queries.commands_page(uow.session, state=state, kind=kind, after=request.args.get("after", ""))
    now = uow.clock.wall()
    rows = [
        {
            "href": url_for("staff_waiting.command", command_id=each.id),
            "what": _(COMMAND_KINDS.get(each.kind, each.kind)),
            "tone": COMMAND_TONES.get(each.state, "info"),
            "cells": [
                _(COMMAND_STATES[each.state]),
                ago(each.created_at, now),
                str(each.attempts),
                date_time(each.retry_at) if each.retry_at else "–",
                each.last_error or "–",
            ],
        }
        for each in page.rows
    ]
    return render_template(
        "staff/finance/waiting_list.html",
        title=_("Commands to the provider"),
        intro=_("Each is sent under one key until it is answered, so it happens once. Times here are the machine’s."),
        columns=[_("Command"), _("State"), _("Written"), _("Tries"), _("Next try"), _("Last answer")],
        filters=[
            {"name": "state", "label": _("State"), "choices": choices(COMMAND_STATES, N_("Everything not done"))},
            {"name": "kind", "label": _("Command"), "choices": choices(COMMAND_KINDS, N_("Every command"))},
        ],
        values={"state": state, "kind": kind},
        rows=rows,
        empty=_("No command is here. Everything was answered."),
        next_url=_next("staff_waiting.commands", page.after, state=state, kind=kind),
    )


@bp.get("/commands/<uuid:command_id>")
@allow(READERS)
def command(command_id: UUID) -> Page:
    """Show one command with its history."""
    return _command_page(_command(command_id), {})


@bp.post("/commands/<uuid:command_id>/retry")
@allow(FINANCE)
@once
def retry_command(command_id: UUID) -> Page:
    """Send the command now."""
    return act(finance_work.retry_command, _command_page, command=_command(command_id))


@bp.post("/commands/<uuid:command_id>/closing")
@allow(FINANCE)
@once
def close_command(command_id: UUID) -> Page:
    """Close a refused command."""
    return act(finance_work.resolve_command, _command_page, command=_command(command_id))


@bp.get("/news")
@allow(READERS)
def news() -> Page:
    """List what the provider told: first what stands in quarantine."""
    state, kind = chosen("state", list(NEWS_STATES), "quarantined"), request.args.get("kind", "")[:60]
    kind = kind.replace("\x00", "")
    page = queries.news_page(current_uow().session, state=state, kind=kind, after=request.args.get("after", ""))
    rows = [
        {
            "href": url_for("staff_waiting.one_news", event_id=each.event_id),
            "what": each.type,
            "tone": "bad" if each.state == "quarantined" else "info",
            "cells": [_(NEWS_STATES[each.state]), each.object_id, date_time(each.received_at), each.reason or "–"],
        }
        for each in page.rows
    ]
    return render_template(
        "staff/finance/waiting_list.html",
        title=_("News from the provider"),
        intro=_("News that does not fit our books to the cent moves no money. It waits here for a person."),
        columns=[_("News"), _("State"), _("About"), _("Came"), _("Reason")],
        filters=[
            {"name": "state", "label": _("State"), "choices": choices(NEWS_STATES, N_("In quarantine"))[1:]},
            {"name": "kind", "label": _("Kind"), "hint": _("The beginning of its name, such as refund.")},
        ],
        values={"state": state, "kind": kind},
        rows=rows,
        empty=_("No news of this kind."),
        next_url=_next("staff_waiting.news", page.after, state=state, kind=kind),
    )


@bp.get("/news/<event_id>")
@allow(READERS)
def one_news(event_id: str) -> Page:
    """Show one piece of news with its history."""
    return _news_page(_news(event_id), {})


@bp.post("/news/<event_id>/retry")
@allow(FINANCE)
@once
def retry_news(event_id: str) -> Page:
    """Fetch again what the news is about."""
    return act(finance_work.retry_news, _news_page, news=_news(event_id))


@bp.post("/news/<event_id>/closing")
@allow(FINANCE)
@once
def close_news(event_id: str) -> Page:
    """Take the news out of quarantine: a person saw to it."""
    return act(finance_work.resolve_news, _news_page, news=_news(event_id))


def _command_page(found: ProviderCommand, errors: Mapping[str, str]) -> str:
    uow = current_uow()
    is_open = found.state == "failed" and not queries.is_resolved(uow.session, "command", str(found.id))
    may_retry = may_retry_command(found, now_wall=uow.clock.wall())
    matter = Matter(
        title=_(COMMAND_KINDS.get(found.kind, found.kind)),
        crumb=(_("Commands"), url_for("staff_waiting.commands")),
        facts=[
            {"term": _("State"), "value": _(COMMAND_STATES[found.state])},
            {"term": _("Written"), "value": date_time(found.created_at)},
            {"term": _("Tries"), "value": found.attempts},
            {"term": _("First sent"), "value": date_time(found.first_sent_at) or "–"},
            {"term": _("Next try"), "value": date_time(found.retry_at) or "–"},
            {"term": _("Done"), "value": date_time(found.done_at) or "–"},
            {"term": _("Last answer"), "value": found.last_error or "–"},
            {"term": _("Key"), "value": found.key},
        ],
        about="command",
        subject=str(found.id),
        order_id=queries.order_of_command(uow.session, found),
        audit_type=ProviderCommand.audit_type,
        told={name: value for name, value in found.request.items() if name not in _PRIVATE},
        retry_url=url_for("staff_waiting.retry_command", command_id=found.id) if may_retry else "",
        retry_text=_("Send it now"),
        close_url=url_for("staff_waiting.close_command", command_id=found.id) if is_open else "",
    )
    return show(matter, errors=errors)


def _news_page(found: ProviderNews, errors: Mapping[str, str]) -> str:
    is_stuck = found.state == "quarantined"
    matter = Matter(
        title=found.type,
        crumb=(_("News"), url_for("staff_waiting.news")),
        facts=[
            {"term": _("State"), "value": _(NEWS_STATES[found.state])},
            {"term": _("About"), "value": found.object_id},
            {"term": _("Came"), "value": date_time(found.received_at)},
            {"term": _("Applied"), "value": date_time(found.applied_at) or "–"},
            {"term": _("Reason"), "value": found.reason or "–"},
            {"term": _("Number"), "value": found.event_id},
        ],
        about="news",
        subject=found.event_id,
        order_id=queries.order_of_object(current_uow().session, found.object_id),
        told=found.payload,
        retry_url=url_for("staff_waiting.retry_news", event_id=found.event_id)
        if found.state in ("quarantined", "received")
        else "",
        retry_text=_("Fetch it and apply it again"),
        close_url=url_for("staff_waiting.close_news", event_id=found.event_id) if is_stuck else "",
    )
    return show(matter, errors=errors)


def _command(command_id: UUID) -> ProviderCommand:
    return queries.command_by_id(current_uow().session, command_id)


def _news(event_id: str) -> ProviderNews:
    return queries.news_by_id(current_uow().session, event_id)


# A buyer's address is on the order; here it is not needed.
_PRIVATE = frozenset({"customer_email"})


def _next(endpoint: str, after: str | None, **filters: Any) -> str | None:
    return (
        url_for(endpoint, after=after, **{name: value for name, value in filters.items() if value}) if after else None
    )
