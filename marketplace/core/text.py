"""Mark English text for translation without translating it."""


def N_(message: str) -> str:  # noqa: N802 - the name every gettext tool knows
    """Return `message` unchanged; the extractor collects it and the page translates it."""
    return message


class Words(str):
    """A message as a part of another one: the page translates it before it fills it in."""

    __slots__ = ()
