"""What is sealed is opened in few places, and each of them writes down who looked, or says why nobody needs to."""

import ast
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

from tests.architecture.tree import name_of, python_files, syntax

OPENERS: Final = frozenset({"unseal", "opened"})
# Where something sealed is opened without an entry of the log, by module and function.
EXCUSED: Final[Mapping[str, str]] = {
    "marketplace/accounts/services/second_factor.py opened_offer": "her own, while she sets it up",
    "marketplace/accounts/services/second_factor.py secret_of": "compared with the code of its owner, shown to nobody",
    "marketplace/history/addresses.py opened_address": "to send there; pages show its end only",
    "marketplace/history/services.py secret_of": "to sign with it, shown to nobody",
    "marketplace/incidents/sealing.py opened": "the opener itself; its callers are in this list",
    "marketplace/notifications/params.py unsealed": "to send the letter to its owner",
    "marketplace/payments/destinations.py _number": "to compare accounts, shown to nobody",
    "marketplace/web/account/places.py shown_once": "her own, once",
    "marketplace/web/public/report.py _case": "the sender's own, with the passphrase",
    "marketplace/web/staff/incident_reports.py index": "the place alone, so that the urgent ones are seen",
    "marketplace/web/staff/incident_reports.py _page": "noted after the request: _note_reading",
    "marketplace/web/staff/incidents.py incident_page": "noted after the request: note_reading",
    "marketplace/documents/keeping.py take_out": "noted by who gives out the file: document_view.note_reading",
}


def openings(tree: ast.Module, *, path: str) -> Iterator[str]:
    """Yield each function that opens something sealed and records nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            called = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
            opens = any(isinstance(each, ast.Name) and each.id in OPENERS for each in called)
            records = any(isinstance(each, ast.Attribute) and each.attr == "record" for each in called)
            if opens and not records:
                yield f"{path} {node.name}"


def test_whoever_opens_what_is_sealed_leaves_an_entry_or_is_excused() -> None:
    found = {name for path in python_files("marketplace") for name in openings(syntax(path), path=name_of(path))}

    assert sorted(found - set(EXCUSED)) == [], "record who looked, or say here why nobody needs to"
    assert sorted(set(EXCUSED) - found) == [], "these open nothing any more"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def a():\n    return unseal(x)", ["m.py a"]),
        ("def a():\n    uow.record('x.read', x)\n    return unseal(x)", []),
        ("def a():\n    return {'told': opened(x)}", ["m.py a"]),
        ("def a():\n    return x.unseal", []),
    ],
)
def test_the_check_finds_what_it_looks_for(source: str, found: list[str]) -> None:
    assert list(openings(ast.parse(source), path="m.py")) == found
