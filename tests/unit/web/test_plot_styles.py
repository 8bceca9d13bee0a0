"""The style sheet of plots is small, speaks in the tokens of the design system, and is loaded where a plot is."""

import re

from tests.unit.web.conftest import WEB

CSS = (WEB / "static" / "plots.css").read_text(encoding="utf-8")
FACET = (WEB / "static" / "facet.css").read_text(encoding="utf-8")
PAGES = {path: path.read_text(encoding="utf-8") for path in (WEB / "templates").rglob("*.html")}


def test_the_style_sheet_of_plots_is_small() -> None:
    assert len(CSS.encode()) <= 1_500


def test_it_has_no_colour_of_its_own() -> None:
    tokens = set(re.findall(r"(--[\w-]+):", FACET))
    assert set(re.findall(r"var\((--[\w-]+)\)", CSS)) <= tokens
    assert not re.search(r"#[0-9a-fA-F]{3}|rgb|url\(|@import|--[\w-]+:", CSS)


def test_forced_colours_and_print_are_served() -> None:
    for condition in ("forced-colors:active", "@media print"):
        assert condition in CSS


def test_only_pages_with_a_plot_load_it_and_all_of_them_do() -> None:
    drawing = {path for path, text in PAGES.items() if re.search(r"\{\{ plot\(", text)}
    loading = {path for path, text in PAGES.items() if "{{ plot_styles() }}" in text}
    assert drawing
    assert drawing == loading
    for path in loading:
        assert re.search(r"\{% block head %\}\{\{ plot_styles\(\) \}\}\{% endblock %\}", PAGES[path]), path
    assert [path.name for path, text in PAGES.items() if "plots.css" in text] == ["plots.html"]


def test_every_class_of_the_drawing_is_styled() -> None:
    macros = PAGES[WEB / "templates" / "macros" / "plots.html"]
    for name in re.findall(r'class="(\w+)"', macros):
        assert f".{name}" in CSS + FACET
