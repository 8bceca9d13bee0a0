"""Names taken apart: which words are left, how much they count, and what sounds they have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.screening.blocking import MOST_KEYS, keys_of_entry, keys_of_name
from marketplace.screening.names import (
    INITIAL,
    LONGEST,
    MOST_WORDS,
    TRADE,
    WHOLE,
    Party,
    fold,
    key_of,
    made_word,
    read_name,
)
from marketplace.screening.native import is_native, is_vowelless

PERSON, COMPANY = Party.PERSON, Party.COMPANY


def words(text: str, party: Party = PERSON) -> list[str]:
    return [word.text for word in read_name(text, party).words]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dr. Jabari Omari Ngowi", ["jabar", "umar", "nguv"]),
        ("Abd al-Rahman Qureshi", ["abdrahman", "kurish"]),
        ("Abdurrahman Qureshi", ["abdrahman", "kurish"]),
        ("Abdul", ["abdul"]),
        ("Abu Bakr Sesay", ["abubakar", "sisai"]),
        ("Sesay Abu", ["sisai", "abu"]),
        ("Ahmed Al-Rashid", ["ahmad", "rashid"]),
        ("Ahmed Alrashid", ["ahmad", "rashid"]),
        ("Alvaro", ["alvar"]),
        ("O’Rourke", ["ururk"]),
        ("محمد حسن", ["muhamad", "hsn"]),
        ("عبد الرحمن", ["abdrhmn"]),
        ("فاطمة الزهراء", ["ftm", "shr"]),
        ("王小明", ["vang", "ksiau", "ming"]),
        ("김정은", ["gim", "jiung", "iun"]),
        ("Владимир", ["vladimir"]),
        ("Łukasz", ["lukas"]),
        ("J.-C. Kabanga", ["j", "k", "kabanga"]),
        ("---", []),
        ("", []),
    ],
)
def test_a_persons_name_is_taken_apart(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Golden Heron Minerals S.A.R.L.", [("guldin", WHOLE), ("hirun", WHOLE), ("minirals", TRADE)]),
        ("A.B.C. Topaz Ltd", [("abk", WHOLE), ("tupas", WHOLE)]),
        ("General Trading LLC", [("giniral", WHOLE), ("trading", WHOLE)]),
        ("Mama J", [("mama", WHOLE), ("j", WHOLE)]),
        ("The Company Ltd", [("ti", WHOLE), ("kumpan", WHOLE), ("ltd", WHOLE)]),
    ],
)
def test_a_companys_name_is_weighed(text: str, found: list[tuple[str, int]]) -> None:
    assert [(word.text, word.weight) for word in read_name(text, COMPANY).words] == found


def test_an_initial_counts_half_and_a_title_nothing() -> None:
    assert [word.weight for word in read_name("Mzee J. Kabanga", PERSON).words] == [INITIAL, WHOLE]
    assert read_name("Mzee J. Kabanga", PERSON).joined == ("msi", "j", "kabanga")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("shcherbakov", "schtscherbakow"),
        ("shevchenko", "schewtschenko"),
        ("krasnov", "krasnoff"),
        ("jdanovitch", "zhdanovich"),
        ("khamis", "hamisi"),
        ("souleymane", "suleiman"),
        ("mueller", "muller"),
        ("christopher", "kristofer"),
        ("mohammed", "muhamad"),
        ("mohd", "mohamadou"),
        ("fatimah", "fatuma"),
        ("velasquez", "velazquez"),
        ("dhahab", "dahab"),
        ("x", "k"),
    ],
)
def test_habits_of_spelling_are_one(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("hassan", "hussein"), ("mahmoud", "mohammed"), ("ahmed", "hamid"), ("li", "lu"), ("wei", "wen")],
)
def test_other_names_stay_others(left: str, right: str) -> None:
    assert fold(left) != fold(right)


def test_sounds_are_rough() -> None:
    assert key_of(made_word("shevchenko")) == key_of(made_word("chevtchenko")) == "3137"
    assert key_of(made_word("hassan")) == "37"
    assert key_of(made_word("oui")) == "ui"
    assert key_of(made_word("bramantidikul")) == "1674"


def test_the_search_looks_for_words_neighbours_and_initials() -> None:
    assert keys_of_name("Wang Xiaoming", PERSON) == (["172", "2372", "1723", "=v", "=k"], 2)
    assert keys_of_name("Wang", PERSON) == (["172", "=v"], 1)
    assert keys_of_name("", PERSON) == ([], 1)
    assert keys_of_entry(["J. Kabanga", "Kabanga"], PERSON) == ["2172", "3217", "=j"]
    both = keys_of_entry(["مروان"], PERSON)
    assert {key_of(made_word("mruan", bare=True)), key_of(made_word("marwan"))} <= {*both}
    many = [f"{first}{vowel}b{last}a" for first in "bdklmrs" for vowel in "aiu" for last in "dklmrs"]
    assert len(keys_of_entry(many, PERSON)) <= MOST_KEYS
    assert keys_of_name("General Trading Heron", COMPANY)[1] == 1


def test_limits_of_a_name() -> None:
    assert len(read_name("Ada " * 100, PERSON).words) == MOST_WORDS
    assert words("a" * LONGEST + "b") == ["a"]


def test_scripts_are_known() -> None:
    assert is_native("Милорад")
    assert is_native("Ada Милорад")
    assert not is_native("Łukasz Müller-Ñ’ʼ")
    assert not is_native("123 -")
    assert is_vowelless("محمد")
    assert is_vowelless("כהן")
    assert not is_vowelless("Ada")
    assert not is_vowelless("12")


@given(st.text(max_size=60), st.sampled_from(Party))
def test_any_text_is_read_and_looked_for(text: str, party: Party) -> None:
    reading = read_name(text, party)
    assert len(reading.words) <= MOST_WORDS
    assert all(word.text and word.weight in (WHOLE, INITIAL, TRADE) for word in reading.words)
    found = keys_of_entry([text], party)
    wanted, needed = keys_of_name(text, party)
    assert needed in (1, 2)
    assert {key for key in wanted if not key.startswith("=")} == {key for key in found if not key.startswith("=")}
