"""What the three order pages share: sentences, facts, timeline, the split. The reader decides the words."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import Actor
from marketplace.core.errors import FieldError
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.models import Lot, LotVersion
from marketplace.orders import queries, words
from marketplace.orders.answers import ALL_PROBLEMS, DECLINE_REASONS
from marketplace.orders.currencies import exchange_of
from marketplace.orders.models import Order, OrderStep, ProblemReport, Shipment
from marketplace.orders.paid_amounts import buyer_facts
from marketplace.orders.step_words import step_words
from marketplace.orders.transitions import FINAL, Action, State, allowed_actions
from marketplace.orders.turns import is_turn_of
from marketplace.orders.words import Reader
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.charge_words import notes_of_version
from marketplace.web.filters import country, date_time, money, weight
from marketplace.web.order_checks import check_rows, deposit_rows
from marketplace.web.order_currency import paid_rows
from marketplace.web.order_decisions import offer_view, outcome_words
from marketplace.web.overlay_view import overlays_of

_JOURNEYS: Final[Mapping[Reader, str]] = {
    Reader.BUYER: "/lots/%s/journey",
    Reader.COOPERATIVE: "/cooperative/lots/%s/journey",
}
_AS_PRICED: Final[Mapping[UUID, Money]] = {}
_AHEAD: Final[tuple[tuple[State, str], ...]] = (
    (State.FUNDED, N_("Payment received and held")),
    (State.CONFIRMED, N_("The cooperative confirms")),
    (State.SHIPPED, N_("Handed to the courier")),
    (State.DELIVERED, N_("Received by the buyer")),
    (State.ACCEPTED, N_("Accepted by the buyer")),
    (State.RELEASED, N_("The cooperative is paid")),
)
_ROAD: Final = tuple(state for state, _words in _AHEAD)
_BAD: Final = frozenset(
    {
        Action.REPORT_PROBLEM,
        Action.REPORT_LATE,
        Action.DECLINE,
        Action.FAIL_REFUND,
        Action.FAIL_RELEASE,
        Action.MISMATCH,
        Action.REJECT,
        Action.DECLINE_ADJUSTMENT,
        Action.LAPSE_ADJUSTMENT,
        Action.REPORT_RETURN_LATE,
        Action.CONTEST_RETURN,
        Action.REACH_BACKSTOP,
        Action.LOSE_CHARGEBACK,
    }
)


def order_view(uow: UnitOfWork, order: Order, *, reader: Reader) -> dict[str, Any]:
    """Return what an order's page shows to the reader."""
    session = uow.session
    facts = buyer_facts(session, order) if reader is Reader.BUYER else queries.facts_of(order)
    overlays, lot_reference = overlays_of(uow, order), session.get_one(Lot, order.lot_id).reference
    facts = replace(facts, is_chargeback=overlays["chargeback"] is not None)
    return {
        "order": order,
        "price": queries.price_of(order),
        "net": facts.net,
        "state_words": _(words.state_words(facts)),
        "money_sentence": sentence(words.where_is_the_money(facts, reader)),
        "next_sentence": _(words.what_happens_next(facts, reader)),
        "actions": actions_of(order, uow.actor, uow),
        "facts": _facts(session, order),
        "timeline": timeline_of(_steps(uow, order), order, now=facts),
        "lines": split_lines(order),
        "charges": notes_of_version(order.split, order.currency),
        "is_final": order.state in FINAL,
        "problem": problem_view(queries.open_problem(session, order.id)),
        "overlays": overlays,
        "offer": offer_view(queries.open_settlement(session, order.id), exchange_of(session, order.id)),
        "outcome": outcome_words(order),
        "is_appealed": order.outcome is not None and order.state == State.DISPUTED,
        "evidence": _evidence(session, order),
        "journey_url": ("/staff/lots/%s/journey" if uow.actor.is_staff else _JOURNEYS[reader]) % lot_reference,
    }


