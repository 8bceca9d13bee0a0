"""Lay out words as a PDF that screen readers can read (PDF/UA-1). The words come ready; nothing is fetched."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

import typst


def laid_out(package: str, layout: str, view: Mapping[str, Any], *, at: datetime, name: str = "view") -> bytes:
    """Return the PDF of a layout of a package, which reads the words as `name`; the same words give the same bytes."""
    content = typst.compile(
        files(package).joinpath("layouts", layout).read_bytes(),
        format="pdf",
        ignore_system_fonts=True,  # only the fonts inside the package: the same page everywhere
        sys_inputs={name: json.dumps(view, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(content, bytes), "one document is one PDF"
    return content
