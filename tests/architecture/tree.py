"""The project's files, as the checks of this folder read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("marketplace", "config", "tests", "migrations", "benchmarks")
NOT_OURS = (".git", ".venv", "var", "node_modules", "__pycache__", "htmlcov", "screenshots")
TEXTS = (
    ".py",
    ".md",
    ".html",
    ".txt",
    ".xml",
    ".css",
    ".js",
    ".toml",
    ".yml",
    ".yaml",
    ".env",
    ".sh",
    ".conf",
    ".service",
)
PLAIN_NAMES = ("Makefile", "Dockerfile", "run")


def python_files(*folders: str) -> list[Path]:
    """Return every Python file below the folders (all our code when none is named)."""
    return sorted(path for folder in folders or CODE for path in (ROOT / folder).rglob("*.py"))


def text_files() -> Iterator[Path]:
    """Yield every file of ours that a person reads or edits."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if any(part in NOT_OURS or part.endswith("_cache") for part in parts) or not path.is_file():
            continue
        if path.suffix in TEXTS or path.name in PLAIN_NAMES:
            yield path


def templates() -> list[Path]:
    """Return every page template."""
    return sorted(path for path in (ROOT / "marketplace").rglob("templates/**/*.html"))


def name_of(path: Path) -> str:
    """Return the path as people write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def syntax(path: Path) -> ast.Module:
    """Return the file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))
