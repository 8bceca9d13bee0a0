"""The design system keeps its promises: size, contrast, no foreign files."""

from __future__ import annotations

import re

import pytest

from tests.unit.web.conftest import WEB

CSS = (WEB / "static" / "facet.css").read_text(encoding="utf-8")
SCRIPT = (WEB / "static" / "app.js").read_text(encoding="utf-8")


def tokens(dark: bool) -> dict[str, str]:
    blocks = re.findall(r":root\{([^}]*)\}", CSS)
    light, night = blocks[0], blocks[1]
    return _colours(light) | (_colours(night) if dark else {})


def _colours(block: str) -> dict[str, str]:
    """Return each token's colour in six digits; CSS may write #fff."""
    found = re.findall(r"--([\w-]+):#([0-9a-f]{6}|[0-9a-f]{3})\b", block)
    return {
        name: "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits)) for name, digits in found
    }


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_largest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


# Words need 4.5 to 1; borders, marks and parts of a chart need 3 to 1 (WCAG 1.4.3 and 1.4.11).
WORDS = [
    ("ink", "paper"), ("ink", "card"), ("ink-2", "paper"), ("ink-2", "card"), ("act", "paper"), ("act", "card"),
    ("act-2", "paper"), ("on-act", "act"), ("on-act", "act-2"), ("card", "bad"), ("on-head", "head"),
    ("gold-ink", "paper"), ("good", "paper"), ("good", "card"), ("bad", "paper"), ("bad", "card"), ("good", "good-bg"),
    ("warn", "warn-bg"), ("bad", "bad-bg"), ("info", "info-bg"), ("ink", "good-bg"), ("ink", "warn-bg"),
    ("ink", "bad-bg"), ("ink", "info-bg"), ("on-focus", "focus"),
]  # fmt: skip
MARKS = [
    ("edge", "paper"), ("edge", "card"), ("gold", "paper"), ("head-gold", "head"),
    ("v1", "card"), ("v2", "card"), ("v3", "card"), ("v4", "card"),
]  # fmt: skip


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), WORDS)
def test_words_can_be_read_on_their_ground(words: str, ground: str, dark: bool) -> None:
    colours = tokens(dark)

    assert contrast(colours[words], colours[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_can_be_told_from_their_ground(mark: str, ground: str, dark: bool) -> None:
    colours = tokens(dark)

    assert contrast(colours[mark], colours[ground]) >= 3


def test_every_used_token_is_defined() -> None:
    defined = set(re.findall(r"(--[\w-]+):", CSS))

    assert set(re.findall(r"var\((--[\w-]+)\)", CSS)) <= defined


def test_the_style_sheet_and_the_script_are_small() -> None:
    assert len(CSS.encode()) < 15_000
    assert len(SCRIPT.encode()) < 6 * 1024


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert not re.search(r"https?://", CSS.replace("a[href^=http]", "") + SCRIPT)


def test_dark_forced_colours_print_and_still_readers_are_served() -> None:
    for condition in ("prefers-color-scheme:dark", "forced-colors:active", "@media print", "prefers-reduced-motion"):
        assert condition in CSS


def test_controls_are_tall_enough_for_a_thumb() -> None:
    assert re.search(r"\.button,button\{[^}]*min-height:48px", CSS)
    assert re.search(r"input,select,textarea\{[^}]*min-height:48px", CSS)
