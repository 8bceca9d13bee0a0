"""The monitoring report and the annual due diligence report on A4, as PDF."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from marketplace.core.typesetting import laid_out

_PACKAGE: Final = "marketplace.monitoring"


def report_pdf(view: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of all indicators; the same words give the same bytes."""
    return laid_out(_PACKAGE, "report.typ", view, at=at)


def step_five_pdf(view: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of the annual report; the same words give the same bytes."""
    return laid_out(_PACKAGE, "step_five.typ", view, at=at)
