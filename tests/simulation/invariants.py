"""What must hold after every move. Each invariant yields what is wrong; nothing is right."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final

from marketplace.orders.transitions import FINAL, State
from tests.simulation.folding import Expected, folded
from tests.simulation.look import Look, Paid

Invariant = Callable[[Look], Iterator[str]]
CLEARING: Final = "stripe_clearing"


class Violation(AssertionError):
    """Something that must hold does not."""

    def __init__(self, invariant: str, detail: str) -> None:
        self.invariant, self.detail = invariant, detail
        super().__init__(invariant, detail)  # both, so that another process can send it back

    def __str__(self) -> str:
        return f"{self.invariant}: {self.detail}"


def check(now: Look) -> None:
    """Raise Violation for the first invariant that does not hold."""
    for invariant in ALWAYS:
        for detail in invariant(now):
            raise Violation(invariant.__name__.replace("_", " "), detail)


def debits_equal_credits(now: Look) -> Iterator[str]:
    sums: Counter[str] = Counter()
    for account in now.accounts:
        sums[account.currency] += account.debit - account.credit
        if account.tracked and (account.live or 0) != account.debit - account.credit:
            yield f"{account.code} says {account.live}, its postings {account.debit - account.credit}"
    yield from (f"{currency} {difference}" for currency, difference in sums.items() if difference)


def journals_are_whole(now: Look) -> Iterator[str]:
    lines = Counter(posting.journal for posting in now.postings)
    for posting in now.postings:
        if posting.journal is None or lines[posting.journal] != posting.lines:
            yield f"journal {posting.kind} of {posting.order} has {lines[posting.journal]} of {posting.lines} lines"


def no_account_is_overdrawn(now: Look) -> Iterator[str]:
    for account in now.accounts:
        balance = account.debit - account.credit
        if (account.rule == "credit_min0" and balance > 0) or (account.rule == "debit_min0" and balance < 0):
            yield f"{account.code} {balance}"


def clearing_has_the_providers_lines(now: Look) -> Iterator[str]:
    """Our clearing account moves by what the provider's books say, line by line; drained, in sum."""
    ours: Counter[tuple[str, str]] = Counter()
    total = 0
    for posting in now.postings:
        sign = posting.debit.endswith(CLEARING) - posting.credit.endswith(CLEARING)
        if sign:
            ours[posting.journal, posting.ref or ""] += sign * posting.amount
            total += sign * posting.amount
    for (_journal, reference), amount in ours.items():
        theirs = now.entries.get(reference)
        if theirs is None or theirs["net"] != amount:
            yield f"{reference or 'no reference'}: ours {amount}, theirs {theirs and theirs['net']}"
    if now.drained and total != sum(entry["net"] for entry in now.entries.values() if not entry.get("_stranger")):
        yield f"ours {total}, theirs {sum(entry['net'] for entry in now.entries.values())}"


def captured_money_is_accounted_for(now: Look) -> Iterator[str]:
    """Who paid is held, paid out or paid back: what we know equals what the provider took and gave back."""
    known = _known(now)
    states = {payment.order: payment.state for payment in now.payments}
    for order in now.orders:
        truth, (taken, sent) = now.paid.get(order.reference, Paid()), known[order.id]
        if taken not in {0, truth.gross} or (taken > 0) != (states.get(order.id) == "paid"):
            yield f"{order.reference}: {taken} booked, {truth.gross} taken, payment {states.get(order.id)}"
        if sent > truth.ever_refunded:
            yield f"{order.reference}: {sent} booked as sent back, {truth.ever_refunded} were"
        if now.drained and (taken, sent) != (truth.gross, truth.refunded):
            yield f"{order.reference}: booked {taken} and {sent}, the provider {truth.gross} and {truth.refunded}"


def nobody_gets_more_than_was_paid(now: Look) -> Iterator[str]:
    released = _released(now)
    for order in now.orders:
        truth = now.paid.get(order.reference, Paid())
        if truth.refunded + sum(released[order.id].values()) > truth.gross:
            yield f"{order.reference}: {truth.gross} in, {truth.refunded} back, {released[order.id]} out"


def orders_follow_their_table(now: Look) -> Iterator[str]:
    for order, expected in _expected(now):
        if expected.wrong or order.state != expected.state:
            yield f"{order.reference} is {order.state}, not {expected.state} {expected.wrong}"


def held_money_follows_the_steps(now: Look) -> Iterator[str]:
    """A held account per order: the price from its capture to its release or refund; frozen money counts as held."""
    for order, expected in _expected(now):
        held = now.owed(order, "held") + now.owed(order, "frozen")
        if held < 0 or (expected.held is not None and held != expected.held):
            yield f"{order.reference} is {order.state} and holds {held}, not {expected.held}"


def ended_orders_are_closed(now: Look) -> Iterator[str]:
    for order in now.orders:
        if order.state in FINAL:
            open_ends = [order.deadline_at, order.next_due_at, order.frozen_since]
            if any(open_ends) or order.closed_at is None or now.owed(order, "held"):
                yield f"{order.reference} is {order.state}, open: {open_ends}, holds {now.owed(order, 'held')}"


