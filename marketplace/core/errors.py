"""Errors the domain raises; one map in http/errors.py knows what they mean in HTTP.

Messages are English msgids with %(name)s placeholders: the page translates them for its reader.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from marketplace.core.text import N_


class DomainError(Exception):
    """A rule said no. `code` is stable for programs, `message` with `params` is for people.

    `figures` are amounts that a program may want too; they stand beside the code in its answer.
    """

    code = "refused"
    figures: Mapping[str, object] = MappingProxyType({})
    message = N_("This is not possible.")

    def __init__(self, message: str | None = None, /, **params: object) -> None:
        self.message = message or type(self).message
        self.params = params
        super().__init__(self.message % params if params else self.message)


class NotFound(DomainError):
    """The thing does not exist, or not for this reader: both look the same."""

    code = "not_found"
    message = N_("We could not find that. Check the address, or go back and choose again.")


class Forbidden(DomainError):
    """The reader is known and may not do this."""

    code = "forbidden"
    message = N_("You may not do this with your role.")


class InvalidInput(DomainError):
    """One or more fields need another value; `fields` maps a field to its msgid and parameters."""

    code = "invalid_input"
    message = N_("There is a problem with what you entered.")

    def __init__(self, fields: Mapping[str, "FieldError | str"]) -> None:
        self.fields: dict[str, FieldError] = {
            name: error if isinstance(error, FieldError) else FieldError(error) for name, error in fields.items()
        }
        super().__init__()


class FieldError:
    """Why one field was refused: a msgid with parameters."""

    __slots__ = ("message", "params")

    def __init__(self, message: str, /, **params: object) -> None:
        self.message = message
        self.params = params

    def __repr__(self) -> str:
        return f"FieldError({self.message % self.params if self.params else self.message!r})"


class Conflict(DomainError):
    """The world moved on: the same request would now mean something else."""

    code = "conflict"
    message = N_("This changed while you were working on it. Look at it again.")


class TransitionRefused(Conflict):
    """The action is not legal in this state; `legal` names those that are."""

    code = "transition_refused"
    message = N_("This step is not possible now.")

    def __init__(self, state: str, action: str, *, legal: Iterable[str]) -> None:
        self.state, self.action, self.legal = state, action, tuple(legal)
        super().__init__()


class VersionChanged(Conflict):
    """A decision named another version than the current one."""

    code = "version_changed"
    message = N_("The lot changed since you opened it. See the difference, then decide.")


class AlreadyDone(Conflict):
    """A form was sent twice with other content under the same key."""

    code = "idempotency_conflict"
    message = N_("This form was already sent with other answers. Open it again.")


class TooManyRequests(DomainError):
    """A limit was reached; `retry_after` is in seconds."""

    code = "too_many_requests"
    message = N_("Too many tries. Wait a little, then try again.")

    def __init__(self, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__()


class Unavailable(DomainError):
    """Something we depend on does not answer now; nothing was lost."""

    code = "unavailable"
    message = N_("This is not available right now. Nothing was lost. Try again in a minute.")
