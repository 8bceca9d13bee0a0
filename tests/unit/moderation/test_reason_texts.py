"""Every reason is told in four languages: the fact, the rule, how to mend it."""

import csv

import pytest

from marketplace.moderation.reason_texts import FACT, LANGUAGES, MEND, RULE, RULES, SOURCE, ReasonWords, words_of
from marketplace.moderation.reasons import BY_CODE, REASONS, Reason


def rows() -> list[dict[str, str]]:
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS, ids=lambda each: each.code)
def test_every_reason_is_told_in_whole_sentences(reason: Reason, language: str) -> None:
    words = words_of(reason, language=language)
    assert all(part.strip() == part and part.endswith(".") for part in words)


def test_the_file_holds_what_is_told_and_no_more() -> None:
    wanted = {(code, part) for code in BY_CODE for part in (FACT, MEND)} | {(rule, RULE) for rule in RULES.values()}
    found = [(row["code"], row["part"]) for row in rows()]
    assert sorted(found) == sorted(wanted)
    assert set(RULES) == set(BY_CODE)


def test_the_four_languages_are_not_the_same_text() -> None:
    for row in rows():
        assert len({row[language] for language in LANGUAGES}) == 4, row["code"]


def test_the_english_way_to_mend_is_what_reviewers_choose() -> None:
    assert {code: words_of(reason, language="en").mend for code, reason in BY_CODE.items()} == {
        code: reason.text for code, reason in BY_CODE.items()
    }


def test_sentences_in_swahili_follow_each_other() -> None:
    words = words_of(BY_CODE["PHOTO_PEOPLE"], language="sw")
    assert words.sentences == (
        "Uso wa mtu unatambulika kwenye picha. "
        "Wanunuzi lazima waone bidhaa zilivyo, katika picha wazi za kila upande. "
        "Usionyeshe nyuso za watu kwenye picha."
    )


def test_a_language_we_do_not_write_is_english() -> None:
    assert words_of(BY_CODE["TAG_USED"], language="de") == words_of(BY_CODE["TAG_USED"], language="en")


def test_a_reason_that_was_retired_keeps_its_stored_text() -> None:
    words = words_of(Reason("OLD", "Clean the stone.", "photos"), language="fr")
    assert words == ReasonWords("", "", "Clean the stone.")
    assert words.sentences == "Clean the stone."
