"""Say how many changed versions of each pure module its tests noticed: `make mutants`, after `mutmut run`.

Exits 1 when a module lies below the bar, when a mutant was not tried, or when a mutant said to be equivalent is not one
of the survivors any more.
"""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

BAR: Final = 90
FOLDER: Final = Path("mutants")
EQUIVALENT: Final = Path(__file__).parent / "equivalent.toml"
# What mutmut notes for each mutant: the exit code of its tests.
KILLED: Final = frozenset({1, 3, 24, -24, 36, 152, 255, 37})
TIMED_OUT: Final = frozenset({24, -24, 36, 152})


@dataclass(frozen=True, slots=True)
class Change:
    """One mutant: the module, and the lines before and after, without their margins."""

    module: str
    was: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutant by mutmut's name and what became of it."""

    name: str
    exit_code: int | None
    change: Change


def modules() -> list[str]:
    """Return the modules named in pyproject.toml."""
    found: list[str] = settings()["only_mutate"]
    return found


def main() -> int:
    """Print the table and every survivor; return what the command exits with."""
    equivalent = _equivalent()
    used: set[Change] = set()
    ok = True
    print(f"{'module':<48}{'mutants':>8}{'killed':>8}{'equivalent':>12}{'survived':>10}{'score':>8}")
    survivors: list[Mutant] = []
    for module in modules():
        counts: Counter[str] = Counter()
        for mutant in mutants_of(module):
            outcome = "killed" if mutant.exit_code in KILLED else "survived"
            if mutant.change in equivalent:
                outcome = "equivalent"
                used.add(mutant.change)
            elif outcome == "survived":
                survivors.append(mutant)
            counts[outcome] += 1
        ok &= _row(module, counts)
    _tell(survivors)
    stale = set(equivalent) - used
    for change in sorted(stale, key=lambda each: (each.module, each.was)):
        print(f"not a survivor any more, take it out of {EQUIVALENT.name}: {change}")
    return 0 if ok and not stale else 1


def mutants_of(module: str) -> Iterator[Mutant]:
    """Return the mutants of a module; raises FileNotFoundError when mutmut did not look at it."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    codes = json.loads((FOLDER / f"{module}.meta").read_text(encoding="utf-8"))["exit_code_by_key"]
    for name, code in codes.items():
        change = Change(module, "", "")
        # A busy machine may run out of time over an equivalent mutant: nothing noticed it all the same.
        if code not in KILLED or code in TIMED_OUT:
            was, becomes = _changed_lines(get_diff_for_mutant(name, path=Path(module)))
            change = Change(module, was, becomes)
        yield Mutant(name, code, change)


def _changed_lines(diff: str) -> tuple[str, str]:
    lines = [line for line in diff.splitlines() if not line.startswith(("+++", "---"))]
    was, becomes = ("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return was, becomes


def _row(module: str, counts: Counter[str]) -> bool:
    total = counts.total()
    noticed = counts["killed"] + counts["equivalent"]
    is_good = total > 0 and noticed * 100 >= total * BAR
    score = f"{noticed * 1000 // total / 10:.1f} %" if total else "none"
    print(
        f"{module.removeprefix('marketplace/'):<48}{total:>8}{counts['killed']:>8}{counts['equivalent']:>12}"
        f"{counts['survived']:>10}{score:>8}{'' if is_good else '  below ' + str(BAR) + ' %'}"
    )
    return is_good


def _tell(survivors: list[Mutant]) -> None:
    for mutant in survivors:
        print(f"\n{'not tried' if mutant.exit_code is None else 'survived'}: {mutant.name}")
        print(f"  - {mutant.change.was}\n  + {mutant.change.becomes}")


def _equivalent() -> dict[Change, str]:
    rows = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    without = [row for row in rows if not row.get("reason")]
    if without:
        raise SystemExit(f"say why in {EQUIVALENT.name}: {without}")
    return {Change(row["module"], row["was"], row["becomes"]): row["reason"] for row in rows}


def settings() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    return found


if __name__ == "__main__":
    sys.exit(main())
