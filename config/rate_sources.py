"""The sources of reference rates, described in a TOML file: where they are, what they hold, in which units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from config.rate_tables import Table
from config.toml_files import document_of
from marketplace.core.web_address import FetchPolicy, FetchRefused, target_of

ADAPTERS = ("ecb-xml", "currency-api", "lbma-csv", "csv", "json")
DAY_FORMATS = ("YYYY-MM-DD", "YYYYMMDD", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "timestamp")
METALS = ("XAU", "XAG", "XPT", "XPD")
METAL_UNITS = ("USD per ozt", "USD per g", "USD per kg", "ozt per USD")
MOST_SOURCES = 50
MOST_SERIES = 200
LARGEST_FILE = 1_000_000
CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PAIR = re.compile(r"(?:%s)/USD|USD/(?!USD)[A-Z]{3}" % "|".join(METALS))  # noqa: UP031 (braces are the pattern's own)
SUFFIX = re.compile(r"(?::[A-Z0-9]{1,12})?")
HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,60}")
# What a series takes over from its source when it does not say otherwise.
_TAKEN_OVER = ("priority", "max_age_working_days", "jump_limit", "unit", "field")
KEY = re.compile(r"[!-~]([ -~]{0,500}[!-~])?")


@dataclass(frozen=True, kw_only=True)
class SourceSeries:
    """One series of a source: what it measures and how its document writes it.

    `unit` is what the marketplace keeps (USD per troy ounce, TZS per USD); `quoted` is the document's own unit.
    `fields` name the value, the first that is filled counts; `select` is the word that marks a row of this series.
    """

    code: str
    pair: str
    name: str
    unit: str
    quoted: str
    fields: tuple[str, ...]
    select: str | None
    priority: int
    max_age_working_days: int
    jump_limit: Decimal
    least: Decimal | None
    most: Decimal | None


@dataclass(frozen=True, kw_only=True)
class SourceDescription:
    """One source: its address (none: files only), how often it is asked, how its document is read, its series."""

    code: str
    adapter: str
    address: str
    every_minutes: int
    source: str
    licence: str
    series: tuple[SourceSeries, ...]
    base: str = "usd"
    rows: str = ""
    date_field: str = "date"
    date_format: str = "YYYY-MM-DD"
    delimiter: str = ","
    select_field: str = ""
    checks: tuple[tuple[str, str], ...] = ()
    key_header: str = ""
    # stays out of `repr`, and so out of logs
    key: str = field(default="", repr=False)


@dataclass(frozen=True)
class RateSources:
    """The file and what it describes."""

    path: Path
    described: tuple[SourceDescription, ...] = ()

    def named(self, code: str) -> SourceDescription | None:
        """Return the source of a code."""
        return next((each for each in self.described if each.code == code), None)


def read_rate_sources(
    path: Path, *, policy: FetchPolicy, environment: Mapping[str, str], needs_keys: bool
) -> tuple[RateSources, list[str]]:
    """Return the sources of a file and every problem with them, each with its place."""
    problems: list[str] = []
    document = document_of(path, setting="RATE_SOURCES_FILE", most=LARGEST_FILE, problems=problems, parse_float=Decimal)
    top = Table(document, f"RATE_SOURCES_FILE {path.name}", problems)
    described = []
    for number, values in enumerate(top.tables("source", at_most=MOST_SOURCES) if "source" in document else [], 1):
        table = Table(values, f"{top.place}, source {number} ({values.get('code', 'without a code')})", problems)
        described.append(_source(table, policy=policy, environment=environment, needs_keys=needs_keys))
        table.refuse_unknown()
    _refuse_twice(top, "source", [each.code for each in described])
    _refuse_twice(top, "series", [series.code for each in described for series in each.series])
    return RateSources(path, tuple(described)), problems


def _source(
    table: Table, *, policy: FetchPolicy, environment: Mapping[str, str], needs_keys: bool
) -> SourceDescription:
    code = table.text("code")
    above = table.taken_over(_TAKEN_OVER)
    listed = table.tables("series", at_most=MOST_SERIES)
    if code and not CODE.fullmatch(code):
        table.complain("code must be of small letters, digits and hyphens, at most 40")
    return SourceDescription(
        code=code,
        adapter=table.choice("adapter", None, allowed=ADAPTERS),
        address=_address(table, policy=policy),
        every_minutes=table.number("every_minutes", 360, at_least=5, at_most=60 * 24 * 7),
        source=table.text("source"),
        licence=table.text("licence"),
        series=tuple(
            _series(table, Table(each, f"{table.place}, series {number}", table.problems, above))
            for number, each in enumerate(listed, 1)
        ),
        base=table.choice("base", "usd", allowed=("usd", "eur")),
        rows=table.text("rows", ""),
        date_field=table.text("date_field", "Date" if table.values.get("adapter") == "lbma-csv" else "date"),
        date_format=table.choice("date_format", "YYYY-MM-DD", allowed=DAY_FORMATS),
        delimiter=table.choice("delimiter", ",", allowed=(",", ";", "|")),
        select_field=table.text("select_field", ""),
        checks=_checks(table),
        **_key(table, environment, needs_keys=needs_keys),
    )


def _address(table: Table, *, policy: FetchPolicy) -> str:
    address = table.text("address", "")
    if address:
        try:
            target_of(address, policy=policy)
        except FetchRefused as refused:
            hint = " (RATE_HOSTS)" if refused.code == "not_allowed_host" else ""
            table.complain(f"address: {refused.words}{hint}")
    return address


def _checks(table: Table) -> tuple[tuple[str, str], ...]:
    """Return what must stand beside each value: the field and the word in it."""
    pairs = (("currency_field", "currency"), ("unit_field", "unit_text"))
    given = [(table.text(name, ""), table.text(word, "")) for name, word in pairs]
    for (name, word), (found, expected) in zip(pairs, given, strict=True):
        if bool(found) != bool(expected):
            table.complain(f"{name} and {word} belong together")
    return tuple((found, expected) for found, expected in given if found and expected)


def _key(table: Table, environment: Mapping[str, str], *, needs_keys: bool) -> dict[str, str]:
    header, variable = table.text("key_header", ""), table.text("key_variable", "")
    if not header and not variable:
        return {}
    if not HEADER.fullmatch(header) or not VARIABLE.fullmatch(variable):
        table.complain("key_header names a header and key_variable the environment variable with the key")
        return {}
    key = environment.get(variable, "").strip()
    if (needs_keys or key) and not KEY.fullmatch(key):
        table.complain(f"the environment variable {variable} must hold the key")
    return {"key_header": header, "key": key}


def _series(source: Table, table: Table) -> SourceSeries:
    pair = table.text("pair")
    if pair and not PAIR.fullmatch(pair):
        table.complain("pair must be a metal in dollars (XAU/USD) or a currency to the dollar (USD/TZS)")
        pair = ""
    code = table.text("code", pair)
    if pair and not (code.startswith(pair) and SUFFIX.fullmatch(code.removeprefix(pair))):
        table.complain("code must be the pair, or the pair with a suffix (XAU/USD:LBMA)")
    metal = pair.endswith("/USD")
    units = METAL_UNITS if metal else (f"{pair[4:]} per USD", f"USD per {pair[4:]}")
    series = SourceSeries(
        code=code,
        pair=pair,
        name=table.text("name"),
        unit="USD per troy ounce" if metal else units[0],
        quoted=table.choice("unit", units[0], allowed=units) if pair else "",
        fields=table.names("field", _default_fields(source)),
        select=table.text("select", "") or None,
        priority=table.number("priority", 0, at_least=0, at_most=1000),
        max_age_working_days=table.number("max_age_working_days", 3, at_least=1, at_most=30),
        jump_limit=table.decimal("jump_limit", Decimal("0.05"), at_most=Decimal(1)) or Decimal("0.05"),
        least=table.decimal("least", None, at_most=Decimal(10**9)),
        most=table.decimal("most", None, at_most=Decimal(10**9)),
    )
    if series.least is not None and series.most is not None and series.least >= series.most:
        table.complain("least must be less than most")
    table.refuse_unknown()
    return series


def _default_fields(source: Table) -> tuple[str, ...]:
    return ("USD PM", "USD AM") if source.values.get("adapter") == "lbma-csv" else ("value",)


def _refuse_twice(table: Table, what: str, codes: list[str]) -> None:
    for code in sorted({each for each in codes if each and codes.count(each) > 1}):
        table.complain(f"two have the code {code}: a {what} stands here once")
