"""Adapters: what a document holds, and every row that is not used with its place and the reason."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.rate_sources import SourceDescription
from marketplace.pricing.sources import DocumentRefused
from marketplace.pricing.sources.choice import ADAPTERS
from marketplace.pricing.sources.feed import CONFLICT, MAX_ROWS
from tests.builders.rate_sources import parsed, reasons, series, source, values

ECB = source("ecb-xml", series("USD/EUR"), series("USD/GBP"), series("USD/XOF"))
USD = source("currency-api", series("XAU/USD"), series("USD/TZS"))
EUR = source("currency-api", series("XAU/USD"), series("USD/TZS"), series("USD/EUR"), base="eur")
LBMA = source("lbma-csv", series("XAU/USD", code="XAU/USD:LBMA", fields=("USD PM", "USD AM")), date_field="Date")
REFINER = source(
    "csv",
    series("XAU/USD", select="gold", fields=("price",), quoted="USD per g"),
    series("XAG/USD", select="silver", fields=("price",), quoted="USD per g"),
    delimiter=";", date_field="day", date_format="DD.MM.YYYY", select_field="metal",
    checks=(("currency", "USD"), ("per", "g")),
)  # fmt: skip
ROWS = source("json", series("XAU/USD", fields=("price.usd",)), rows="data.rows", date_field="on")
ONE = source("json", series("XAU/USD", fields=("metals.gold",)), date_field="time", date_format="timestamp",
             checks=(("unit", "toz"),))  # fmt: skip
DESCRIBED = (ECB, USD, EUR, LBMA, REFINER, ROWS, ONE)


def ecb(*days: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"'
        ' xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject>'
        f"<Cube>{''.join(days)}</Cube></gesmes:Envelope>"
    )


def cube(time: str, *rates: tuple[str, str]) -> str:
    inside = "".join(f"<Cube currency='{code}' rate='{rate}'/>" for code, rate in rates)
    return f"<Cube time='{time}'>{inside}</Cube>"


def refusal(described: SourceDescription, body: str | bytes) -> str:
    with pytest.raises(DocumentRefused) as caught:
        parsed(described, body)
    return str(caught.value)


def test_rates_to_the_euro_become_rates_to_the_dollar() -> None:
    feed = parsed(ECB, ecb(cube("2026-09-29", ("USD", "1.1172"), ("GBP", "0.8725")),
                           cube("2026-09-28", ("USD", "1.1200"), ("GBP", "0.8700"))))  # fmt: skip

    # 1 ÷ 1.1172 = 0.89509488; 0.8725 ÷ 1.1172 = 0.78097028; 655.957 ÷ 1.1172 = 587.14375223
    # 1 ÷ 1.12 = 0.89285714; 0.87 ÷ 1.12 = 0.77678571; 655.957 ÷ 1.12 = 585.67589286
    assert values(feed) == {
        "USD/EUR 2026-09-29": "0.895095", "USD/GBP 2026-09-29": "0.780970", "USD/XOF 2026-09-29": "587.143752",
        "USD/EUR 2026-09-28": "0.892857", "USD/GBP 2026-09-28": "0.776786", "USD/XOF 2026-09-28": "585.675893",
    }  # fmt: skip
    assert feed.refused == ()


def test_a_day_without_a_dollar_and_a_currency_without_a_rate_are_refused() -> None:
    feed = parsed(ECB, ecb(cube("2026-09-29", ("GBP", "0.8725")), cube("2026-09-28", ("USD", "1.12")),
                           cube("yesterday", ("USD", "1.12"))))  # fmt: skip

    assert list(values(feed)) == ["USD/EUR 2026-09-28", "USD/XOF 2026-09-28"]
    assert reasons(feed) == {
        "2026-09-29": "the day has no rate of USD",
        "2026-09-28 GBP": "the day has no rate of GBP",
        "yesterday": "yesterday is not a day written as YYYY-MM-DD",
    }


def test_two_rates_of_one_currency_on_one_day_are_both_refused() -> None:
    twice = parsed(ECB, ecb(cube("2026-09-29", ("USD", "1.12"), ("GBP", "0.87"), ("GBP", "0.88"))))
    assert reasons(twice) == {"2026-09-29 GBP": "0.87 and 0.88 is not a number"}
    same = parsed(ECB, ecb(cube("2026-09-29", ("USD", "1.12"), ("GBP", "0.87"), ("GBP", "0.87"))))
    assert same.refused == ()
    days = parsed(ECB, ecb(cube("2026-09-29", ("USD", "1.12"), ("GBP", "0.87")),
                           cube("2026-09-29", ("USD", "1.12"), ("GBP", "0.88"))))  # fmt: skip
    assert list(values(days)) == ["USD/EUR 2026-09-29", "USD/XOF 2026-09-29"]
    assert [(row.place, row.reason) for row in days.refused] == [("2026-09-29 GBP", CONFLICT)] * 2


def test_a_currency_without_a_figure_and_a_figure_without_a_currency_are_no_rates() -> None:
    day = (
        "<Cube time='2026-09-29'><Cube currency='USD' rate='1.12'/><Cube currency='GBP'/><Cube rate='0.5'/>"
        "<Cube/></Cube>"
    )
    feed = parsed(ECB, ecb(day))
    assert list(values(feed)) == ["USD/EUR 2026-09-29", "USD/XOF 2026-09-29"]
    assert reasons(feed) == {"2026-09-29 GBP": "the value is empty"}
    twice = ecb(day.replace("<Cube/>", "<Cube currency='GBP' rate='0.87'/>"))
    assert reasons(parsed(ECB, twice)) == {"2026-09-29 GBP": "and 0.87 is not a number"}


def test_only_a_cube_is_a_day_of_rates() -> None:
    note = "<Note time='2026-09-28'><Cube currency='USD' rate='1.2'/></Note>"
    feed = parsed(ECB, ecb(note, cube("2026-09-29", ("USD", "1.12"), ("GBP", "0.87"))))
    assert {place[-10:] for place in values(feed)} == {"2026-09-29"}
    assert feed.refused == ()


def test_xml_that_defines_or_is_cut_or_is_something_else_is_refused_whole() -> None:
    whole = ecb(cube("2026-09-29", ("USD", "1.12")))
    assert "not whole XML" in refusal(ECB, whole[:-20])
    defining = "it is XML with definitions of its own, which rates do not need"
    assert refusal(ECB, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>') == defining
    assert refusal(ECB, whole.replace("?>", "?><!DOCTYPE Envelope>")) == defining
    nothing = "it holds no day of rates of the European Central Bank"
    assert refusal(ECB, "<html><body>Sorry</body></html>") == refusal(ECB, ecb()) == nothing
    assert refusal(ECB, b"\xff\xfe<\x00a\x00") == "it is not written in UTF-8"
    assert refusal(ECB, "") == refusal(USD, b"\xef\xbb\xbf \n") == "it is empty"


def test_metals_and_currencies_of_the_open_document() -> None:
    body = '{"date": "2026-09-29", "usd": {"xau": 0.00024218, "tzs": 2450.10, "eur": 0.9}}'
    # 1 ÷ 0.00024218 = 4129.16012882
    assert values(parsed(USD, body)) == {"XAU/USD 2026-09-29": "4129.1601", "USD/TZS 2026-09-29": "2450.1"}


def test_the_same_document_to_the_euro_gives_rates_to_the_dollar() -> None:
    body = '{"date": "2026-09-29", "eur": {"usd": 1.12, "xau": 0.00027, "tzs": 2744}}'
    # 1.12 ÷ 0.00027 = 4148.148148…; 2744 ÷ 1.12 = 2450; 1 ÷ 1.12 = 0.892857…
    assert values(parsed(EUR, body)) == {
        "XAU/USD 2026-09-29": "4148.1481", "USD/TZS 2026-09-29": "2450.000000", "USD/EUR 2026-09-29": "0.892857",
    }  # fmt: skip
    assert reasons(parsed(EUR, '{"date": "2026-09-29", "eur": {"tzs": 2744}}')) == {
        "date": "the document has no rate named usd"
    }


@pytest.mark.parametrize(
    ("rates", "refused"),
    [
        ('"xau": 0, "tzs": 2450', {"xau": "the value is zero"}),
        ('"xau": NaN, "tzs": -2450', {"xau": "NaN is not a finite number", "tzs": "-2450 is negative"}),
        ('"xau": 1e999, "tzs": 2450', {"xau": "1e999 has an exponent beyond reason"}),
        ('"xau": null, "tzs": 2450', {"xau": "the value is empty"}),
        ('"xau": 0.00024, "xau": 0.00025, "tzs": 2450', {"xau": "the value is not a number: two different values"}),
        ('"xau": 0.00024, "xau": 0.00024, "tzs": 2450', {}),
        ('"tzs": 2450', {"xau": "the document has no rate named xau"}),
        # dollars an ounce in the place of ounces a dollar
        ('"xau": 4129, "tzs": 2450', {"xau": "0.000242189 USD per troy ounce is outside 500 to 100000: "
                                             "is the unit or the currency another one?"}),
        # dollars a shilling in the place of shillings a dollar
        ('"xau": 0.00024, "tzs": 0.0004', {"tzs": "0.0004 TZS per USD is outside 1000 to 20000: "
                                                  "is the unit or the currency another one?"}),
    ],
)  # fmt: skip
def test_each_bad_rate_is_refused_and_the_good_ones_stay(rates: str, refused: dict[str, str]) -> None:
    feed = parsed(USD, f'{{"date": "2026-09-29", "usd": {{{rates}}}}}')
    assert reasons(feed) == refused
    assert len(feed.observations) == 2 - len(refused)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-09-30", "the day is in the future: 2026-09-30"),
        ("2006-09-28", "the day is more than 20 years ago: 2006-09-28"),
    ],
)
def test_a_day_out_of_reach_is_refused_for_each_rate(day: str, reason: str) -> None:
    feed = parsed(USD, f'{{"date": "{day}", "usd": {{"xau": 0.00024, "tzs": 2450}}}}')
    assert reasons(feed) == {"xau": reason, "tzs": reason}


def test_json_of_another_shape_is_refused_whole() -> None:
    assert refusal(USD, '{"date": "2026-09-29", "usd": {"xau"').startswith("it is not whole JSON")
    assert refusal(USD, "[" * 100_000) == "it is nested too deep"
    for body in ("[]", "null", "{}", '{"usd": []}', '"usd"', '{"date": "2026-09-29", "eur": {}}'):
        assert refusal(USD, body) == "it has no list of rates named usd"
    assert reasons(parsed(USD, '{"usd": {}}')) == {"date": "the day is missing"}


def test_a_list_of_fixes_takes_the_afternoon_or_the_morning() -> None:
    feed = parsed(LBMA, "Date,USD AM,USD PM,GBP AM\n2026-09-28,4100.10,4110.20,3000\n2026-09-29,4120.30,,3001\n")
    assert values(feed) == {"XAU/USD:LBMA 2026-09-28": "4110.2", "XAU/USD:LBMA 2026-09-29": "4120.3"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-09-29,,", "the value is empty"),
        ("2026-09-29,x,4 120.30", "4 120.30 has separators: only a decimal point may stand between digits"),
        ("2026-09-30,,4120.30", "the day is in the future: 2026-09-30"),
        ("29.09.2026,,4120.30", "29.09.2026 is not a day written as YYYY-MM-DD"),
        ("2026-09-29,,4120.30,1", "it has 4 cells, not 3"),
        ("2026-09-29,,132.47", "132.47 USD per troy ounce is outside 500 to 100000: "
                               "is the unit or the currency another one?"),
        ("2026-09-28,,4111", CONFLICT),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_with_its_line_and_the_others_stay(row: str, reason: str) -> None:
    feed = parsed(LBMA, f"Date,USD AM,USD PM\n\n2026-09-25,,4100\n2026-09-28,,4110\n{row}\n2026-09-28,,4110.00\n")
    assert reasons(feed)["row 5"] == reason
    assert values(feed)["XAU/USD:LBMA 2026-09-25"] == "4100"
    assert ("XAU/USD:LBMA 2026-09-28" in values(feed)) is (reason != CONFLICT)
    assert set(reasons(feed)) == ({"row 4", "row 5"} if reason == CONFLICT else {"row 5"})


def test_csv_that_is_cut_or_lacks_a_column_is_refused_whole() -> None:
    assert (
        refusal(LBMA, "Date,USD AM,USD PM\n2026-09-28,4100,4110\n2026-09-29,41") == "it is cut in the middle of row 3"
    )
    assert refusal(LBMA, 'Date,USD AM,USD PM\n2026-09-28,"4100').startswith("it is not whole CSV")
    assert refusal(LBMA, "Date,GBP PM\n2026-09-28,3000\n") == "it has no column USD PM or USD AM"
    assert refusal(LBMA, "Day,USD PM\n2026-09-28,3000\n") == "it has no column Date"
    assert refusal(LBMA, "Date,USD PM,USD PM\n2026-09-28,1,2\n") == "it has two columns USD PM"
    assert refusal(LBMA, "Date,USD PM\n") == "it holds no rates"
    assert refusal(LBMA, "<html>\n") == "it has no column Date"


def test_rows_of_several_metals_state_their_currency_and_unit() -> None:
    head = "day;metal;currency;per;price\n"
    feed = parsed(REFINER, head + "29.09.2026;gold;USD;g;132.75\n29.09.2026;silver;USD;g;0.9\n29.09.2026;tin;USD;g;1\n"
                                  "28.09.2026;gold;EUR;g;130\n28.09.2026;silver;USD;kg;900\n")  # fmt: skip
    # 132.75 × 31.1034768 = 4128.9865452; 0.9 × 31.1034768 = 27.99312912
    assert values(feed) == {"XAU/USD 2026-09-29": "4128.9865452", "XAG/USD 2026-09-29": "27.99312912"}
    assert reasons(feed) == {"row 5": "currency is EUR, not USD", "row 6": "per is kg, not g"}
    assert refusal(REFINER, "day;currency;per;price\n") == "it has no column metal"


def test_rows_and_single_documents_of_any_json() -> None:
    rows = {"data": {"rows": [{"on": "2026-09-29", "price": {"usd": 4129.5}}, 7, {"on": "2026-09-28", "price": 1}]}}
    feed = parsed(ROWS, json.dumps(rows))
    assert values(feed) == {"XAU/USD 2026-09-29": "4129.5"}
    assert reasons(feed) == {"row 2": "it is not a set of named values", "row 3": "the value is empty"}
    for body in ("{}", '{"data": {"rows": 7}}', '{"data": []}', "7"):
        assert refusal(ROWS, body) == "it has no rows where the description says"

    one = '{"time": "2026-09-29T15:00:00Z", "unit": "%s", "metals": {"gold": "4129.5"}}'
    assert values(parsed(ONE, one % "toz")) == {"XAU/USD 2026-09-29": "4129.5"}
    assert reasons(parsed(ONE, one % "g")) == {"row 1": "unit is g, not toz"}


def test_a_wide_row_names_the_series_that_is_refused() -> None:
    wide = source("csv", series("XAU/USD", fields=("gold",)), series("XAG/USD", fields=("silver",)))
    feed = parsed(wide, "date,gold,silver\n2026-09-29,4129,zero\n")
    assert values(feed) == {"XAU/USD 2026-09-29": "4129"}
    assert reasons(feed) == {"row 2, XAG/USD": "zero is not a number"}


def test_a_document_has_at_most_a_hundred_thousand_rows() -> None:
    assert refusal(LBMA, "Date,USD PM\n" + "x,1\n" * (MAX_ROWS + 2)) == "it has more than 100000 rows"


def _csv_of(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def _ecb_of(rates: list[tuple[str, str]]) -> bytes:
    return ecb(*(cube(day, ("USD", rate)) for day, rate in rates)).encode()


_NAMES = st.sampled_from(["date", "usd", "eur", "xau", "tzs", "data", "rows", "on", "price", "2026-09-29"])
_LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8) | _NAMES
_DOCUMENTS = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner), max_leaves=8
)
_CELLS = st.sampled_from(["Date", "USD PM", "USD AM", "day", "2026-09-29", "4129", '"', ""])
_TEXTS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(str.encode),
    _DOCUMENTS.map(lambda document: json.dumps(document).encode()),
    st.lists(st.lists(_CELLS, max_size=4)).map(_csv_of),
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=6))).map(_ecb_of),
)


@given(_TEXTS)
@example(b'<?xml version="1.0" encoding="utf-16"?><a/>')
@example(b'<?xml version="1.0" encoding="nonsense"?><a/>')
@example(b"Date,USD PM\n\x00,\x00\n")
@example(b"\n")
@example(b"1" * 5000)
def test_no_bytes_raise_anything_but_the_named_refusal(body: bytes) -> None:
    for described in DESCRIBED:
        try:
            feed = parsed(described, body)
        except DocumentRefused:
            continue
        assert feed.observations or feed.refused


def test_every_adapter_that_can_be_described_exists() -> None:
    from config.rate_sources import ADAPTERS as DESCRIBABLE

    assert set(ADAPTERS) == set(DESCRIBABLE)
