"""What the log itself refuses: to sign, to prove, to go on."""

from marketplace.audit.tlog.errors import TlogError


class LogRefused(TlogError):
    """The log does not do it; `code` is stable for programs, the message says why and what to do."""


class NotSignedYet(LogRefused):
    """The entry is in the log, and the next checkpoint will cover it."""

    def __init__(self) -> None:
        super().__init__("not-signed-yet", "No checkpoint covers this entry yet. The next one comes within a minute.")
