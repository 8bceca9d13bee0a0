"""The file of retention: read whole, or refused with every mistake named."""

from datetime import timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from config.retention import CLASSES, SHIPPED_RETENTION
from config.settings import Settings, SettingsError

ROW = """
    [[class]]
    class = "{name}"
    days = {days}
    counts_from = "{start}"
    reason = "House rule"
    evidence = "read"
"""


def rows(*names: str, days: int = 1826, start: str = "entry") -> str:
    return "".join(ROW.format(name=name, days=days, start=start) for name in names)


def settings(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "retention.toml"
    file.write_text(dedent(text))
    return Settings.from_environment({"ENVIRONMENT": "test", "RETENTION_FILE": str(file)})


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings(tmp_path, text)
    return str(refused.value)


def test_the_shipped_file_has_every_class_with_its_reason() -> None:
    found = Settings.from_environment({"ENVIRONMENT": "test"}).retention_file

    assert found.path == SHIPPED_RETENTION
    assert [(each.name, each.days, each.from_quiet) for each in found.periods] == [
        ("trace", 365, False), ("access", 730, False), ("account", 1095, True), ("trade", 1826, True),
        ("money", 3653, True), ("house", 3653, False),
    ]  # fmt: skip
    assert all(len(each.reason) > 20 for each in found.periods)


def test_the_classes_come_in_their_order_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    found = settings(tmp_path, rows(*reversed(CLASSES), start="quiet")).retention_file

    assert tuple(each.name for each in found.periods) == CLASSES
    assert {each.length for each in found.periods} == {timedelta(days=1826)}
    assert all(each.from_quiet for each in found.periods)


def test_a_forgotten_class_and_one_told_twice_are_named(tmp_path: Path) -> None:
    complaint = refusal(tmp_path, rows(*CLASSES[1:], "money"))

    assert "class trace has 0 rows; it needs one" in complaint
    assert "class money has 2 rows; it needs one" in complaint


def test_money_is_kept_as_long_as_the_law_wants(tmp_path: Path) -> None:
    rest = tuple(name for name in CLASSES if name != "money")

    assert settings(tmp_path, rows(*rest, days=1) + rows("money", days=1826))
    complaint = refusal(tmp_path, rows(*rest, days=1) + rows("money", days=1825))
    assert "days must be a whole number from 1826 to 36525" in complaint
    assert "from 1 to 36525" in refusal(tmp_path, rows("trace", days=0) + rows(*CLASSES[1:]))


def test_every_mistake_is_named(tmp_path: Path) -> None:
    complaint = refusal(tmp_path, ROW.format(name="gossip", days=-1, start="birth") + "word = 1")

    for part in ("class is 'gossip'", "days must be", "counts_from is 'birth'", "word"):
        assert part in complaint
    assert "is not a TOML file" in refusal(tmp_path, "[[class")
    assert "it is too large" in refusal(tmp_path, "#" * 100_001)
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.from_environment({"ENVIRONMENT": "test", "RETENTION_FILE": str(tmp_path / "nothing.toml")})
