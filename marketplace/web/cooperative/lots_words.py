"""Lots in the making, in words: titles, choices and the rows of the page that shows every answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from flask import url_for

from marketplace.compliance.vocabulary import MERCURY_PRACTICES, words_of
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.core.weight import from_mg
from marketplace.http.languages import translate as _
from marketplace.lots.answers import GoldQuality, StoneQuality, WaterReading, read_weight
from marketplace.lots.asking import Exchange
from marketplace.lots.draft import StepState, typed_of
from marketplace.lots.models import Lot
from marketplace.lots.queries import SHELF_LABELS, Sheet, Shelf, shelf_of
from marketplace.lots.services.site_pauses import PAUSED
from marketplace.lots.vocabulary import (
    CLARITIES,
    FINENESS_METHODS,
    FORMS,
    GRADES,
    PARCEL_HINTS,
    PARCELS,
    SHAPES,
    STANDARDS,
    STEPS,
    TREATMENTS,
    varieties,
)
from marketplace.pricing.guidance import Guidance
from marketplace.pricing.labels import BASIS_LABELS
from marketplace.web.filters import ago, fineness, money, number, short_date, variety
from marketplace.web.filters import weight as weight_text
from marketplace.web.water_words import range_words, reading_words

NAMES: Final = tuple(STEPS)
STATE_TONES: Final = {
    StepState.NOT_STARTED: "info",
    StepState.INCOMPLETE: "warn",
    StepState.DONE: "good",
    StepState.NEEDS_CHANGE: "bad",
}
SHELF_TONES: Final = {Shelf.DRAFT: "info", Shelf.CHECKED: "warn", Shelf.SALE: "good", Shelf.SOLD: "good"}
Row = dict[str, Any]


def title_of(lot: Lot) -> str:
    """Return what a lot in the making is called: what was typed so far."""
    form = FORMS.get(typed_of(lot.draft, "kind").get("form", ""))
    weight = _typed_weight(lot)
    stone = typed_of(lot.draft, "quality").get("variety", "")
    name = variety(stone) if lot.kind == "gem" and stone else _(form) if form else _("New lot")
    return _("%(name)s, %(weight)s", name=name, weight=weight) if weight else name


def _typed_weight(lot: Lot) -> str:
    """Return the weight as it was typed and understood; nothing while it is not understood."""
    typed = typed_of(lot.draft, "weight")
    try:
        # the title needs the weight alone, whatever else is still asked
        found = read_weight({**typed, "sure": "yes"}, kind=None)
    except InvalidInput:
        return ""
    shown = number(from_mg(found.weight_mg, found.unit), least=2, most=3)
    return _("%(number)s %(unit)s", number=shown, unit=found.unit)


def line_of(lot: Lot) -> Row:
    """Return a lot as a line of the cooperative's list."""
    shelf = shelf_of(lot)
    return {
        "label": f"{title_of(lot)} · {lot.reference}",
        "href": url_for("cooperative_lots.show", reference=lot.reference),
        "state": _("Sale stopped") if lot.edit_mark == PAUSED else _(SHELF_LABELS[shelf]),
        "tone": "warn" if lot.edit_mark == PAUSED else SHELF_TONES.get(shelf, "bad"),
    }


def saved_at(lot: Lot, now: datetime) -> str:
    """Return when the draft was saved; nothing before the first save."""
    if not lot.draft_revision:
        return ""
    if now - lot.updated_at < timedelta(minutes=1):
        return _("Draft saved just now")
    return _("Draft saved %(ago)s", ago=ago(lot.updated_at, now))


def echo_of(weight_mg: int, kind: str | None) -> str:
    """Return a weight in both units people use, so that a slip is seen."""
    if kind == "gold":
        ounces = number(from_mg(weight_mg, "ozt"), least=1, most=3)
        return _("%(weight)s, that is %(ounces)s troy ounces", weight=weight_text(weight_mg, "gold"), ounces=ounces)
    carats = number(from_mg(weight_mg, "ct"), least=2, most=3)
    grams = number(from_mg(weight_mg, "g"), least=1, most=3)
    return _("%(carats)s carats, that is %(grams)s g", carats=carats, grams=grams)


