"""Every table is audited or excused with a reason; every entry's action is a noun and a verb."""

import ast
import re
from collections.abc import Iterable, Mapping

from marketplace import tables
from marketplace.core.db import Audited, Base
from tests.architecture.tree import name_of, python_files, syntax

AUDIT_EXCUSED: Mapping[str, str] = {
    "audit_delivery": "each try to deliver news of the log; changes nothing",
    "audit_progress": "how far a subscription was served; the subscription is audited",
    "audit_checkpoint": "is signed by the audit log's key",
    "audit_cosignature": "is signed by a witness",
    "audit_disclosure": "is the audit log",
    "audit_event": "is the audit log",
    "audit_node": "is computed from the audit log",
    "audit_search": "is the audit log",
    "audit_target": "is the audit log",
    "audit_verification": "what each verification of the log found; changes nothing",
    "bank_entry": "lines of an audited statement, never changed",
    "custody_amount": "lines of an audited custody event, never changed",
    "cahra_area": "lines of an audited list, never changed",
    "ending_notice": "which warnings went out; the letters stand in the outbox",
    "incident_note": "the words of a move, which is recorded with its incident",
    "incident_report_words": "sealed words of a case, each recorded with its report",
    "ledger_account": "made on first use by a posting; the journal's entry names it",
    "ledger_balance": "sums of postings; the journal is audited",
    "ledger_posting": "lines of an audited journal, never changed",
    "ledger_snapshot": "sums of postings up to a day; the journals are audited",
    "lot_listing": "what search reads; rebuilt from the audited lot",
    "mailed_link": "hashes of links; their use is recorded against the user",
    "message": "letters told of recorded events",
    "order_step": "written with the order's own entry, never changed",
    "paper_counter": "the last number given; the paper that has it is recorded",
    "price_band": "lines of an audited price standard",
    "provider_cursor": "how far a list was read",
    "provider_entry": "lines of the provider's own books, copied as they stand and never changed",
    "provider_news": "what the provider told, kept as it came; what follows from it is audited",
    "rate_fetch": "a log of tries; what one imported is recorded with its series",
    "recovery_code": "hashes; making and using them is recorded against the user",
    "sent_form": "answers kept for a repeated form",
    "sign_in_attempt": "counts attempts; sign-in is recorded against the user",
    "sign_in_session": "lives and dies with a sign-in, which is recorded against the user",
}
ACTION = re.compile(r"[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*\Z")


def unplaced(found: Mapping[str, bool], excused: Iterable[str]) -> list[str]:
    """Return tables neither audited nor excused, and excuses nobody needs."""
    not_audited = {name for name, is_audited in found.items() if not is_audited}
    return sorted(not_audited.symmetric_difference(excused))


def actions(tree: ast.Module) -> list[str]:
    """Return the literal actions given to `uow.record(…)`."""
    return [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "record"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def test_every_table_is_audited_or_excused_with_a_reason() -> None:
    assert tables.metadata is Base.metadata
    found = {str(mapper.local_table): issubclass(mapper.class_, Audited) for mapper in Base.registry.mappers}

    assert unplaced(found, AUDIT_EXCUSED) == []
    assert all(reason.strip() for reason in AUDIT_EXCUSED.values())


def test_every_audited_table_has_a_type_of_its_own() -> None:
    types = [mapper.class_.audit_type for mapper in Base.registry.mappers if issubclass(mapper.class_, Audited)]

    assert len(types) == len(set(types))


def test_every_action_is_a_noun_and_a_verb() -> None:
    wrong = {
        name_of(path): bad
        for path in python_files("marketplace")
        if (bad := [action for action in actions(syntax(path)) if not ACTION.match(action)])
    }

    assert wrong == {}


def test_the_checks_find_what_they_look_for() -> None:
    assert unplaced({"lot": True, "secret_plan": False}, []) == ["secret_plan"]
    assert unplaced({"lot": True}, ["lot"]) == ["lot"], "an excuse for an audited table is out of date"
    found = actions(ast.parse("uow.record('Lot published', lot)\nuow.record('lot.publish', lot)"))
    assert [bool(ACTION.match(action)) for action in found] == [False, True]
