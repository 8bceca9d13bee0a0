"""The machine of an order as documentation: a Mermaid diagram and a table, drawn from the rows. Pure.

`python -m marketplace.orders.diagram > docs/orders.md` writes the page anew; a test wants it to be up to date.
"""

import sys
from typing import Final

from marketplace.orders.deadlines import SCHEDULES, Schedule, Until
from marketplace.orders.step_words import STEP_WORDS
from marketplace.orders.transitions import FINAL, ROWS, LotMove, MoneyMove, Row, State
from marketplace.orders.words import STATE_WORDS

_HEAD: Final = """# The machine of an order

Drawn from `marketplace/orders/transitions/table.py` and `deadlines.py` by `python -m marketplace.orders.diagram`: do
not edit. Buttons, the API's `allowed_actions`, the timeline and the tests come from the same rows.
"""
_LENGTHS: Final = {
    Until.INSPECTED: "the order's inspection days (7, large orders 14)",
    Until.BACKSTOP: "day 80 after the payment, earlier where the law is stricter",
    Until.APPEALED: "7 days to appeal; at once when nobody may",
    Until.WORKING_DAYS: "3 working days",
}


def page() -> str:
    """Return the whole page in Markdown."""
    return "\n".join(
        [_HEAD, _diagram(), "", "## Moves", "", *_moves(), "", "## What the clock does", "", *_clock(), ""]
    )


def _diagram() -> str:
    """Return the moves between states; what stays is in the table only."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.PENDING_PAYMENT}"]
    seen: dict[tuple[str, str], list[str]] = {}
    for row in ROWS:
        if not row.stays:
            actions = seen.setdefault((row.source.value, row.target.value), [])
            if row.action.value not in actions:
                actions.append(row.action.value)
    lines += [f"    {source} --> {target}: {', '.join(actions)}" for (source, target), actions in seen.items()]
    lines += [f"    {state} --> [*]" for state in sorted(FINAL)]
    return "\n".join([*lines, "```"])


def _moves() -> list[str]:
    head = ["| from | move | by | to | when | money | lot |", "|---|---|---|---|---|---|---|"]
    return head + [_move(row) for row in ROWS]


def _move(row: Row) -> str:
    money = row.money.value if row.money is not MoneyMove.NONE else ""
    lot = row.lot.value if row.lot is not LotMove.KEEP else ""
    target = "(stays)" if row.stays else row.target.value
    cells = (row.source.value, f"{row.action.value}: {STEP_WORDS[row.action]}", row.who.value, target)
    return f"| {' | '.join((*cells, _conditions(row), money, lot))} |"


def _conditions(row: Row) -> str:
    """Return when a row is open, in words."""
    said = {
        "large": {True: "above the threshold of two persons", False: "below the threshold of two persons"},
        "partial": {True: "a part was agreed to go back", False: "no part goes back"},
        "verified": {True: "with an independent check", False: "without an independent check"},
    }
    found = [said[name][getattr(row, name)] for name in said if getattr(row, name) is not None]
    if row.within is not None:
        found.append(f"within {_hours(row.within.total_seconds())}")
    if row.after is not None:
        found.append(f"after {_hours(row.after.total_seconds())}")
    if row.came_from is not None:
        found.append(f"the dispute came from {row.came_from}")
    if row.outcomes is not None:
        found.append(f"decided: {', '.join(sorted(row.outcomes))}")
    if row.even_frozen:
        found.append("also while frozen")
    return "; ".join(found)


def _hours(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours / 24:g} days" if hours >= 24 and not hours % 24 else f"{hours:g} hours"


def _clock() -> list[str]:
    head = ["| state | called | lasts | then | notices |", "|---|---|---|---|---|"]
    rows = [
        f"| {state.value} | {STATE_WORDS[state]} | {_length(SCHEDULES[state])} | {SCHEDULES[state].action or ''} "
        f"| {', '.join(notice.template for notice in SCHEDULES[state].notices)} |"
        for state in State
        if state in SCHEDULES
    ]
    return head + rows


def _length(schedule: Schedule) -> str:
    if schedule.length is None:
        return "as long as it takes"
    if isinstance(schedule.length, Until):
        return _LENGTHS[schedule.length]
    return _hours(schedule.length.total_seconds())


if __name__ == "__main__":
    sys.stdout.write(page())
