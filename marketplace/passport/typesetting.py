"""Passports and labels of bags on A4, as PDF. The words come ready; nothing is fetched."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst


def passport_pdf(view: Mapping[str, Any], *, issued_at: datetime) -> bytes:
    """Return one A4 page; the same words give the same bytes."""
    return _laid_out("passport.typ", view, at=issued_at)


def labels_pdf(view: Mapping[str, Any], *, at: datetime) -> bytes:
    """Return sheets of labels with QR codes, 3 by 8 on A4."""
    return _laid_out("labels.typ", view, at=at)


def _laid_out(name: str, view: Mapping[str, Any], *, at: datetime) -> bytes:
    layout = files("marketplace.passport").joinpath("layouts", name).read_bytes()
    content = typst.compile(
        layout,
        format="pdf",
        ignore_system_fonts=True,  # the same page everywhere
        sys_inputs={"view": json.dumps(view, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(content, bytes), "one document is one PDF"
    return content
