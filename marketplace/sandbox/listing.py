"""Read objects as Stripe gives them: pages with cursors, and expanded fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marketplace.sandbox.entries import balances
from marketplace.sandbox.objects import public
from marketplace.sandbox.parameters import Parameters, branch, only, whole
from marketplace.sandbox.refusals import Refusal, invalid
from marketplace.sandbox.store import Body, Transaction

_EXPANDABLE: Final[Mapping[str, frozenset[str]]] = {
    "checkout.session": frozenset({"payment_intent"}),
    "payment_intent": frozenset({"latest_charge"}),
    "charge": frozenset({"balance_transaction", "payment_intent"}),
    "refund": frozenset({"balance_transaction", "charge", "failure_balance_transaction", "payment_intent"}),
    "balance_transaction": frozenset({"source"}),
    "dispute": frozenset({"charge", "payment_intent"}),
    "payout": frozenset({"balance_transaction", "failure_balance_transaction"}),
    "transfer": frozenset({"balance_transaction", "destination", "source_transaction"}),
}
# Which fields of a kind its list can be narrowed by.
_FILTERS: Final[Mapping[str, frozenset[str]]] = {
    "checkout.session": frozenset({"payment_intent", "status"}),
    "refund": frozenset({"charge", "payment_intent"}),
    "balance_transaction": frozenset({"currency", "source", "type"}),
    "event": frozenset({"type"}),
    "account": frozenset(),
    "customer_cash_balance_transaction": frozenset(),
    "dispute": frozenset({"charge", "payment_intent"}),
    "payout": frozenset({"status"}),
    "transfer": frozenset({"destination", "transfer_group"}),
}
_EVERYTHING: Final[Mapping[str, str]] = {}
_PAGING: Final = frozenset({"created", "ending_before", "expand", "limit", "starting_after"})


def page(
    tx: Transaction, kind: str, parameters: Parameters, *, path: str, within: Mapping[str, str] = _EVERYTHING
) -> Body:
    """Return one page of a kind, the newest first, of those whose fields are as `within` says."""
    only(parameters, _PAGING | _FILTERS[kind])
    limit = whole(parameters, "limit", least=1, most=100) if "limit" in parameters else 10
    found = [body for body in tx.all_of(kind) if _matches(body, kind, parameters, within)]
    if "ending_before" in parameters:
        newer = found[: _place_of(tx, found, kind, parameters["ending_before"])]
        chosen, has_more = newer[-limit:], len(newer) > limit
    else:
        start = _place_of(tx, found, kind, parameters["starting_after"]) + 1 if "starting_after" in parameters else 0
        chosen, has_more = found[start : start + limit], len(found) > start + limit
    answer = {"object": "list", "url": path, "has_more": has_more, "data": [shown(tx, body) for body in chosen]}
    return expanded(tx, answer, parameters)


def _place_of(tx: Transaction, found: list[Body], kind: str, cursor: str) -> int:
    tx.find(kind, cursor)
    places = [place for place, body in enumerate(found) if body["id"] == cursor]
    if not places:
        raise invalid("starting_after", f"The cursor {cursor} does not fit the filters of this list.")
    return places[0]


def _matches(body: Body, kind: str, parameters: Parameters, within: Mapping[str, str]) -> bool:
    wanted = {**within, **{name: parameters[name] for name in _FILTERS[kind] if name in parameters}}
    return all(body.get(name) == value for name, value in wanted.items()) and _in_range(body["created"], parameters)


def _in_range(created: int, parameters: Parameters) -> bool:
    if isinstance(parameters.get("created"), str):
        return created == whole(parameters, "created", least=0, most=10**12)
    bounds = branch(parameters, "created")
    only(bounds, frozenset({"gt", "gte", "lt", "lte"}))
    limits = {name: whole(bounds, name, least=0, most=10**12) for name in bounds}
    return (
        created > limits.get("gt", -1)
        and created >= limits.get("gte", 0)
        and created < limits.get("lt", 10**13)
        and created <= limits.get("lte", 10**13)
    )


def shown(tx: Transaction, body: Body) -> Body:
    """Return an object as a reader sees it now; money settles with the passing of time."""
    answer = public(body)
    if answer["object"] == "balance_transaction":
        answer["status"] = "available" if answer["available_on"] <= tx.now() else "pending"
    return answer


def expanded(tx: Transaction, answer: Body, parameters: Parameters) -> Body:
    """Replace ids by their objects where `expand[]` asks for it."""
    paths = parameters.get("expand", {})
    for path in paths.values() if isinstance(paths, dict) else paths:
        _expand(tx, answer, str(path).split("."), str(path))
    return answer


def _expand(tx: Transaction, node: Any, steps: list[str], path: str) -> None:
    if not steps or node is None:
        return
    if node["object"] == "list" and steps[0] == "data":
        for child in node["data"]:
            _expand(tx, child, steps[1:], path)
        return
    step = steps[0]
    if step not in _EXPANDABLE.get(node["object"], frozenset()):
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    if isinstance(node[step], str):
        target = tx.find_any(node[step])
        node[step] = shown(tx, target) if target else node[step]
    _expand(tx, node[step], steps[1:], path)


def balance(tx: Transaction) -> Body:
    """Return the sum of all balance transactions by currency, settled and not yet settled."""
    sums = balances(tx)
    parts = {
        name: [
            {"amount": amount, "currency": currency, "source_types": {"card": amount}}
            for currency, amount in sorted(part.items())
        ]
        for name, part in sums.items()
    }
    return {"object": "balance", "livemode": False, **parts}
