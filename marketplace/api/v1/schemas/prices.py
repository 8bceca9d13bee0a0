"""Reference prices, rates and guidance as the API writes them."""

from decimal import Decimal

from marshmallow import fields

from marketplace.api.v1.schemas.fields import Code, CurrencyCode, Day, Exact, Flag, MoneySchema, Strict, Text, Whole
from marketplace.core.weight import HEAVIEST_MG
from marketplace.lots.vocabulary import FINENESS_METHODS, FORMS, GRADES, PARCELS, STANDARDS, TREATMENTS, varieties

COUNTRY = "[A-Z]{2}"
# A series as an address names it: XAU-USD, or XAU-USD.LBMA for another series of the same pair.
SERIES = r"[A-Z]{3}-[A-Z]{3}(?:\.[A-Z0-9]{1,12})?"


def series_in_address(code: str) -> str:
    """Return a series' code as an address has it: the slash as a hyphen, the colon before a suffix as a point."""
    return code.replace("/", "-", 1).replace(":", ".", 1)


def series_code(address: str) -> str:
    """Return the code of a series that an address names."""
    return address.replace("-", "/", 1).replace(".", ":", 1)


class PricesQuery(Strict):
    """In which currency prices are wanted."""

    currency = CurrencyCode(load_default="USD", metadata={"description": "ISO 4217 code.", "example": "TZS"})


class ReferencePriceSchema(Strict):
    """The reference price of one gram of a metal at a fineness."""

    metal = Code(("gold", "silver", "platinum"), required=True)
    fineness_permille = Text(required=True)
    per_gram = fields.Nested(MoneySchema, required=True)
    source = Text(required=True)
    licence = Text(required=True)
    observed_on = Day(required=True)
    age_days = Whole(required=True)
    stale = Flag(required=True, metadata={"description": "Older than its series allows, still usable."})
    too_old = Flag(required=True, metadata={"description": "No value may be named from it."})
    rate_ids = fields.List(Text(), required=True)


class ReferencePricesSchema(Strict):
    """Today's reference prices."""

    currency = CurrencyCode(required=True)
    on = Day(required=True)
    prices = fields.List(fields.Nested(ReferencePriceSchema), required=True)


class RateQuery(Strict):
    """As of which day a rate is wanted."""

    as_of = Day(metadata={"description": "The day; today when left out. Never in the future.", "example": "2026-09-29"})


class HistoryQuery(Strict):
    """Which days of a series are wanted."""

    since = Day(
        data_key="from",
        metadata={"description": "The first day; a year before the last one when left out.", "example": "2026-09-27"},
    )
    until = Day(
        data_key="to",
        metadata={"description": "The last day; today when left out. Never in the future.", "example": "2026-09-29"},
    )
    cursor = Day(metadata={"description": "`next_cursor` of the page before."})


class NewestSchema(Strict):
    """The newest good observation of a series, and how fresh it is today."""

    id = Text(required=True)
    value = Text(required=True, metadata={"description": "Exact decimal."})
    observed_on = Day(required=True)
    age_days = Whole(required=True)
    stale = Flag(required=True)
    too_old = Flag(required=True)


class SeriesSchema(Strict):
    """A series of rates."""

    series = Text(required=True)
    pair = Text(required=True, metadata={"description": "What is measured; several series may measure one pair."})
    priority = Whole(
        required=True,
        metadata={"description": "Among the series of a pair that are not stale, the highest priority counts."},
    )
    name = Text(required=True)
    unit = Text(required=True)
    source = Text(required=True)
    licence = Text(required=True)
    max_age_working_days = Whole(required=True)
    newest = fields.Nested(NewestSchema, required=True, allow_none=True)


class SeriesListSchema(Strict):
    """Every series."""

    series = fields.List(fields.Nested(SeriesSchema), required=True)


class RateSchema(Strict):
    """The newest good rate of a series observed on or before a day."""

    id = Text(required=True)
    series = Text(required=True)
    unit = Text(required=True)
    value = Text(required=True, metadata={"description": "Exact decimal."})
    as_of = Day(required=True)
    observed_on = Day(required=True)
    age_days = Whole(required=True)
    stale = Flag(required=True)
    too_old = Flag(required=True)
    source = Text(required=True)
    licence = Text(required=True)


class ObservationSchema(Strict):
    """One observation of a series."""

    id = Text(required=True)
    observed_on = Day(required=True)
    value = Text(required=True, metadata={"description": "Exact decimal."})
    source = Text(required=True)
    licence = Text(required=True)


