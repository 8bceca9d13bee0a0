"""No recipe without a test: each function that returns an Entry is called in this folder."""

import ast
from pathlib import Path

import marketplace.ledger

LEDGER = Path(marketplace.ledger.__file__).parent


def recipes() -> set[str]:
    """Return `module.function` of every public recipe."""
    found = set()
    for path in LEDGER.glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            is_recipe = isinstance(node, ast.FunctionDef) and node.returns and ast.unparse(node.returns) == "Entry"
            if is_recipe and not node.name.startswith("_"):
                found.add(f"{path.stem}.{node.name}")
    return found


def called() -> set[str]:
    """Return `module.function` of everything of the ledger that the tests beside this one call."""
    found = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(path.read_text())
        names = {
            alias.asname or alias.name: alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "marketplace.ledger"
            for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
                found.add(f"{names[node.value.id]}.{node.attr}")
    return found


def test_every_recipe_is_called_by_a_test_of_this_folder() -> None:
    assert len(recipes()) >= 30
    assert recipes() - called() == set()
