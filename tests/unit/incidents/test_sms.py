"""Reports by text message: four languages, known and unknown places, every limit."""

import pytest

from marketplace.incidents.sms import Parsed, Place, SmsUnreadable, read_sms

PLACES = [
    Place("MS-1", ("MS-1", "Block C", "Simanjiro")),
    Place("MS-2", ("MS-2", "Playa Puerto Claver", "Nechí")),
    Place("MS-3", ("MS-3", "Block D", "Simanjiro")),
]


@pytest.mark.parametrize(
    ("text", "language"),
    [("REPORT", "en"), ("Ripoti", "sw"), ("TAARIFA", "sw"), ("Signaler", "fr"), ("reportar", "es"), ("Denuncia", "es")],
)
def test_the_first_word_tells_the_language(text: str, language: str) -> None:
    assert read_sms(f"{text} block c children dig", places=PLACES) == Parsed(
        language, "MS-1", "block c", "children dig"
    )


def test_a_name_of_several_words_is_found_whatever_its_accents() -> None:
    found = read_sms("REPORTAR playa  puerto claver: hay niños", places=PLACES)
    assert found == Parsed("es", "MS-2", "playa puerto claver", "hay niños")
    assert read_sms("REPORT Nechi children", places=PLACES).site == "MS-2"


def test_a_place_of_two_sites_names_none() -> None:
    assert read_sms("REPORT Simanjiro children", places=PLACES) == Parsed("en", "", "Simanjiro", "children")


def test_an_unknown_place_is_kept_as_it_was_typed() -> None:
    assert read_sms("REPORT Geita, children dig", places=PLACES) == Parsed("en", "", "Geita", "children dig")


@pytest.mark.parametrize("text", ["", "hello there all", "REPORT", "REPORT Geita", "REPORT Geita four"])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(SmsUnreadable) as refused:
        read_sms(text, places=PLACES)
    assert refused.value.language == "en"


def test_five_letters_are_enough() -> None:
    assert read_sms("REPORT Geita fight", places=PLACES).words == "fight"


def test_three_hundred_and_six_letters_fit_and_one_more_does_not() -> None:
    text = "RIPOTI Geita " + "a" * (306 - 13)
    assert read_sms(text, places=PLACES).language == "sw"
    with pytest.raises(SmsUnreadable) as refused:
        read_sms(text + "a", places=PLACES)
    assert refused.value.language == "sw"
