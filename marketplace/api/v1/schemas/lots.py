"""Published lots as the API writes them: what was frozen at submission, without what concerns single people."""

from marshmallow import fields

from marketplace.api.v1.schemas.fields import Code, CurrencyCode, Flag, Limit, Moment, MoneySchema, Strict, Text, Whole
from marketplace.api.v1.schemas.prices import GuidanceSchema
from marketplace.checks.words import FINDINGS, SEEN
from marketplace.lots.vocabulary import FORMS, TREATMENTS, varieties
from marketplace.search.filters import WEIGHT_UNITS, Sort

AVAILABILITY = ("available", "reserved", "sold")


class LotsQuery(Strict):
    """Which lots are wanted: choices of one parameter widen, different parameters narrow."""

    q = Text(most=100, metadata={"description": "Words of the title, place or cooperative.", "example": "tanzanite"})
    kind = fields.List(Code(("gold", "gem")))
    form = fields.List(Code(FORMS))
    variety = fields.List(Code(varieties()))
    country = fields.List(Text(pattern="[A-Z]{2}"))
    treatment = fields.List(Code(TREATMENTS))
    weight_from = Text(most=40, metadata={"description": "Decimal in `weight_unit`.", "example": "1"})
    weight_to = Text(most=40, metadata={"description": "Decimal in `weight_unit`.", "example": "5"})
    weight_unit = Code(WEIGHT_UNITS, metadata={"description": "Unit of both weights; carats when left out."})
    price_from = Text(most=40, metadata={"description": "US dollars.", "example": "100"})
    price_to = Text(most=40, metadata={"description": "US dollars.", "example": "5000"})
    women = Code(("yes",), metadata={"description": "Only lots of women-led cooperatives."})
    sold = Code(("yes",), metadata={"description": "Sold lots too."})
    sort = Code([sort.value for sort in Sort], metadata={"description": "`unit_price` needs exactly one `kind`."})
    limit = Limit(load_default=20, metadata={"description": "Rows a page, 1 to 100."})
    cursor = Text(most=200, metadata={"description": "`next_cursor` of the page before."})


class LotRowSchema(Strict):
    """A lot in a list."""

    reference = Text(required=True)
    title = Text(required=True)
    kind = Code(("gold", "gem"), required=True)
    form = Code(FORMS, required=True)
    variety = Text(required=True, allow_none=True)
    treatment = Text(required=True, allow_none=True)
    fineness_permille = Text(required=True, allow_none=True)
    country = Text(required=True)
    place = Text(required=True, metadata={"description": "Never nearer than the district."})
    cooperative = Text(required=True)
    women_led = Flag(required=True)
    weight_mg = Whole(required=True)
    pieces = Whole(required=True)
    price = fields.Nested(MoneySchema, required=True)
    unit_price = fields.Nested(
        MoneySchema, required=True, metadata={"description": "A gram of gold, a carat of stones."}
    )
    miner_share_bp = Whole(
        required=True, metadata={"description": "Share of the price that the cooperative receives, 1/10,000."}
    )
    availability = Code(AVAILABILITY, required=True)
    published_at = Moment(required=True)


class LotPageSchema(Strict):
    """One page of lots."""

    lots = fields.List(fields.Nested(LotRowSchema), required=True)
    next_cursor = Text(required=True, allow_none=True, metadata={"description": "Null on the last page."})


class LotPhotoSchema(Strict):
    """A photo of a published lot."""

    slot = Text(required=True)
    sha256 = Text(required=True)
    width = Whole(required=True)
    height = Whole(required=True)
    url = Text(required=True)


class SplitLineSchema(Strict):
    """What one receiver gets of the price."""

    code = Text(required=True)
    label = Text(required=True)
    payee = Code(("cooperative", "deduction", "premium", "platform"), required=True)
    amount = fields.Nested(MoneySchema, required=True)
    rate = Text(required=True, allow_none=True, metadata={"description": "Share of `base_amount`."})
    base = Text(required=True, allow_none=True, metadata={"description": "Of what a charge is a share: a code."})
    base_amount = fields.Nested(MoneySchema, required=True, allow_none=True)
    evidence = Text(required=True, allow_none=True)
    source = Text(required=True, allow_none=True)
    beneficiary = Text(required=True, allow_none=True)


