"""Every text a person reads can be collected for translation."""

from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[3]
METHODS = [
    ("marketplace/**.py", "python"),
    ("marketplace/**/templates/**.html", "jinja2"),
    ("marketplace/**/templates/**.txt", "jinja2"),
]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "N_": None, "translate": None}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every message with the file it came from."""
    found = extract_from_dir(ROOT, METHODS, keywords=KEYWORDS, comment_tags=())
    return {message if isinstance(message, str) else message[0]: name for name, _line, message, _notes, _ctx in found}


def test_texts_of_pages_letters_and_rules_are_found(texts: dict[str, str]) -> None:
    assert "Skip to the main content" in texts
    assert "You may not do this with your role." in texts
    assert len(texts) > 300


def test_no_text_is_built_by_a_format_string(texts: dict[str, str]) -> None:
    assert [text for text in texts if "{}" in text or "{0}" in text] == []


def test_a_plain_word_outside_gettext_is_not_found(texts: dict[str, str]) -> None:
    assert "marketplace_app" not in texts
