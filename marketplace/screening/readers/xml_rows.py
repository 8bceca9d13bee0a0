"""Read XML lists row by row: no entities, no document types, no namespaces, and never the whole tree at once. Pure."""

import io
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from marketplace.core.text import N_
from marketplace.screening.entries import MOST_ENTRIES, Entry, ListRefused

_BOM: Final = b"\xef\xbb\xbf"


def is_xml(raw: bytes) -> bool:
    """Say whether the bytes begin as XML does."""
    return raw.removeprefix(_BOM).lstrip()[:1] == b"<" or raw[:2] in (b"\xff\xfe", b"\xfe\xff")


def local(element: Element) -> str:
    """Return an element's name without its namespace, which publishers changed over the years."""
    return str(element.tag).rpartition("}")[2]


def rows(raw: bytes, *, root: str, kinds: frozenset[str]) -> Iterator[Element]:
    """Yield the root first, while it is still empty, then every element named in `kinds` once it is whole.

    An element's content is gone when the next one is asked for. Raises ListRefused for another root, for a cut or
    malformed file, and for one with a document type or more rows than a list can have.
    """
    number = 0
    root_seen = False
    for event, element in _events(raw):
        if event == "start":
            if not root_seen:
                root_seen = True
                _check_root(element, root)
                yield element
        elif local(element) in kinds:
            number += 1
            if number > MOST_ENTRIES:
                raise ListRefused(N_("The list has more than %(most)s entries."), most=MOST_ENTRIES)
            yield element
            element.clear()


def _events(raw: bytes) -> Iterator[tuple[str, Element]]:
    try:
        yield from iterparse(io.BytesIO(raw), events=("start", "end"), forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        message = N_("The file is cut or malformed at line %(line)s, column %(column)s.")
        raise ListRefused(message, line=line, column=column + 1) from None
    except DefusedXmlException:
        raise ListRefused(N_("The file declares a document type. Official lists do not.")) from None
    except (LookupError, ValueError):  # an encoding that nobody knows
        raise ListRefused(N_("The file names an unknown encoding.")) from None


def _check_root(element: Element, root: str) -> None:
    if local(element) != root:
        message = N_("The file begins with “%(found)s” instead of “%(root)s”. It is another list.")
        raise ListRefused(message, found=local(element)[:40], root=root)


def child(element: Element, *path: str) -> Element | None:
    """Return the first element under a path of names, or None."""
    found: Element | None = element
    for name in path:
        if found is None:
            return None
        found = next((each for each in found if local(each) == name), None)
    return found


def children(element: Element | None, *path: str) -> list[Element]:
    """Return every element with the path's last name under the first ones of the names before."""
    holder = child(element, *path[:-1]) if element is not None else None
    return [each for each in holder if local(each) == path[-1]] if holder is not None else []


def text(element: Element | None, *path: str) -> str:
    """Return the text under a path, without spaces around it; nothing when it is not there."""
    found = child(element, *path) if element is not None else None
    return " ".join((found.text or "").split()) if found is not None else ""


def texts(element: Element | None, *path: str) -> list[str]:
    """Return the texts of all elements under a path."""
    return [" ".join((each.text or "").split()) for each in children(element, *path)]


def entry_of(row: Element, read: Callable[[Element], Entry], *, number: int) -> Entry:
    """Return what `read` makes of a row; a refusal that names no entry gets its place in the file."""
    try:
        return read(row)
    except ListRefused as refused:
        problem = refused.fields["file"]
        if problem.params:
            raise
        raise ListRefused(
            N_("Entry number %(number)s of the file has no number or is malformed."), number=number
        ) from None
