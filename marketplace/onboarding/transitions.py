"""The life of a cooperative's application as one table: what may happen, who may do it, and why. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.core.errors import TransitionRefused
from marketplace.core.text import N_


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    NEEDS_SECOND = "needs_second"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"


class Action(StrEnum):
    """What is done to it."""

    SAVE = "save"
    HAND_IN = "hand_in"
    TAKE_BACK = "take_back"
    RETURN = "return"
    APPROVE = "approve"
    CONFIRM = "confirm"
    REFUSE = "refuse"
    REOPEN = "reopen"


class Who(StrEnum):
    """Whose word it is: the applicant's (or a field officer's for it), a reviewer's, a second one's, or new eyes'."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    SECOND = "second"
    NEW_EYES = "new_eyes"


class Row(NamedTuple):
    """One legal move."""

    action: Action
    before: State
    after: State
    who: Who
    why: str


_S, _A, _W = State, Action, Who
TABLE: Final = (
    Row(_A.SAVE, _S.DRAFT, _S.DRAFT, _W.APPLICANT, N_("A step was filled in.")),
    Row(_A.SAVE, _S.RETURNED, _S.RETURNED, _W.APPLICANT, N_("A step was changed as asked.")),
    Row(_A.HAND_IN, _S.DRAFT, _S.HANDED_IN, _W.APPLICANT, N_("Nothing is missing any more.")),
    Row(_A.HAND_IN, _S.RETURNED, _S.HANDED_IN, _W.APPLICANT, N_("What was asked for is changed.")),
    Row(_A.TAKE_BACK, _S.HANDED_IN, _S.DRAFT, _W.APPLICANT, N_("The applicant wants to change something.")),
    Row(_A.TAKE_BACK, _S.NEEDS_SECOND, _S.DRAFT, _W.APPLICANT, N_("The applicant wants to change something.")),
    Row(_A.RETURN, _S.HANDED_IN, _S.RETURNED, _W.REVIEWER, N_("Something must be changed first.")),
    Row(_A.RETURN, _S.NEEDS_SECOND, _S.RETURNED, _W.SECOND, N_("The second person wants something changed.")),
    Row(_A.APPROVE, _S.HANDED_IN, _S.NEEDS_SECOND, _W.REVIEWER, N_("One person checked everything.")),
    Row(_A.CONFIRM, _S.NEEDS_SECOND, _S.APPROVED, _W.SECOND, N_("A second person checked everything.")),
    Row(_A.REFUSE, _S.HANDED_IN, _S.REFUSED, _W.REVIEWER, N_("It cannot be accepted.")),
    Row(_A.REFUSE, _S.NEEDS_SECOND, _S.REFUSED, _W.SECOND, N_("The second person cannot accept it.")),
    Row(_A.REOPEN, _S.REFUSED, _S.HANDED_IN, _W.NEW_EYES, N_("An appeal was right. Others decide anew.")),
)
ENDED: Final = frozenset({State.APPROVED, State.REFUSED})
WITH_PACT: Final = frozenset({State.HANDED_IN, State.NEEDS_SECOND})
STATE_WORDS: Final = {
    State.DRAFT: N_("Being filled in"),
    State.HANDED_IN: N_("With Pact"),
    State.NEEDS_SECOND: N_("Waits for a second person"),
    State.RETURNED: N_("Please change something"),
    State.APPROVED: N_("Approved"),
    State.REFUSED: N_("Not accepted"),
}


def row_for(state: str, action: Action) -> Row:
    """Return the row of a move, or raise TransitionRefused naming the legal ones."""
    for row in TABLE:
        if row.before == state and row.action == action:
            return row
    raise TransitionRefused(state, action, legal=legal(state))


def legal(state: str) -> tuple[Action, ...]:
    """Return what may happen in a state, whoever does it."""
    return tuple(row.action for row in TABLE if row.before == state)