class HistorySchema(Strict):
    """Good observations of a series, oldest first. Corrected and held back ones are not among them."""

    series = Text(required=True)
    unit = Text(required=True)
    since = Day(required=True, data_key="from")
    until = Day(required=True, data_key="to")
    rates = fields.List(fields.Nested(ObservationSchema), required=True)
    next_cursor = Day(required=True, allow_none=True, metadata={"description": "Null on the last page."})


class GuidanceQuestion(Strict):
    """Goods as guidance sees them: nothing that names anyone."""

    kind = Code(("gold", "gem"), required=True)
    form = Code(
        FORMS, required=True, metadata={"description": "Of gold: dore, dust, nugget, bar. Of stones: rough, cut."}
    )
    origin_country = Text(required=True, pattern=COUNTRY, metadata={"description": "ISO 3166 code of two letters."})
    weight_mg = Whole(
        required=True, least=1, most=HEAVIEST_MG, metadata={"description": "Whole lot, milligrams; 1 ct = 200."}
    )
    pieces = Whole(least=1, most=100_000, load_default=1)
    parcel = Code(
        PARCELS,
        metadata={"description": "Of stones: single for one piece; matched, sorted or run_of_mine for several."},
    )
    variety = Code(varieties(), metadata={"description": "Of stones."})
    treatment = Code(TREATMENTS, metadata={"description": "Of stones; N when not treated."})
    grade = Code(GRADES, metadata={"description": "Of stones."})
    fineness_permille = Exact(
        least=Decimal(1), most=Decimal(1000), metadata={"description": "Of gold, parts per thousand."}
    )
    fineness_method = Code(FINENESS_METHODS)
    standard = Code([code for code in STANDARDS if code != "none"], metadata={"description": "Of gold."})


class StepSchema(Strict):
    """One sentence of the working, and its values for programs."""

    text = Text(required=True, metadata={"description": "In the language asked for."})
    values = fields.Dict(keys=fields.String(), required=True)


class PriceRangeSchema(Strict):
    """Low, middle and high of a piece, a carat or the lot."""

    low = fields.Nested(MoneySchema, required=True)
    middle = fields.Nested(MoneySchema, required=True)
    high = fields.Nested(MoneySchema, required=True)


class SetAsideSchema(Strict):
    """Like sales that were not counted."""

    reason = Text(required=True)
    count = Whole(required=True)


class FormulaSchema(Strict):
    """The formula that made the guide, in words and written out."""

    version = Text(required=True)
    description = Text(required=True)
    lines = fields.List(Text(), required=True)


class GuidanceSchema(Strict):
    """A range in US dollars for the goods, or why there is none. Fee and premium come on top, charges come off."""

    outcome = Code(("guided", "not_enough_data", "refused_stale"), required=True)
    basis = Text(required=True, metadata={"description": "Code of what it rests on, or of what is missing."})
    basis_text = Text(required=True)
    confidence = Code(("high", "medium", "low", "none"), required=True)
    low = fields.Nested(MoneySchema, required=True, allow_none=True)
    middle = fields.Nested(MoneySchema, required=True, allow_none=True)
    high = fields.Nested(MoneySchema, required=True, allow_none=True)
    floor = fields.Nested(MoneySchema, required=True, allow_none=True)
    premium = fields.Nested(MoneySchema, required=True, allow_none=True)
    per_unit = fields.Nested(MoneySchema, required=True, allow_none=True)
    per_lot = fields.Nested(PriceRangeSchema, required=True, allow_none=True)
    per_piece = fields.Nested(
        PriceRangeSchema, required=True, allow_none=True, metadata={"description": "Of several pieces, from formula 2."}
    )
    per_carat = fields.Nested(
        PriceRangeSchema, required=True, allow_none=True, metadata={"description": "Of stones, from formula 2."}
    )
    parcel = Text(required=True, allow_none=True)
    count = Whole(required=True, metadata={"description": "Independent sales it rests on."})
    age_days = Whole(required=True, allow_none=True, metadata={"description": "Of the newest input."})
    stale = Flag(required=True)
    unverified = Flag(required=True, metadata={"description": "Rests on a rule or band nobody has verified."})
    rate_ids = fields.List(Text(), required=True)
    formula_version = Text(required=True)
    formula = fields.Nested(FormulaSchema, required=True)
    set_aside = fields.List(fields.Nested(SetAsideSchema), required=True)
    working = fields.List(fields.Nested(StepSchema), required=True)


class StoredGuidanceSchema(GuidanceSchema):
    """The guide stored with a version, and whether the same comes out of its inputs now."""

    version_sha256 = Text(required=True)
    recomputes = Flag(required=True, metadata={"description": "The same result to the cent, worked out again now."})
    differences = fields.List(Text(), required=True, metadata={"description": "In English; empty when it recomputes."})
