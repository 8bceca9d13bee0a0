"""Why a case cannot be decided now, or not by this person."""

from collections.abc import Sequence

from marketplace.compliance.gate import Unmet
from marketplace.core.errors import Conflict, DomainError, Forbidden
from marketplace.core.text import N_


class CaseClosed(Conflict):
    """Somebody decided it, or the cooperative took it back."""

    code = "case_closed"
    message = N_("This case was closed while you looked at it. Open the next one.")


class CaseTaken(Conflict):
    """Another reviewer has the case open."""

    code = "case_taken"
    message = N_("%(name)s is looking at this case until %(until)s.")


class OwnCase(Forbidden):
    """Nobody reviews what she entered, sent or profits from."""

    code = "own_case"
    message = N_("You entered this or act for this cooperative: somebody else must review it.")


class CheckRuns(Conflict):
    """A hit of the cooperative runs. The words say no more than the officers know."""

    code = "check_runs"
    message = N_("A check of this cooperative is not finished. The suspension stands until it is.")


class DecidedAlready(Forbidden):
    """One person is never both of the two, and does not settle what she decided or left to others."""

    code = "decided_already"
    message = N_("You had your say in this case: another person must decide now.")


class EscalatedAlready(Conflict):
    """A case is left to others once."""

    code = "escalated_already"
    message = N_("This case was left to others once already. Decide it, or give it back to the queue.")


class GateNotPassed(DomainError):
    """Requirements are not met; `unmet` lists them with an explanation each."""

    code = "gate_not_passed"
    message = N_("Some requirements are not met yet. Nothing was decided.")

    def __init__(self, unmet: Sequence[Unmet]) -> None:
        self.unmet = tuple(unmet)
        super().__init__()


class NotForThem(Forbidden):
    """The person a case was given to may not decide in it."""

    code = "not_for_them"
    message = N_("%(name)s entered this, had a say in it or acts for this cooperative. Choose somebody else.")


class StillTime(Conflict):
    """The cooperative answered what was sent back, or still has time to, or an appeal waits."""

    code = "still_time"
    message = N_("The cooperative answered, appealed or has time until %(day)s.")
