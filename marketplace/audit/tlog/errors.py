"""What the log's formats and proofs refuse, each with a short code for programs and one sentence for people.

Only the standard library, `cryptography` and `rfc8785` may be imported in this package: a stranger copies it out.
"""


class TlogError(ValueError):
    """A refusal: `code` never changes, `message` says what is wrong in plain words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Malformed(TlogError):
    """The bytes are not in the format; nothing was compared yet."""


class DoesNotHold(TlogError):
    """The bytes are well formed, but what they claim is not true."""