class CooperativeSchema(Strict):
    """Who sells."""

    reference = Text(required=True)
    name = Text(required=True)
    country = Text(required=True)
    women_led = Flag(required=True)


class WaterTestSchema(Strict):
    """The weights of gold in air and in water, and the range of fineness they leave."""

    air_g = Text(required=True)
    water_g = Text(required=True)
    step_g = Text(required=True, metadata={"description": "Smallest step of the balance."})
    celsius = Text(required=True)
    density = Text(required=True, metadata={"description": "Grams a cubic centimetre."})
    low_permille = Whole(required=True)
    high_permille = Whole(required=True)


class IndependentCheckSchema(Strict):
    """What an independent checker found, of the version that it names."""

    reference = Text(required=True)
    finding = Code(tuple(FINDINGS), required=True)
    seen = Code(tuple(SEEN), required=True, metadata={"description": "What the finding rests on."})
    note = Text(required=True)
    done_at = Moment(required=True)
    version_number = Whole(required=True)
    version_sha256 = Text(required=True)
    is_for_this_version = Flag(
        required=True, metadata={"description": "False when the lot was changed after the check."}
    )


class LotContentSchema(Strict):
    """What was submitted and approved, by the codes of the description."""

    kind = Code(("gold", "gem"), required=True)
    form = Text(required=True)
    title = Text(required=True)
    variety = Text(required=True, allow_none=True)
    treatment = Text(required=True, allow_none=True)
    colour = Text(required=True, allow_none=True)
    clarity = Text(required=True, allow_none=True)
    shape = Text(required=True, allow_none=True)
    dimensions = Text(required=True, allow_none=True)
    grade = Text(required=True, allow_none=True)
    fineness_permille = Text(required=True, allow_none=True)
    fineness_method = Text(required=True, allow_none=True)
    water_test = fields.Nested(
        WaterTestSchema, allow_none=True, metadata={"description": "Only where it was weighed in water."}
    )
    standard = Text(required=True, allow_none=True)
    mercury = Text(required=True, allow_none=True)
    report_number = Text(required=True, allow_none=True)
    weight_mg = Whole(required=True)
    pieces = Whole(required=True)
    parcel = Text(
        required=True, allow_none=True, metadata={"description": "Of stones; null in versions of before it was asked."}
    )
    country = Text(required=True)
    place = Text(required=True)
    site_reference = Text(required=True)
    mined_from = Text(required=True)
    mined_to = Text(required=True)
    tag_number = Text(required=True)
    reason_for_price = Text(required=True, allow_none=True)
    claims = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "How each claim is known."},
    )
    cooperative = fields.Nested(CooperativeSchema, required=True)


class PartsSchema(Strict):
    """What may be bought of a lot that is sold in parts."""

    whole_mg = Whole(required=True)
    least_part_mg = Whole(required=True, metadata={"description": "No part, and no rest, is below it."})
    free_mg = Whole(required=True, metadata={"description": "Free now."})


class LotSchema(Strict):
    """A published lot."""

    reference = Text(required=True)
    availability = Code(AVAILABILITY, required=True)
    published_at = Moment(required=True)
    version_number = Whole(required=True)
    version_sha256 = Text(
        required=True, metadata={"description": "What a buyer's order names; SHA-256 of the frozen document."}
    )
    content = fields.Nested(LotContentSchema, required=True)
    photos = fields.List(fields.Nested(LotPhotoSchema), required=True)
    price = fields.Nested(MoneySchema, required=True)
    net = fields.Nested(MoneySchema, required=True, metadata={"description": "What the cooperative receives."})
    currency = CurrencyCode(required=True)
    parts = fields.Nested(
        PartsSchema, required=True, allow_none=True, metadata={"description": "Null for a lot that is sold whole."}
    )
    split = fields.List(fields.Nested(SplitLineSchema), required=True, metadata={"description": "Sums to the price."})
    guidance = fields.Nested(
        GuidanceSchema, required=True, allow_none=True, metadata={"description": "As it was on the day of submission."}
    )
    independent_checks = fields.List(
        fields.Nested(IndependentCheckSchema), required=True, metadata={"description": "Newest first, at most 20."}
    )
