"""Text messages: whole in every language, and never longer than one message."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from marketplace.core.money import DISPLAY_DECIMALS, EXPONENT, Money
from marketplace.core.sms import LONGEST, gsm_length, is_gsm, sms_safe
from marketplace.incidents.services.reports import new_secret
from marketplace.notifications.short_texts import CATALOGUES, LANGUAGES, TEMPLATES, render_text, say
from marketplace.pricing.daily_text import FINENESSES, LONGEST_SOURCE, DayPrice, daily_text
from marketplace.web.public.currencies import CHOICES
from marketplace.webhooks import sms
from tests.architecture.tree import python_files, syntax

PLACEHOLDER = re.compile(r"%\([a-z0-9]+\)s")


def marked() -> Iterator[str]:
    """Yield every sentence marked with S_ anywhere in the program."""
    for path in python_files("marketplace"):
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "S_":
                yield ast.literal_eval(node.args[0])


def catalogue(language: str) -> Catalog:
    """Return the catalogue of text messages in a language."""
    with (CATALOGUES / language / "LC_MESSAGES" / "texts.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_sentence_is_translated_with_its_placeholders(language: str) -> None:
    found = {str(message.id): message for message in catalogue(language) if message.id}
    sentences = set(marked())

    assert len(sentences) >= 5
    assert set(found) == sentences
    for sentence, message in found.items():
        assert not message.fuzzy
        assert str(message.string).strip() == message.string != ""
        assert message.string != sentence
        assert sorted(PLACEHOLDER.findall(str(message.string))) == sorted(PLACEHOLDER.findall(sentence))


@pytest.mark.parametrize("language", ["sw", "fr", "es"])
def test_a_catalogue_says_who_made_it(language: str) -> None:
    assert "Made by a machine. A native speaker has not reviewed" in catalogue(language).header_comment


def longest_price(currency: str, day: date, *, stale: bool) -> DayPrice:
    """Return the price whose text is longest: nine and a half million, or 99,999.99 where cents are shown."""
    digits = 7 if DISPLAY_DECIMALS[currency] == 0 else 5
    minor = 10 ** (digits + EXPONENT[currency]) - 1
    if DISPLAY_DECIMALS[currency] == 0:
        minor -= minor % 10 ** EXPONENT[currency]
    sources = ("Some agency of the metals, daily", "European Central Bank, and more")
    per_gram = dict.fromkeys(FINENESSES, Money(minor, currency))
    return DayPrice(currency, per_gram, day, 14, stale=stale, too_old=False, sources=sources)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_price_of_the_day_fits_one_message_in_every_currency(language: str) -> None:
    for currency, month, stale in product(CHOICES, range(1, 13), (False, True)):
        price = longest_price(currency, date(2026, month, 28), stale=stale)
        text = daily_text(price, currency=currency, language=language, say=lambda words: say(words, language=language))

        assert is_gsm(text)
        assert "?" not in text
        assert gsm_length(text) <= LONGEST, text
    assert LONGEST_SOURCE == 35


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_other_text_fits_one_message(language: str) -> None:
    old = DayPrice("TZS", {}, date(2025, 1, 1), 9999, stale=True, too_old=True, sources=())
    texts = [
        render_text("price_text_code", {"token": "888888"}, language=language),
        daily_text(old, currency="TZS", language=language, say=lambda words: say(words, language=language)),
        daily_text(None, currency="TZS", language=language, say=lambda words: say(words, language=language)),
    ]

    assert set(TEMPLATES) == {"price_text_code", "price_of_the_day"}
    assert all(is_gsm(text) and gsm_length(text) <= LONGEST for text in texts)
    assert "888888" in texts[0]
    assert "9999" in texts[1]
    assert "TZS" in texts[2]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words", [sms.RECEIVED, sms.WHERE, sms.AGAIN, sms.HOW], ids=["received", "where", "again", "how"]
)
def test_the_answer_to_a_report_fits_one_message(language: str, words: str) -> None:
    longest = {"code": "RP-ABCDEFGH", "secret": new_secret(), "site": "marketplace.example.org"}
    text = sms_safe(say(words, language=language) % longest)

    assert is_gsm(text)
    assert gsm_length(text) <= LONGEST, text
    assert "report/case" in text or words in (sms.AGAIN, sms.HOW)


def test_a_finished_text_passes_unchanged_but_for_its_letters() -> None:
    assert render_text("price_of_the_day", {"text": "Or, 29 août"}, language="fr") == "Or, 29 aout"


def test_a_language_without_a_catalogue_speaks_english() -> None:
    assert say("No price today. The newest rate is %(days)s days old.", language="../fr").startswith("No price")
    assert say("No price today. The newest rate is %(days)s days old.", language="fr").startswith("Pas de prix")


def test_a_parameter_that_is_missing_is_an_error_and_no_gap() -> None:
    with pytest.raises(KeyError):
        render_text("price_text_code", {}, language="en")
