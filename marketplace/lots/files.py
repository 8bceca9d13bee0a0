"""Where the files of lots are kept."""

from marketplace.core.images import WIDTHS

__all__ = ["WIDTHS", "key_of"]


def key_of(sha256: str, width: int) -> str:
    """Return the store's key of a photo in one of WIDTHS."""
    return f"photos/{sha256}/{width}.webp"
