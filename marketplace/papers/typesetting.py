"""Lay out a paper as PDF."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.core.typesetting import laid_out


def pdf_of(view: Mapping[str, Any], *, issued_at: datetime) -> bytes:
    """Return the PDF of a paper's words; the same words give the same bytes."""
    return laid_out("marketplace.papers", "paper.typ", view, at=issued_at, name="paper")
