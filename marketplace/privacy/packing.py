"""Write what is held as files for programs: JSON, and CSV (RFC 4180) that no spreadsheet takes for a formula."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from marketplace.privacy.collecting import Section

# A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_zip(sections: Sequence[Section], *, explanation: str, at: datetime) -> io.BytesIO:
    """Return the archive: README.txt, and of each section a JSON and a CSV file; `at` dates the files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, text: str) -> None:
            info = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("utf-8"))

        add("README.txt", explanation)
        for section in sections:
            add(f"json/{section.name}.json", as_json(section))
            add(f"csv/{section.name}.csv", as_csv(section))
    file.seek(0)
    return file


def as_json(section: Section) -> str:
    """Return the rows as a JSON array of objects; times are RFC 3339, exact numbers are strings."""
    return json.dumps([{name: plain(value) for name, value in row.items()} for row in section.rows], indent=1)


def as_csv(section: Section) -> str:
    """Return the rows with a header; lines end in CRLF, a cell that could calculate begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(section.columns)
    for row in section.rows:
        writer.writerow([_cell(row[name]) for name in section.columns])
    return text.getvalue()


def shown(value: object) -> str:
    """Return a value as one line of text."""
    found = plain(value)
    return "" if found is None else found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def plain(value: Any) -> Any:
    """Turn a value into JSON's own types."""
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case dict():
            return {str(name): plain(item) for name, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


def _cell(value: object) -> str:
    text = shown(value)
    is_text = isinstance(value, str | dict | list)
    return f"'{text}" if is_text and text.startswith(_FORMULA) else text


def explanation(sections: Sequence[Section], *, say: Callable[[str], str], lines: Sequence[str]) -> str:
    """Return the words of README.txt: first `lines`, then each file with what it holds."""
    listed = [f"{section.name}: {say(section.title)} ({len(section.rows)})" for section in sections]
    return "\r\n".join([*lines, "", *listed, ""])
