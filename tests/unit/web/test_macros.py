"""Macros write valid pages, tie messages to fields, and let nothing hostile through."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from marketplace.web.styleguide import sample
from tests.unit.web.conftest import WEB

HOSTILE = '<script>alert(1)</script>"\' onfocus=alert(1) broken="'
Show = Callable[..., str]
ERRORS = sorted(path.name for path in (WEB / "templates" / "errors").glob("*.html"))


def parsed(html: str) -> Element:
    """Read a whole page as strictly as a validator would."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def fragment(html: str) -> Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(html)


def by_id(root: Element, identity: str) -> Element:
    found = root.find(f".//*[@id='{identity}']")
    assert found is not None
    return found


@pytest.mark.parametrize("language", ["en", "sw", "fr", "es"])
def test_the_style_guide_is_a_valid_page_in_every_language(page: Show, language: str) -> None:
    tree = parsed(page("pages/styleguide.html", language=language, guide=sample("/photo.jpg")))

    assert tree.get("lang") == language
    identities = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(identities) == len(set(identities))


def test_every_link_of_the_error_summary_reaches_a_control(page: Show) -> None:
    tree = parsed(page("pages/styleguide.html", guide=sample()))

    links = [link.get("href", "") for link in tree.findall(".//div[@role='alert']//a")]

    assert links
    assert all(by_id(tree, link.removeprefix("#")).tag in ("input", "select", "textarea") for link in links)


def test_a_refused_field_keeps_its_value_and_names_its_message(show: Show) -> None:
    field = fragment(
        show("{{ forms.text_field('phone', 'Phone', {'phone': '07x'}, {'phone': 'Digits only.'}, hint='With 255') }}")
    ).find(".//input")

    assert field is not None
    assert (field.get("value"), field.get("aria-invalid"), field.get("aria-describedby")) == (
        "07x",
        "true",
        "h-phone e-phone",
    )


def test_a_password_is_never_written_back(show: Show) -> None:
    assert "secret" not in show("{{ forms.text_field('p', 'Password', {'p': 'secret'}, type='password') }}")


def test_a_form_carries_its_token_and_key_and_a_search_carries_neither(show: Show) -> None:
    posted, searched = (
        show("{{ forms.form_start('/a') }}</form>"),
        show("{{ forms.form_start('/a', method='get') }}</form>"),
    )

    assert "csrf-of-this-test" in posted
    assert "key-of-this-test" in posted
    assert "hidden" not in searched


@pytest.mark.parametrize(
    "source",
    [
        "{{ forms.text_field('a', bad, {'a': bad}, {'a': bad}, hint=bad, attrs={'maxlength': bad}) }}",
        "{{ forms.textarea('a', bad, {'a': bad}, {'a': bad}, hint=bad) }}",
        "{{ forms.unit_input('a', bad, [(bad, bad), ('g', 'g')], {'a': bad}, {'a': bad}, hint=bad) }}",
        "{{ forms.select('a', bad, [(bad, bad)], {'a': bad}, {'a': bad}) }}",
        "{{ forms.choice_cards('a', bad, [{'value': bad, 'label': bad, 'hint': bad}], {'a': bad}, {'a': bad}) }}",
        "{{ forms.checkboxes('a', bad, [(bad, bad)], chosen=[bad], errors={'a': bad}) }}",
        "{{ forms.file_field('a', bad, {'a': bad}, current={'url': bad, 'alt': bad}, shrink=True) }}",
        "{{ forms.error_summary({'a': bad, '': bad}) }}",
        "{{ show.facts([{'term': bad, 'value': bad, 'how': bad, 'change': bad}]) }}",
        "{{ show.table([{'key': 'a', 'label': bad}], [{'a': bad}], caption=bad) }}",
        "{{ show.note('info', bad, title=bad) }}{{ show.tag(bad) }}{{ show.stat(bad, bad, bad) }}",
        "{{ show.timeline([{'title': bad, 'state': 'now', 'meta': bad, 'body': bad, 'href': bad}]) }}",
        "{{ show.diff([{'label': bad, 'before': bad, 'after': 'b'}]) }}{{ show.breadcrumb([(bad, bad)]) }}",
        "{{ show.gallery([{'url': bad, 'alt': bad, 'full': bad}]) }}{{ show.pager(bad, bad, bad, bad) }}",
        "{{ show.value_bar([{'label': bad, 'amount': one, 'payee': 'x'}], one) }}",
        "{{ show.lot_card({'href': bad, 'title': bad, 'place': bad, 'price': one, 'photo': photo}) }}",
    ],
)
def test_hostile_words_stay_words(show: Show, source: str) -> None:
    tree = fragment(show(source, bad=HOSTILE, one=sample()["price"], photo={"url": HOSTILE, "alt": HOSTILE}))

    assert tree.find(".//script") is None
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith("on") or name == "broken"]


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_page_is_valid_and_says_what_to_do(page: Show, name: str) -> None:
    tree = parsed(page(f"errors/{name}", request_id="7F3K-92QD"))

    assert len(tree.findall(".//main//h1")) == 1
    assert tree.findall(".//main//li")
    assert "7F3K-92QD" in "".join(tree.itertext())


def test_an_error_page_tells_the_reason_it_was_given(page: Show) -> None:
    html = page("errors/422.html", detail="Nothing was saved.", errors={"a": "Write a weight."})

    assert "Nothing was saved." in html
    assert "Write a weight." in html


@pytest.mark.parametrize("name", ["help", "accessibility"])
def test_pages_to_read_are_valid(page: Show, name: str) -> None:
    contact: dict[str, Any] = {"email": "help@example.org", "phone": "+255700000000"}

    assert parsed(page(f"pages/{name}.html", path=f"/{name}", contact=contact)).find(".//h1") is not None


def test_the_place_we_are_in_is_marked(page: Show) -> None:
    html = page("errors/404.html", path="/lots/7")

    assert re.search(r'href="/lots" aria-current="true"', html)
    assert html.count("aria-current") == 2  # the place and the language


def test_the_rows_of_a_split_show_every_amount_and_the_whole(show: Show) -> None:
    html = show("{{ show.value_bar(g.split, g.price) }}", g=sample())

    assert re.findall(r"US\$[\d,.]+", html) == ["US$970.00", "US$97.00", "US$83.00", "US$90.00", "US$1,240.00"]
