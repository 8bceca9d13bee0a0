"""Where a list goes on that is sorted by a moment: the moment and the key of the last row, as text in the address."""

from datetime import datetime
from uuid import UUID


def moment_cursor(text: str) -> tuple[datetime, UUID] | None:
    """Return where the page before ended; an address somebody mangled starts from the top."""
    moment, _mark, key = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        return (at, UUID(key)) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
