"""config/example.env tells of every setting, with its true default."""

import re
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

from config.settings import Settings

EXAMPLE = Path(__file__).parents[3] / "config" / "example.env"
DERIVED = ("FILES_DIR", "MAIL_DIR", "SMS_DIR", "DATABASE_URL", "BASE_URL", "DATA_DIR")
LINE = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$")


def documented(text: str) -> dict[str, str]:
    """Return the settings a file in the manner of example.env names, each with the value shown."""
    return {found[1]: found[2] for line in text.splitlines() if (found := LINE.match(line))}


def test_every_setting_is_documented_and_nothing_else() -> None:
    names = {field.name.upper() for field in fields(Settings)}

    assert set(documented(EXAMPLE.read_text(encoding="utf-8"))) == names


def test_every_documented_default_is_the_default() -> None:
    shown = {
        name: value
        for name, value in documented(EXAMPLE.read_text(encoding="utf-8")).items()
        if value and name not in (*DERIVED, "ENVIRONMENT")
    }

    assert Settings.from_environment({"ENVIRONMENT": "test", **shown}) == Settings.from_environment(
        {"ENVIRONMENT": "test"}
    )


def test_every_setting_has_an_explanation_above_it() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    bare = [line for before, line in pairwise(lines) if LINE.match(line) and not before.strip()]

    assert bare == []


def test_a_setting_left_out_would_be_found() -> None:
    assert documented("# words\n#PORT=8000\nHOST=x") == {"PORT": "8000", "HOST": "x"}
