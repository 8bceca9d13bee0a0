"""The file of rate sources: read whole, or refused with every problem and its place."""

from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from config.rate_sources import SourceDescription
from config.rates import SHIPPED_SOURCES
from config.settings import Settings, SettingsError

GOOD = """
    [[source]]
    code = "refiner"
    adapter = "csv"
    address = "https://rates.example/daily.csv"
    source = "Refiner"
    licence = "by agreement"
    priority = 5
    jump_limit = 0.08
    key_header = "X-Api-Key"
    key_variable = "RATE_KEY_REFINER"
    currency_field = "ccy"
    currency = "USD"
    series = [
      { pair = "XAU/USD", code = "XAU/USD:REF", name = "Gold", unit = "USD per g", field = ["pm", "am"], least = 500 },
      { pair = "USD/TZS", name = "Shilling", priority = 1, jump_limit = 0.1 },
    ]
"""


def settings(tmp_path: Path, text: str = GOOD, **environment: str) -> Settings:
    file = tmp_path / "sources.toml"
    file.write_text(dedent(text))
    names = {"ENVIRONMENT": "test", "RATE_SOURCES_FILE": str(file), "RATE_HOSTS": "rates.example 127.0.0.1:8100"}
    return Settings.from_environment({**names, **environment})


def refusal(tmp_path: Path, text: str = GOOD, **environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text, **environment)
    return str(caught.value)


def only(found: Settings) -> SourceDescription:
    (described,) = found.rate_sources_file.described
    return described


