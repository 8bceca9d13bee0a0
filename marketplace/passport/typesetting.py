"""Passports and labels of bags on A4, as PDF."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from marketplace.core.typesetting import laid_out

_PACKAGE: Final = "marketplace.passport"


def passport_pdf(view: Mapping[str, Any], *, issued_at: datetime) -> bytes:
    """Return one A4 page; the same words give the same bytes."""
    return laid_out(_PACKAGE, "passport.typ", view, at=issued_at)


def labels_pdf(view: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return sheets of labels with QR codes, 3 by 8 on A4."""
    return laid_out(_PACKAGE, "labels.typ", view, at=at)
