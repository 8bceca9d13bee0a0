"""Made-up sanctions lists in the publishers' formats."""

import io
import zipfile
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent.parent / "data" / "screening"


def sample(name: str) -> bytes:
    """Return a file of tests/data/screening."""
    return (FOLDER / name).read_bytes()


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a ZIP file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def trio(**changed: bytes) -> bytes:
    """Return OFAC's three CSV files in a ZIP; `sdn`, `alt` or `add` is put in place of the sample."""
    return zipped({f"{name.upper()}.CSV": changed.get(name, sample(f"{name}.csv")) for name in ("sdn", "alt", "add")})
