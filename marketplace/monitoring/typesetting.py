"""The monitoring report and the annual due diligence report on A4, as PDF. The words come ready; nothing is fetched."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst


def report_pdf(view: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of all indicators; the same words give the same bytes."""
    return _laid_out("report.typ", view, at=at)


def step_five_pdf(view: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return the PDF of the annual report; the same words give the same bytes."""
    return _laid_out("step_five.typ", view, at=at)


def _laid_out(name: str, view: Mapping[str, Any], *, at: datetime) -> bytes:
    layout = files("marketplace.monitoring").joinpath("layouts", name).read_bytes()
    content = typst.compile(
        layout,
        format="pdf",
        ignore_system_fonts=True,  # the same page everywhere
        sys_inputs={"view": json.dumps(view, ensure_ascii=False)},
        pdf_standards=["ua-1"],  # for screen readers
        timestamp=int(at.timestamp()),
    )
    assert isinstance(content, bytes), "one document is one PDF"
    return content
