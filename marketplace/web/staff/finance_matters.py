"""One page for one thing that waits, failed or has no counterpart: its facts, its whole history, what can be done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from marketplace.accounts.models import User
from marketplace.audit import queries as audit
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.context import current_uow
from marketplace.http.languages import translate, translate_error
from marketplace.orders.models import Order
from marketplace.payments.finance_models import FinanceNote
from marketplace.payments.finance_queries import notes_about

Page = Response | str | tuple[str, int]
Thing = TypeVar("Thing")
NOTED = N_("Done. Your name and reason are kept with it.")


@dataclass(frozen=True, slots=True)
class Matter:
    """What the page shows; an address is empty where nothing can be done."""

    title: str
    crumb: tuple[str, str]
    facts: Sequence[Mapping[str, object]]
    about: str
    subject: str
    order_id: UUID | None = None
    audit_type: str = ""
    told: Mapping[str, object] = field(default_factory=dict)
    retry_url: str = ""
    retry_text: str = ""
    close_url: str = ""


def show(matter: Matter, *, errors: Mapping[str, str] | None = None) -> str:
    """Return the page of a matter."""
    session = current_uow().session
    notes = notes_about(session, matter.about, matter.subject)
    order = session.get(Order, matter.order_id) if matter.order_id else None
    return render_template(
        "staff/finance/matter.html",
        title=matter.title,
        crumb=matter.crumb,
        facts=matter.facts,
        told=matter.told,
        retry_url=matter.retry_url,
        retry_text=matter.retry_text,
        close_url=matter.close_url,
        order_reference=order.reference if order is not None else None,
        notes=notes[::-1],
        names=_names(notes),
        history=audit.history(session, kind=matter.audit_type, key=matter.subject) if matter.audit_type else [],
        values=request.form,
        errors=errors or {},
    )


def act(change: Callable[..., None], page: Callable[[Thing, Mapping[str, str]], str], **named: Thing) -> Page:
    """Do what the form asks for with the one thing named, and its reason; show its page again without a reason.

    The page of a thing is the address of the form without its last part.
    """
    (thing,) = named.values()
    try:
        change(current_uow(), reason=request.form.get("reason", ""), **named)
    except InvalidInput as error:
        return page(thing, {name: translate_error(each) for name, each in error.fields.items()}), 422
    flash(translate(NOTED), "good")
    return redirect(request.path.rpartition("/")[0], code=303)


def chosen(name: str, allowed: Sequence[str], usual: str = "") -> str:
    """Return a filter's value, the usual one when another was typed into the address."""
    given = request.args.get(name, usual)
    return given if given in allowed else usual


def choices(words: Mapping[Any, str], first: str) -> list[tuple[str, str]]:
    """Return a filter's choices with one for everything before them."""
    return [("", translate(first)), *((str(name), translate(label)) for name, label in words.items())]


def _names(notes: Sequence[FinanceNote]) -> dict[UUID, str]:
    session = current_uow().session
    return {user_id: session.get_one(User, user_id).name for user_id in {note.written_by for note in notes}}
