"""How near names are, what birth years and countries change, and the measured floors on the shipped pairs."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import screening as benchmark
from marketplace.screening.entries import Entry, EntryKind, Name, NameKind
from marketplace.screening.matching import HIT, STRONG, Agreement, Subject, compare, evidence, likeness, word_likeness
from marketplace.screening.names import Party, made_word

PERSON, COMPANY = Party.PERSON, Party.COMPANY
AGREES, DIFFERS, UNKNOWN = Agreement.AGREES, Agreement.DIFFERS, Agreement.UNKNOWN


def listed(
    *names: str, kind: EntryKind = EntryKind.PERSON, births: tuple[str, ...] = (), countries: tuple[str, ...] = (),
    quality: NameKind = NameKind.PRIMARY,
) -> Entry:  # fmt: skip
    return Entry("1", kind, tuple(Name(name, quality) for name in names), births, countries)


def person(*names: str, born: int | None = None, countries: tuple[str, ...] = ()) -> Subject:
    return Subject(PERSON, names, born, countries)


def test_the_shipped_pairs_are_many_and_the_floors_hold() -> None:
    result = benchmark.measured()
    assert len(result.pairs) >= 150
    assert sum(pair.same for pair in result.pairs) >= 75
    assert result.recall >= benchmark.RECALL_FLOOR >= 0.95
    assert result.precision >= benchmark.PRECISION_FLOOR >= 0.90


def test_the_same_pairs_are_found_from_both_sides() -> None:
    for pair in benchmark.read_pairs():
        assert likeness(pair.left, pair.right, pair.party) == likeness(pair.right, pair.left, pair.party), pair


@pytest.mark.parametrize(
    ("left", "right", "score"),
    [
        ("Davor Krasnov", "Davor Krasnov", 1000),
        ("Davor Ilyich Krasnov", "Davor Krasnov", 940),  # one middle name of one side: 1000 - 60
        ("Davor Ilyich Ivan Krasnov", "Davor Krasnov", 880),  # two of them: 1000 - 120
        ("Davor Ilyich Krasnov", "Davor Petar Krasnov", 750),  # one of each: 1000 - 250
        ("J. Kabanga", "Joseph Kabanga", 966),  # (100 x 1000 + 50 x 900) / 150 = 966
        ("P. Kabanga", "Joseph Kabanga", 0),
        ("Joseph Kabanga", "Joseph Okello", 0),
        ("Davor Krasnov", "Davor", 0),
        ("Davor", "Davor", 1000),
        ("Davor", "Petar", 0),
        ("J. K. Mwangi", "J. K. Otieno", 0),
        ("Xiaoming Wang", "Wang Xiao Ming", 980),
        ("", "Davor Krasnov", 0),
        ("...", "...", 0),
    ],
)
def test_people_are_compared_word_by_word(left: str, right: str, score: int) -> None:
    assert likeness(left, right, PERSON) == score


@pytest.mark.parametrize(
    ("left", "right", "score"),
    [
        ("Golden Heron SARL", "Golden Heron Ltd", 1000),
        ("Golden Heron Minerals", "Golden Heron", 963),  # a quarter of 150 less: 1000 - 37
        ("Golden Heron", "Golden Heron Star", 850),  # a whole word: 1000 - 150
        # one whole word each of their own, 300; a quarter of a word more on one side, 37
        ("Kivu Gold", "Kivu Copper", 1000 - (150 * 75 + 300 * 25) // 100),
        ("General Trading", "General Services", 1000 - 300),
    ],
)
def test_companies_are_compared_by_their_own_words(left: str, right: str, score: int) -> None:
    assert likeness(left, right, COMPANY) == score


def test_words_below_the_bar_are_other_words() -> None:
    assert word_likeness(made_word("hassan"), made_word("hussein")) == 0
    assert word_likeness(made_word("shevchenko"), made_word("chevtchenko")) >= 850
    assert word_likeness(made_word("a"), made_word("amina")) == 900
    assert word_likeness(made_word("b"), made_word("amina")) == 0
    # bones hsn and hsn are one; hsn has 3 of 8 letters less than hasan: (2 x 1000 + 750) / 3
    assert word_likeness(made_word("hsn", bare=True), made_word("hasan")) == 916
    assert word_likeness(made_word("hsn", bare=True), made_word("salim")) == 0
    assert word_likeness(made_word("b", bare=True), made_word("ab")) == 0
    assert word_likeness(made_word("ib", bare=True), made_word("iab")) == 0


@pytest.mark.parametrize(
    ("birth", "country", "points"),
    [
        (UNKNOWN, UNKNOWN, 0),
        (AGREES, UNKNOWN, 40),
        (UNKNOWN, AGREES, 30),
        (AGREES, AGREES, 70),
        (DIFFERS, UNKNOWN, -80),
        (UNKNOWN, DIFFERS, -40),
        (DIFFERS, DIFFERS, -100),
        (DIFFERS, AGREES, -50),
        (AGREES, DIFFERS, 0),
    ],
)
def test_birth_and_country_raise_or_lower(birth: Agreement, country: Agreement, points: int) -> None:
    assert evidence(birth, country) == points


@pytest.mark.parametrize(
    ("born", "births", "agreement"),
    [
        (1962, ("1962-05-14",), AGREES),
        (1963, ("1962",), AGREES),
        (1961, ("1962",), AGREES),
        (1964, ("1962",), UNKNOWN),
        (1965, ("1962",), UNKNOWN),
        (1966, ("1962",), DIFFERS),
        (1958, ("1962",), DIFFERS),
        (1966, ("1962", "1966-01"), AGREES),
        (None, ("1962",), UNKNOWN),
        (1962, (), UNKNOWN),
    ],
)
def test_birth_years_agree_within_a_year_and_differ_beyond_three(
    born: int | None, births: tuple[str, ...], agreement: Agreement
) -> None:
    found = compare(person("Davor Krasnov", born=born), listed("Davor Krasnov", births=births))
    assert found is not None
    assert found.birth is agreement


def test_a_name_that_is_the_same_always_goes_to_a_person() -> None:
    found = compare(
        person("Davor Krasnov", born=1990, countries=("TZ",)),
        listed("Davor KRASNOV", births=("1950",), countries=("RU",)),
    )
    assert found is not None
    assert (found.score, found.name_score, found.birth, found.country) == (900, 1000, DIFFERS, DIFFERS)
    assert found.score >= HIT


def test_a_likeness_alone_is_not_enough_when_birth_and_country_differ() -> None:
    near, other = person("Davor Ilyich Krasnov", born=1990), listed("Davor Krasnov", births=("1950",))
    assert compare(person("Davor Ilyich Krasnov"), other) is not None
    assert compare(near, other) is not None  # 940 - 80 is HIT
    assert compare(near._replace(countries=("TZ",)), other._replace(countries=("RU",))) is None  # 940 - 100


def test_the_best_spelling_counts_and_weak_aliases_count_less() -> None:
    entry = Entry(
        "1",
        EntryKind.PERSON,
        (
            Name("Somebody Else", NameKind.PRIMARY),
            Name("Davor Krasnov", NameKind.WEAK),
            Name("Давор Краснов", NameKind.NATIVE),
        ),
    )
    found = compare(person("Nobody At All", "Davor Krasnov"), entry)
    assert found is not None
    assert (found.score, found.own_name, found.listed_name) == (1000, "Davor Krasnov", "Давор Краснов")
    weak = compare(person("Davor Krasnov"), listed("Davor Krasnov", quality=NameKind.WEAK))
    assert weak is not None
    assert weak.score == 960


def test_whom_a_name_is_compared_with() -> None:
    davor = person("Davor Krasnov")
    company = Subject(COMPANY, ("Davor Krasnov Trading",))
    assert compare(davor, listed("Davor Krasnov", kind=EntryKind.ENTITY)) is None
    assert compare(davor, listed("Davor Krasnov", kind=EntryKind.VESSEL)) is None
    assert compare(company, listed("Davor Krasnov")) is not None
    assert compare(company, listed("Davor Krasnov", kind=EntryKind.ENTITY)) is not None
    assert compare(company, listed("Davor Krasnov", kind=EntryKind.VESSEL)) is None
    assert compare(davor, listed("Somebody Else")) is None


def test_a_score_ends_at_a_thousand() -> None:
    found = compare(
        person("Davor Krasnov", born=1962, countries=("RU",)),
        listed("Davor Krasnov", births=("1962",), countries=("RU",)),
    )
    assert found is not None
    assert found.score == 1000 >= STRONG


NAMES = st.lists(
    st.sampled_from(["Davor", "Krasnov", "Mohamed", "Ali", "J.", "Wang", "حسن", "Heron", "Ltd"]), max_size=5
)


@given(NAMES, NAMES, st.sampled_from(Party))
def test_likeness_is_the_same_from_both_sides(left: list[str], right: list[str], party: Party) -> None:
    one, other = " ".join(left), " ".join(right)
    assert likeness(one, other, party) == likeness(other, one, party)
    assert 0 <= likeness(one, other, party) <= 1000


def test_an_order_of_words_changes_nothing() -> None:
    for first, second in product(["Davor Krasnov", "Krasnov Davor"], repeat=2):
        assert likeness(first, second, PERSON) == 1000