def _steps(uow: UnitOfWork, order: Order) -> list[OrderStep]:
    """Return what happened; what staff only proposed to each other is not for the parties."""
    steps = queries.steps_of(uow.session, order.id)
    return [step for step in steps if uow.actor.is_staff or step.action != Action.PROPOSE]


def actions_of(order: Order, actor: Actor, uow: UnitOfWork) -> frozenset[str]:
    """Return the names of what the actor may do now."""
    return frozenset(action.value for action in allowed_actions(order, actor, now=uow.now))


def sentence(found: words.Sentence) -> str:
    """Return a sentence in the reader's language, with money and dates as she writes them."""
    return translate_error(FieldError(found.message, **found.params))


def rows_of(
    orders: Sequence[Order], *, reader: Reader | None = None, paid: Mapping[UUID, Money] = _AS_PRICED
) -> list[dict[str, Any]]:
    """Return orders for a list; `paid` is what is paid for those paid in another currency.

    With a reader each says whether it waits for her.
    """
    return [_row(order, queries.facts_of(order), reader, paid.get(order.id)) for order in orders]


def _row(order: Order, facts: words.OrderFacts, reader: Reader | None, paid: Money | None) -> dict[str, Any]:
    is_turn = reader is not None and is_turn_of(facts, reader, settlement_by=order.settlement_by)
    return {
        "reference": order.reference,
        "title": order.title,
        "price": paid or facts.price,
        "net": facts.net,
        "state": _(words.state_words(facts)),
        "is_turn": is_turn,
        "deadline_at": None if facts.is_frozen else facts.deadline_at,
    }


def split_lines(order: Order) -> list[dict[str, Any]]:
    """Return who gets what, for the bar."""
    return [
        {
            "label": line["label"],
            "payee": line["payee"],
            "amount": Money(line["amount_minor"], order.currency),
        }
        for line in queries.split_of(order)
    ]


def problem_view(report: ProblemReport | None) -> dict[str, Any] | None:
    """Return an open problem in words."""
    if report is None:
        return None
    return {"kind": _(ALL_PROBLEMS[report.kind]), "text": report.text, "at": report.reported_at}


def timeline_of(steps: Sequence[OrderStep], order: Order, *, now: words.OrderFacts) -> list[dict[str, Any]]:
    """Return what happened, where the order stands, and what is to come."""
    done = [
        {
            "title": _(step_words(step.action, party=step.party)),
            "state": "bad" if step.action in _BAD else "done",
            "meta": date_time(step.at),
            "body": _note(step),
        }
        for step in steps
    ]
    placed = {"title": _("Ordered"), "state": "done", "meta": date_time(order.created_at), "body": None}
    return [placed, *done, *_now(order, now), *_to_come(order)]


def _now(order: Order, facts: words.OrderFacts) -> list[dict[str, Any]]:
    if order.state in FINAL:
        return []
    has_time = facts.deadline_at is not None and not facts.is_frozen
    meta = _("until %(date)s", date=date_time(facts.deadline_at)) if has_time else None
    state = "bad" if facts.is_frozen or facts.state is State.DISPUTED else "now"
    return [{"title": _("Now: %(state)s", state=_(words.state_words(facts))), "state": state, "meta": meta}]


def _to_come(order: Order) -> list[dict[str, Any]]:
    state = State(order.state)
    if state in (State.PENDING_PAYMENT, State.FUNDING):
        ahead = _AHEAD
    elif state is State.AT_VERIFICATION:
        ahead = ((State.SHIPPED, N_("Sent on by the verifier")), *_AHEAD[_ROAD.index(State.SHIPPED) + 1 :])
    elif state in _ROAD:
        ahead = _AHEAD[_ROAD.index(state) + 1 :]
    else:
        ahead = _AHEAD[-1:] if state in {State.RELEASING, State.RELEASE_FAILED} else ()
    return [{"title": _(title), "state": "todo"} for _state, title in ahead]


