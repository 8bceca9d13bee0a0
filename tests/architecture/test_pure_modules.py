"""Pure modules, known by their names, touch no database, no clock, no network and no chance."""

import ast
import tomllib

from tests.architecture.tree import ROOT, name_of, python_files, syntax

PURE_NAMES = (
    "ageing", "agreed_split", "basis", "canonical", "chart", "checklists", "checks", "comparables", "comparison",
    "counterparties", "custody", "daily_text", "deadlines", "deductions", "disclosure", "epcis", "exchange", "fairness",
    "filters", "fingerprints", "four_eyes", "gems", "gold", "hold_limits", "holds", "leaf", "levels", "likeness",
    "limit_figures", "liveness", "marks", "merkle", "money", "numbers", "offers", "parcels", "parts", "pauses",
    "permissions", "purity", "reasons", "recipes", "record", "relations", "split", "transitions", "weight",
    "completeness", "renewals", "steps", "about_care", "about_people", "about_trade", "catalogue", "periods",
    "small_numbers", "values", "addresses", "icglr", "icglr_files", "quantities", "untp", "untp_claims", "untp_events",
    "untp_links", "icglr_public",
)  # fmt: skip
# Every module below these is pure, whatever its name.
PURE_PACKAGES = ("marketplace/audit/tlog", "marketplace/custody/rules")
IMPURE_IMPORTS = (
    "sqlalchemy", "psycopg", "procrastinate", "time", "random", "secrets", "socket", "urllib", "requests", "subprocess",
)  # fmt: skip
# Splits and quotes addresses; it opens none.
PURE_PARTS = ("urllib.parse",)
CLOCK_CALLS = ("now", "utcnow", "today")
DOMAINS = (
    "accounts", "audit", "checks", "compliance", "core", "custody", "ledger", "lots", "moderation", "monitoring",
    "notifications", "onboarding", "orders", "papers", "passport", "payments", "pricing", "privacy", "search",
    "transparency",
)  # fmt: skip


def impurities(tree: ast.Module) -> list[str]:
    """Return the imports and calls that make a module depend on the world."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.split(".")[0] in IMPURE_IMPORTS]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in IMPURE_IMPORTS:
            found += [str(node.module)] if node.module not in PURE_PARTS else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS:
            found.append(ast.unparse(node))
    return found


def test_pure_modules_depend_on_nothing_outside() -> None:
    pure = [path for path in python_files(*(f"marketplace/{name}" for name in DOMAINS)) if path.stem in PURE_NAMES]
    pure += python_files(*PURE_PACKAGES)
    wrong = {name_of(path): found for path in pure if (found := impurities(syntax(path)))}

    assert pure, "the names of pure modules have gone stale"
    assert wrong == {}


def test_every_domain_is_under_the_contract_that_forbids_the_web() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    kept = next(set(each["source_modules"]) for each in contracts if each["name"] == "The domain knows no web")
    present = {f"marketplace.{name}" for name in DOMAINS if (ROOT / "marketplace" / name).is_dir()}

    assert present <= kept


def test_the_check_finds_a_planted_query_and_a_planted_clock() -> None:
    planted = ast.parse("from sqlalchemy import select\nimport time\ndue = datetime.now(UTC)\n")

    assert impurities(planted) == ["sqlalchemy", "time", "datetime.now(UTC)"]
