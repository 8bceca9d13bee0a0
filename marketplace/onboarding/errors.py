"""Why an application cannot go on now, or not by this person."""

from collections.abc import Sequence

from marketplace.core.errors import Conflict, DomainError, Forbidden
from marketplace.core.text import N_
from marketplace.onboarding.completeness import Missing


class NotComplete(DomainError):
    """Something is missing; `missing` lists each with a sentence."""

    code = "application_not_complete"
    message = N_("Something is still missing. Look at the list, then try again.")

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__()


class DraftChanged(Conflict):
    """Somebody saved the application since this form was opened."""

    code = "draft_changed"
    message = N_("Somebody else saved this step meanwhile. Compare, then save again.")


class OwnApplication(Forbidden):
    """Nobody reviews what she filled in, handed in or profits from."""

    code = "own_application"
    message = N_("You filled this in or act for this cooperative: somebody else must review it.")


class TooManyDrafts(Conflict):
    """A person has begun as many applications as one needs."""

    code = "too_many_drafts"
    message = N_("You have begun five applications. Finish one of them first.")


class AlreadyRunning(Conflict):
    """The cooperative has an application that is not decided."""

    code = "application_running"
    message = N_("An application of this cooperative is open already. Go on with that one.")
