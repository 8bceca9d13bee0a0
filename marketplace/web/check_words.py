"""The notes of independent checks as pages show them."""

from collections.abc import Sequence
from typing import Any

from marketplace.checks.queries import ShownNote
from marketplace.checks.words import FINDINGS, SEEN, TONES
from marketplace.http.languages import translate as _


def note_views(notes: Sequence[ShownNote], *, version_sha256: str) -> list[dict[str, Any]]:
    """Return the notes of a lot; one made for another version than that on the page says so."""
    return [
        {
            "reference": each.check.reference,
            "finding": _(FINDINGS[each.check.finding or "open"]),
            "tone": TONES[each.check.finding or "open"],
            "seen": _(SEEN[each.check.seen or "photos"]),
            "words": (each.check.note or "").splitlines(),
            "on": each.check.ended_at,
            "version_number": each.version_number,
            "version_sha256": each.check.version_sha256,
            "is_for_this_version": each.check.version_sha256 == version_sha256,
        }
        for each in notes
    ]
