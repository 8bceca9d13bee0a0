"""Lay out a paper as a PDF that screen readers can read (PDF/UA-1). The words come ready; nothing is fetched."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst


def pdf_of(view: Mapping[str, Any], *, issued_at: datetime) -> bytes:
    """Return the PDF of a paper's words; the same words give the same bytes."""
    layout = files("marketplace.papers").joinpath("layouts", "paper.typ").read_bytes()
    laid_out = typst.compile(
        layout,
        format="pdf",
        # Only the fonts inside the package: the same paper everywhere.
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(view, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(issued_at.timestamp()),
    )
    assert isinstance(laid_out, bytes), "one paper is one PDF"
    return laid_out