def test_the_shipped_sources_cover_every_shipped_series() -> None:
    found = Settings.from_environment({"ENVIRONMENT": "test"})

    assert not found.rate_fetch
    assert found.rate_sources_file.path == SHIPPED_SOURCES
    shipped = (SHIPPED_SOURCES.parents[1] / "marketplace/data/rates/series.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in shipped.splitlines()[1:]]
    described = {each.code: each for source in found.rate_sources_file.described for each in source.series}
    assert sorted(described) == sorted(row[0] for row in rows)
    assert {code: each.jump_limit for code, each in described.items()} == {row[0]: Decimal(row[-1]) for row in rows}


def test_the_examples_in_the_shipped_file_work_once_their_marks_are_removed(tmp_path: Path) -> None:
    lines = SHIPPED_SOURCES.read_text(encoding="utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if line == "# [[source]]")
    kept = [
        line.removeprefix("# ") for line in lines[first:] if line.startswith(("# [[", "# ]", "#   {")) or " = " in line
    ]
    found = settings(
        tmp_path, "\n".join(kept), RATE_HOSTS="prices.refiner.example api.metals.example", RATE_KEY_METALS="k"
    )
    assert [each.code for each in found.rate_sources_file.described] == ["lbma-gold", "refiner", "metals-service"]
    lbma = found.rate_sources_file.described[0].series[0]
    assert (lbma.code, lbma.priority, lbma.fields) == ("XAU/USD:LBMA", 10, ("USD PM", "USD AM"))


def test_a_series_takes_over_from_its_source_what_it_does_not_say(tmp_path: Path) -> None:
    described = only(settings(tmp_path, RATE_KEY_REFINER="secret"))
    gold, shilling = described.series

    assert (gold.code, gold.priority, gold.jump_limit, gold.quoted) == ("XAU/USD:REF", 5, Decimal("0.08"), "USD per g")
    assert (gold.unit, gold.fields, gold.least, gold.most) == ("USD per troy ounce", ("pm", "am"), 500, None)
    assert (shilling.code, shilling.priority, shilling.jump_limit) == ("USD/TZS", 1, Decimal("0.1"))
    assert (shilling.unit, shilling.quoted, shilling.fields) == ("TZS per USD", "TZS per USD", ("value",))
    assert (described.every_minutes, described.checks, described.key) == (360, (("ccy", "USD"),), "secret")
    assert "secret" not in repr(described)


def test_production_fetches_and_needs_its_keys_anything_else_does_not(tmp_path: Path) -> None:
    assert only(settings(tmp_path)).key == ""
    assert "RATE_KEY_REFINER must hold the key" in refusal(tmp_path, RATE_FETCH="yes")
    assert "RATE_KEY_REFINER must hold the key" in refusal(tmp_path, ENVIRONMENT="production")
    assert "RATE_KEY_REFINER must hold the key" in refusal(tmp_path, RATE_KEY_REFINER="two\nlines")
    assert "RATE_FETCH_LOOPBACK" in refusal(tmp_path, ENVIRONMENT="production", RATE_FETCH_LOOPBACK="yes")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"csv"', '"excel"', "adapter is 'excel'; it must be one of: ecb-xml, currency-api, lbma-csv, csv, json"),
        ('code = "refiner"', "", "source 1 (without a code): code is missing"),
        ('"refiner"', '"Re finer"', "code must be of small letters"),
        ('source = "Refiner"', "", "source is missing"),
        ('licence = "by agreement"', "licence = 7", "licence must be a text between quotes"),
        ("https://", "http://", "address: the address must begin with https://"),
        ("https://rates.example", "https://other.example", "address: other.example is not in the list of hosts (RATE"),
        ('currency = "USD"', "", "currency_field and currency belong together"),
        ('"RATE_KEY_REFINER"', '"the key"', "key_header names a header and key_variable"),
        ("priority = 5", "priority = 1001", "series 1: priority must be a whole number from 0 to 1000"),
        ("priority = 5", "priority = true", "series 1: priority must be a whole number from 0 to 1000"),
        ("jump_limit = 0.08", "jump_limit = 0", "series 1: jump_limit must be a number above zero and at most 1"),
        ("jump_limit = 0.08", "jump_limit = 1.01", "jump_limit must be a number above zero and at most 1"),
        ("jump_limit = 0.08", "jump_limit = nan", "jump_limit must be a number above zero and at most 1"),
        ("priority = 5", "priorty = 5", "priorty is not a field here"),
        ("least = 500", "leest = 500", "series 1: leest is not a field here"),
        ("least = 500", "least = 500, most = 500", "least must be less than most"),
        ('pair = "XAU/USD"', 'pair = "XBT/USD"', "pair must be a metal in dollars"),
        ('pair = "USD/TZS"', 'pair = "USD/USD"', "pair must be a metal in dollars"),
        ('pair = "USD/TZS", ', "", "series 2: pair is missing"),
        ("XAU/USD:REF", "XAU/USD:ref", "code must be the pair, or the pair with a suffix"),
        ("XAU/USD:REF", "XAG/USD", "code must be the pair, or the pair with a suffix"),
        ("XAU/USD:REF", "XAU/USD:ABCDEFGHIJKLM", "code must be the pair, or the pair with a suffix"),
        ("USD per g", "USD per pound", "unit is 'USD per pound'; it must be one of: USD per ozt, USD per g"),
        ('["pm", "am"]', "[1]", "field must be a text or a list of texts"),
        ('{ pair = "USD/TZS",', '{ pair = "XAU/USD", code = "XAU/USD:REF",', "two have the code XAU/USD:REF"),
        ("priority = 5", "every_minutes = 4", "every_minutes must be a whole number from 5 to 10080"),
        ("priority = 5", 'date_format = "D/M/Y"', "date_format is 'D/M/Y'"),
        ("[[source]]", "[source", "is not a TOML file"),
        ("[[source]]", "[source]", "source must be a list of 1 to 50 tables"),
        ("series = [", "others = [", "series must be a list of 1 to 200 tables"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in GOOD
    message = refusal(tmp_path, GOOD.replace(old, new, 1))
    assert problem in message
    assert "RATE_SOURCES_FILE sources.toml" in message


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, GOOD.replace('"csv"', '"x"').replace("https", "ftp") + dedent(GOOD), PORT="x")
    for problem in ("adapter is 'x'", "must begin with https", "two have the code refiner", "two have the code USD/TZS",
                    "PORT"):  # fmt: skip
        assert problem in message


def test_a_file_that_is_not_there_or_far_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.from_environment({"ENVIRONMENT": "test", "RATE_SOURCES_FILE": str(tmp_path / "none.toml")})
    assert "it is too large" in refusal(tmp_path, "#" * 1_000_001)


def test_a_file_without_sources_is_a_choice(tmp_path: Path) -> None:
    assert settings(tmp_path, "# nothing is fetched").rate_sources_file.described == ()


def test_hosts_are_names_and_the_file_alone_opens_none(tmp_path: Path) -> None:
    found = settings(tmp_path, RATE_HOSTS="Rates.example, [2a00::1]:8443")
    assert set(found.rate_hosts) == {"rates.example", "[2a00::1]:8443"}
    for wrong in ("https://rates.example", "*.example", "rates.example/x", "rates.example:0"):
        assert "RATE_HOSTS must be names of hosts" in refusal(tmp_path, RATE_HOSTS=f"rates.example {wrong}")


def test_this_machine_may_be_a_source_when_the_setting_says_so(tmp_path: Path) -> None:
    text = GOOD.replace("https://rates.example", "http://127.0.0.1:8100")
    assert "must begin with https" in refusal(tmp_path, text)
    assert only(settings(tmp_path, text, RATE_FETCH_LOOPBACK="yes")).address == "http://127.0.0.1:8100/daily.csv"