def choices(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return codes with their words in the reader's language."""
    return [(code, _(words)) for code, words in labels.items()]


def variety_choices() -> list[tuple[str, str]]:
    """Return every variety by its name in the reader's language."""
    return sorted(((code, variety(code)) for code in varieties()), key=lambda pair: pair[1].casefold())


def form_cards() -> list[Row]:
    """Return the forms as choice cards with their drawings."""
    return [{"value": code, "label": _(words), "drawing": code} for code, words in FORMS.items()]


def parcel_cards() -> list[Row]:
    """Return how several pieces can belong together as choice cards, each explained in one line."""
    return [{"value": code, "label": _(PARCELS[code]), "hint": _(hint)} for code, hint in PARCEL_HINTS.items()]


def summary_of(sheet: Sheet) -> list[tuple[str, list[Row]]]:
    """Return every step with its answers, as buyers will read them."""
    writers = {
        "kind": _kind_rows,
        "weight": _weight_rows,
        "quality": _quality_rows,
        "origin": _origin_rows,
        "price": _price_rows,
    }
    return [(step, _filled(write(sheet))) for step, write in writers.items()]


def _filled(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["value"] not in {"", None}]


def _row(term: str, value: str | None, how: str = "") -> Row:
    return {"term": term, "value": value, "how": how}


def _kind_rows(sheet: Sheet) -> list[Row]:
    kind = sheet.answers.kind
    return [_row(_("What it is"), _(FORMS[kind.form]))] if kind else []


def _weight_rows(sheet: Sheet) -> list[Row]:
    weight = sheet.answers.weight
    if weight is None:
        return []
    return [
        _row(_("Weight"), echo_of(weight.weight_mg, sheet.kind), _("measured by the cooperative")),
        _row(_("Pieces"), number(weight.pieces)),
        _row(_("Parcel"), _(PARCELS[weight.parcel]) if weight.parcel and weight.pieces > 1 else ""),
        _row(_("Least part that you sell"), weight_text(weight.least_part_mg, sheet.kind or "gem")),
    ]


def _quality_rows(sheet: Sheet) -> list[Row]:
    quality = sheet.answers.quality
    if isinstance(quality, GoldQuality):
        return [
            _row(_("Fineness"), fineness(quality.fineness_permille), _(FINENESS_METHODS[quality.fineness_method])),
            *([_water_row(quality.water)] if quality.water else []),
            _row(_("Report number"), quality.report_number),
            _row(_("Standard"), _(STANDARDS[quality.standard or "none"])),
            _row(_("Mercury"), _(words_of(MERCURY_PRACTICES, quality.mercury))),
        ]
    if isinstance(quality, StoneQuality):
        known = _("laboratory report") if quality.report_number else _("not checked by a laboratory")
        return [
            _row(_("Stone"), variety(quality.variety), known),
            _row(_("Treatment"), _(TREATMENTS[quality.treatment]), known),
            _row(_("Colour"), quality.colour),
            _row(_("Clarity"), _(CLARITIES[quality.clarity])),
            _row(_("Shape"), _(SHAPES[quality.shape])),
            _row(_("Size in millimetres"), quality.dimensions),
            _row(_("Quality grade"), _(GRADES[quality.grade]), _("the cooperative’s own view")),
            _row(_("Report number"), quality.report_number),
        ]
    return []


def _water_row(reading: WaterReading) -> Row:
    return _row(
        _("Weighed in water"), range_words(reading.found.low, reading.found.high), reading_words(reading.kept())
    )


def _origin_rows(sheet: Sheet) -> list[Row]:
    origin, site = sheet.answers.origin, sheet.site
    if origin is None or site is None:
        return []
    days = _("%(first)s to %(last)s", first=short_date(origin.mined_from), last=short_date(origin.mined_to))
    people = _("%(miners)s people, %(women)s of them women", miners=origin.miners, women=origin.miners_women)
    return [
        _row(_("Mine site"), site.name, _("buyers see the district only: %(place)s", place=site.district)),
        _row(_("Mined"), days),
        _row(_("Group or market day"), origin.group),
        _row(_("Mined by"), people),
        _row(_("Number of the bag"), origin.tag_number),
    ]


def _price_rows(sheet: Sheet) -> list[Row]:
    asking = sheet.asking
    if sheet.answers.price is None or asking.exchange is None or asking.split is None:
        return []
    return [
        _row(_("You receive after sale"), received(sheet), rate_of(asking.exchange)),
        _row(_("The buyer pays"), money(asking.split.price)),
        _row(_("Valued by the Government valuer"), money(sheet.answers.price.government_valuation)),
        _row(_("Valued by the independent valuer"), money(sheet.answers.price.independent_valuation)),
        _row(_("Exported this month already"), weight_text(sheet.answers.price.exported_mg or None, "gold")),
        _row(_("Reason for the price"), sheet.answers.price.reason),
    ]


def received(sheet: Sheet) -> str:
    """Return what the cooperative receives: the cents that bind, and what was typed beside them."""
    if sheet.asking.split is None or sheet.asking.wanted is None:
        return ""
    return both_amounts(sheet.asking.wanted, sheet.asking.split.net)


def both_amounts(wanted: Money, net: Money) -> str:
    """Return "US$930.00", or "TSh 2,500,000, that is US$930.00" when another currency was typed."""
    if wanted.currency == net.currency:
        return money(net)
    return _("%(wanted)s, that is %(net)s", wanted=money(wanted), net=money(net))


def rate_of(exchange: Exchange | None) -> str:
    """Return the day and the source of the exchange rate used; nothing for dollars."""
    if exchange is None or exchange.observed_on is None:
        return ""
    sources = ", ".join(exchange.sources)
    return _("at the rate of %(day)s, %(source)s", day=short_date(exchange.observed_on), source=sources)


def basis_of(guidance: Guidance | None) -> str:
    """Return what the guide rests on, in one sentence."""
    if guidance is None:
        return ""
    words = _(BASIS_LABELS.get(guidance.basis, guidance.basis))
    if guidance.age_days is None:
        return words
    if guidance.age_days == 0:
        return _("%(basis)s, of today.", basis=words)
    return _("%(basis)s. Days old: %(age)s.", basis=words, age=guidance.age_days)


def units(kind: str | None) -> list[tuple[str, str]]:
    """Return the units of weight, the usual one of these goods first."""
    words = {"g": _("grams"), "ct": _("carats"), "kg": _("kilograms"), "tola": _("tola"), "ozt": _("troy ounces")}
    first = "g" if kind == "gold" else "ct"
    return [(first, words[first]), *((unit, word) for unit, word in words.items() if unit != first)]


def field_labels() -> dict[str, str]:
    """Return what each field is called where two sets of answers are compared."""
    return {
        "form": _("What it is"),
        "weight": _("Weight"),
        "weight_unit": _("Unit of weight"),
        "pieces": _("Pieces"),
        "parcel": _("Parcel"),
        "divisible": _("Sold in parts"),
        "least_part": _("Least part that you sell"),
        "fineness": _("Fineness"),
        "fineness_method": _("How the fineness is known"),
        "report_number": _("Report number"),
        "weight_in_air": _("Weight in air"),
        "weight_in_water": _("Weight in water"),
        "balance_step": _("Smallest step of the balance"),
        "water_celsius": _("Temperature of the water"),
        "standard": _("Standard"),
        "mercury": _("Mercury"),
        "variety": _("Stone"),
        "treatment": _("Treatment"),
        "colour": _("Colour"),
        "clarity": _("Clarity"),
        "shape": _("Shape"),
        "dimensions": _("Size in millimetres"),
        "grade": _("Quality grade"),
        "site": _("Mine site"),
        "mined_from": _("First day of mining"),
        "mined_to": _("Last day of mining"),
        "group": _("Group or market day"),
        "miners": _("People who mined it"),
        "miners_women": _("Women among them"),
        "tag_number": _("Number of the bag"),
        "wanted": _("What you want to receive"),
        "wanted_currency": _("Currency"),
        "government_valuation": _("Valued by the Government valuer"),
        "independent_valuation": _("Valued by the independent valuer"),
        "exported": _("Exported this month already"),
        "exported_unit": _("Unit of what was exported"),
        "reason": _("Reason for the price"),
    }
