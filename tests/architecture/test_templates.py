"""Templates obey the content security policy and leave texts to the catalogues."""

import re

from tests.architecture.tree import name_of, templates

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
INLINE = {
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script without a source": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "a script address": re.compile(r"(?:href|src|action)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "another machine's file": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*\s(?:src|href)\s*=\s*[\"']https?:", re.IGNORECASE
    ),
}
# Letters are read by mail programs, which know no style sheets and have no policy of ours.
LETTERS = "notifications/templates/"


def inline_parts(text: str) -> list[str]:
    """Return what the policy would refuse in a page."""
    page = COMMENT.sub("", text)
    return [what for what, pattern in INLINE.items() if pattern.search(page)]


def test_no_template_carries_inline_style_or_script() -> None:
    pages = [path for path in templates() if LETTERS not in name_of(path)]
    found = {name_of(path): parts for path in pages if (parts := inline_parts(path.read_text(encoding="utf-8")))}

    assert found == {}


def test_the_check_finds_what_it_looks_for() -> None:
    assert inline_parts('<p style="color: red">') == ["a style attribute"]
    assert inline_parts("<button onclick=pay()>") == ["an event attribute"]
    assert inline_parts("<script>pay()</script>") == ["a script without a source"]
    assert inline_parts("<style>p{}</style>") == ["a style element"]
    assert inline_parts('<a href="javascript:pay()">') == ["a script address"]
    assert inline_parts('<img src="https://cdn.example/x.png">') == ["another machine's file"]
    assert inline_parts('<script src="/static/app.js" defer></script><p class="style">online = yes</p>') == []