def releases_follow_the_split(now: Look) -> Iterator[str]:
    """A release pays each party what was frozen in the order, to the cent."""
    released = _released(now)
    for order, expected in _expected(now):
        if expected.released:
            wanted: Counter[str] = Counter()
            for line in order.split:
                wanted[_payee(line, order)] += line.amount_minor
            if +released[order.id] != +wanted:
                yield f"{order.reference}: {dict(released[order.id])}, agreed {dict(wanted)}"


def claims_follow_their_orders(now: Look) -> Iterator[str]:
    live = Counter(claim.lot for claim in now.claims if claim.state != "released")
    yield from (f"lot {lot} has {count} claims" for lot, count in live.items() if count > 1)
    claims = {claim.order: claim.state for claim in now.claims}
    for order, expected in _expected(now):
        if claims.get(order.id) != expected.claim:
            yield f"{order.reference} is {order.state}, its claim {claims.get(order.id)}, not {expected.claim}"


def each_command_counts_once(now: Look) -> Iterator[str]:
    """The provider did no more than we wrote commands for."""
    wanted = Counter((command.kind, command.reference) for command in now.commands)
    for order in now.orders:
        if now.sessions[order.reference] > wanted["checkout", order.reference]:
            yield f"{order.reference}: {now.sessions[order.reference]} payment pages"
        if now.refunds_made[order.reference] > wanted["refund", order.reference]:
            yield f"{order.reference}: {now.refunds_made[order.reference]} refunds"


def payouts_have_their_money_aside(now: Look) -> Iterator[str]:
    aside, on_the_way = {"prepared", "approved", "sent"}, {"sent"}
    live: Counter[str] = Counter()
    for payout in now.payouts:
        reserved = -now.balances.get(f"{payout.currency}:coop_reserved:{payout.id}", 0)
        moving = now.balances.get(f"{payout.currency}:payout_in_transit:{payout.id}", 0)
        wanted = tuple(payout.amount if payout.state in states else 0 for states in (aside, on_the_way))
        if (reserved, moving) != wanted:
            yield f"payout {payout.id} is {payout.state}: reserved {reserved}, on its way {moving}"
        live[payout.order] += payout.state not in {"failed", "cancelled"} and payout.amount
    for order in now.orders:
        if live[order.id] > order.net:
            yield f"{order.reference}: {live[order.id]} paid out of {order.net}"


def a_frozen_order_waits(now: Look) -> Iterator[str]:
    problems = {problem.order for problem in now.problems}
    for order in now.orders:
        if (order.state == State.DISPUTED) != (order.id in problems):
            yield f"{order.reference} is {order.state}, problem open: {order.id in problems}"
        if order.frozen_since is not None and order.next_due_at is not None:
            yield f"{order.reference} is frozen, and the clock wants it at {order.next_due_at}"


def papers_have_no_gap(now: Look) -> Iterator[str]:
    for series in now.papers:
        if not series.last == series.papers == series.highest:
            yield f"{series.kind} {series.year}: {series.papers} papers, last number {series.last}"


ALWAYS: Final[tuple[Invariant, ...]] = (
    debits_equal_credits,
    journals_are_whole,
    no_account_is_overdrawn,
    clearing_has_the_providers_lines,
    captured_money_is_accounted_for,
    nobody_gets_more_than_was_paid,
    orders_follow_their_table,
    held_money_follows_the_steps,
    ended_orders_are_closed,
    releases_follow_the_split,
    claims_follow_their_orders,
    each_command_counts_once,
    payouts_have_their_money_aside,
    a_frozen_order_waits,
    papers_have_no_gap,
)


def _expected(now: Look) -> Iterator[tuple[Any, Expected]]:
    steps: dict[str, list[Any]] = defaultdict(list)
    for step in now.steps:
        steps[step.order].append(step)
    for order in now.orders:
        yield order, folded(order, steps[order.id])


def _known(now: Look) -> dict[str, list[int]]:
    """Return of each order what our books say was taken from the buyer, and sent back."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for posting in now.postings:
        if posting.debit.endswith(CLEARING) and ":held:" in posting.credit:
            sums[posting.order][0] += posting.amount
        if posting.credit.endswith(CLEARING) and ":refund_payable:" in posting.debit:
            sums[posting.order][1] += posting.amount
        if posting.debit.endswith(CLEARING) and ":refund_payable:" in posting.credit:
            sums[posting.order][1] -= posting.amount
    return sums


def _released(now: Look) -> dict[str, Counter[str]]:
    """Return of each order what left its held account for others than the buyer, by whom it went to."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for posting in now.postings:
        own = (":held:", ":refund_payable:", ":frozen:")
        if ":held:" in posting.debit and not any(name in posting.credit for name in own):
            sums[posting.order][posting.credit.partition(":")[2]] += posting.amount
    return sums


def _payee(line: Any, order: Any) -> str:
    names = {
        "cooperative": f"coop_payable:{order.cooperative}",
        "premium": f"premium_fund:{order.cooperative}",
        "deduction": f"tax_withheld:{line.code}",
        "platform": "platform_fee",
    }
    return names[line.payee]
