"""Files and functions stay small enough to read at a sitting."""

import ast

from tests.architecture.tree import name_of, python_files, syntax, templates

LONGEST_MODULE = 300
LONGEST_TEST = 400
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE = 120
LONGEST_ROUTE = 15


def too_long(name: str, text: str) -> bool:
    """Say whether a module has more lines than its kind may have."""
    limit = LONGEST_TEST if name.startswith("tests/") else LONGEST_MODULE
    return text.count("\n") > limit


def functions_longer_than(limit: int, tree: ast.Module) -> list[str]:
    """Return the functions whose lines, docstring not counted, are more than the limit."""
    return [
        f"{node.name} ({length})"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (length := _lines(node)) > limit
    ]


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    words = node.body[0]
    has_docstring = isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant)
    return (
        (node.end_lineno or 0) - node.lineno + 1 - ((words.end_lineno or 0) - words.lineno + 1 if has_docstring else 0)
    )


def test_no_module_is_too_long() -> None:
    files = [path for path in python_files() if "migrations/versions" not in name_of(path)]

    assert [name_of(path) for path in files if too_long(name_of(path), path.read_text(encoding="utf-8"))] == []


def test_no_function_is_too_long() -> None:
    files = [path for path in python_files() if "migrations/versions" not in name_of(path)]
    long = {name_of(path): found for path in files if (found := functions_longer_than(LONGEST_FUNCTION, syntax(path)))}

    assert long == {}


def test_no_template_is_too_long() -> None:
    assert [name_of(path) for path in templates() if path.read_text("utf-8").count("\n") > LONGEST_TEMPLATE] == []


def test_the_check_finds_a_long_module_and_a_long_function() -> None:
    long_function = ast.parse("def story():\n    '''Tell.'''\n" + "    x = 1\n" * 40)

    assert too_long("marketplace/x.py", "\n" * 301)
    assert not too_long("tests/x.py", "\n" * 301)
    assert functions_longer_than(40, long_function) == ["story (41)"]
    assert functions_longer_than(41, long_function) == []