def _note(step: OrderStep) -> str | None:
    told = step.facts
    if step.action == Action.ADD_EVIDENCE:
        return None  # it stands with its photos under "What was shown"
    for name, choices in (("problem", ALL_PROBLEMS), ("reason", DECLINE_REASONS)):
        if told.get(name) in choices:
            chosen = _(choices[told[name]])
            return _("%(reason)s. %(note)s", reason=chosen, note=told["note"]) if told.get("note") else chosen
    return told.get("note") or told.get("proof") or None


def _facts(session: Session, order: Order) -> list[dict[str, Any]]:
    seller = session.get_one(Cooperative, order.cooperative_id)
    kind = session.get_one(LotVersion, order.version_id).content["kind"]
    rows = [
        {"term": _("Lot"), "value": order.title},
        {"term": _("Cooperative"), "value": seller.legal_name},
        *paid_rows(session, order),
        *deposit_rows(order),
        {"term": _("The cooperative receives"), "value": money(queries.net_of(order))},
        {"term": _("Ordered"), "value": date_time(order.created_at)},
        {"term": _("Time to inspect"), "value": _("%(days)s days", days=order.inspection_days)},
        {"term": _("Deliver to"), "value": _address(order)},
    ]
    return [*rows, *_way(order, seller), *_shipment(session, order, kind), *check_rows(session, order, kind)]


def _way(order: Order, seller: Cooperative) -> list[dict[str, Any]]:
    """Return where the parcel goes first, or goes back to, while that is to be known."""
    if order.wants_verification and order.state in (State.FUNDED, State.CONFIRMED):
        return [{"term": _("First to"), "value": _("The independent verifier. Our staff tells you the address.")}]
    if order.state == State.RETURN_PENDING:
        place = (seller.legal_name, seller.district, seller.region, country(seller.country), seller.contact_phone)
        return [{"term": _("Send it back to"), "value": ", ".join(each for each in place if each)}]
    return []


def _evidence(session: Session, order: Order) -> list[dict[str, Any]]:
    words_of = {
        "buyer": _("The buyer"),
        "cooperative": _("The cooperative"),
        "verifier": _("The verifier"),
        "moderator": _("Our staff"),
    }
    return [
        {
            "by": words_of[row.party],
            "text": row.text,
            "at": row.given_at,
            "photo": f"/orders/evidence/{row.id}" if row.photo_sha256 else None,
        }
        for row in queries.evidence_of(session, order.id)
    ]


def _address(order: Order) -> str:
    """Return the address in one line, as an envelope has it."""
    told = order.delivery
    town = " ".join(part for part in (told["postcode"], told["city"]) if part)
    lines = (told["recipient"], told["street"], town, country(told["country"]), told["phone"], told["instructions"])
    return ", ".join(line for line in lines if line)


def _shipment(session: Session, order: Order, kind: str) -> list[dict[str, Any]]:
    return [row for leg in queries.shipments_of(session, order.id) for row in _leg(leg, kind)]


def _leg(shipment: Shipment, kind: str) -> list[dict[str, Any]]:
    carriers = {
        "out": N_("Courier"),
        "onward": N_("Courier from the verifier"),
        "back": N_("Courier on the way back"),
    }
    rows = [
        {"term": _(carriers[shipment.leg]), "value": shipment.carrier},
        {"term": _("Tracking number"), "value": shipment.tracking},
        {"term": _("Seal number"), "value": shipment.seal_number},
        {"term": _("Weight when sent"), "value": weight(shipment.weight_mg, kind)},
        {"term": _("Insured for"), "value": money(Money(shipment.insured_minor, shipment.currency))},
    ]
    if shipment.received_weight_mg is not None:
        rows.append({"term": _("Weight when received"), "value": weight(shipment.received_weight_mg, kind)})
        seal = _("whole") if shipment.seal_intact else _("broken")
        rows.append({"term": _("Seal when received"), "value": seal})
    return rows
