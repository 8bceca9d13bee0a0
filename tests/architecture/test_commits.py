"""Nothing commits or rolls back except the unit of work."""

import ast

from tests.architecture.tree import name_of, python_files, syntax

ALLOWED = {
    "marketplace/unit_of_work.py": "the one place that commits",
    "marketplace/http/gate.py": "ends the request's own unit of work after the view returned or raised",
}
# These keep a store of their own, which is no part of the marketplace's database.
FOLDERS_ALLOWED = {
    "marketplace/sandbox/": "the stand-in for the payment provider has its own SQLite file",
}


def endings(tree: ast.Module) -> list[int]:
    """Return the lines that call `.commit(` or `.rollback(`."""
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("commit", "rollback")
        and not _is_savepoint(node.func.value)
    )


def _is_savepoint(receiver: ast.expr) -> bool:
    """Say whether the receiver is named a savepoint: rolling one back leaves the unit of work whole."""
    if isinstance(receiver, ast.Name):
        return receiver.id == "savepoint"
    return (
        isinstance(receiver, ast.Call)
        and isinstance(receiver.func, ast.Attribute)
        and receiver.func.attr == "get_nested_transaction"
    )


def test_only_the_unit_of_work_commits() -> None:
    found = {
        name: lines
        for path in python_files("marketplace", "config")
        if (name := name_of(path)) not in ALLOWED
        and not name.startswith(tuple(FOLDERS_ALLOWED))
        and (lines := endings(syntax(path)))
    }

    assert found == {}


def test_every_allowance_is_still_needed() -> None:
    assert [name for name in ALLOWED if not any(name_of(path) == name for path in python_files("marketplace"))] == []


def test_the_check_finds_a_planted_commit() -> None:
    planted = ast.parse(
        "def publish(uow, *, lot):\n    lot.x = 1\n    uow.session.commit()\n    savepoint.rollback()\n"
    )

    assert endings(planted) == [3]
