"""The sixteen events, as forms ask for them: what each must carry is binding (data/vocabulary/coc_events.csv)."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from marketplace.core.text import N_
from marketplace.custody.rules.balance import METHODS
from marketplace.pricing import shipped

KIND_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "produced": N_("Found and put in a bag"),
        "tagged": N_("Bag sealed and tagged"),
        "purchased": N_("Bought from the miner"),
        "combined": N_("Mixed with other lots"),
        "split": N_("Divided"),
        "processed": N_("Washed, smelted, cut or polished"),
        "assayed": N_("Tested"),
        "valued": N_("Valued"),
        "inspected": N_("Checked by Pact"),
        "moved": N_("Handed over for transport"),
        "stored": N_("Put in a safe place"),
        "exported": N_("Exported"),
        "imported": N_("Cleared by customs"),
        "delivered": N_("Arrived"),
        "accepted": N_("Accepted by the buyer"),
        "returned": N_("Sent back"),
    }
)
CHOICES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "miners_paid": {
            "yes": N_("The miners were paid already"),
            "from_sale": N_("The miners are paid from the sale"),
            "no": N_("The miners were not paid yet"),
        },
        "method": {
            "washing": N_("Washed"),
            "smelting": N_("Smelted"),
            "cutting": N_("Cut"),
            "polishing": N_("Polished"),
        },
        "assay_method": {
            "fire_assay": N_("Fire assay"),
            "xrf": N_("XRF machine"),
            "gem_laboratory": N_("Examined in a gem laboratory"),
            "microscope": N_("Microscope and refractometer"),
            "other": N_("Another way"),
        },
        "valuer_kind": {"government": N_("The government’s valuer"), "independent": N_("An independent valuer")},
        "checklist": {
            "passed": N_("Everything was in order"),
            "remarks": N_("In order, with remarks"),
            "failed": N_("Not in order"),
        },
        "purpose": {
            "divided": N_("Divided into smaller bags"),
            "sorted": N_("Sorted by kind or quality"),
            "sold_in_parts": N_("Sold in parts"),
        },
        "seal_intact": {"yes": N_("Yes"), "no": N_("No")},
    }
)
assert tuple(CHOICES["method"]) == METHODS, "every method has its usual loss"


class Field(NamedTuple):
    """One answer of a form: `kind` is text, weight, count, choice, country, money, lots, parts or photo.

    `carries` is the thing of the vocabulary it stands for; `choices` names a list of CHOICES.
    """

    name: str
    kind: str
    label: str
    carries: str = ""
    hint: str = ""
    is_optional: bool = False
    choices: str = ""


_TAG: Final = Field("tag_number", "text", N_("Number of the tag on the bag"), "tag")
_SEAL: Final = Field("seal_number", "text", N_("Number on the seal"), "seal number")
_PHOTO: Final = Field("photo", "photo", N_("Photo"), "photo")
_PLACE: Final = (
    Field("place_country", "country", N_("In which country?"), "place"),
    Field("place_district", "text", N_("In which district?"), "place", N_("The district is enough. It is public.")),
)
_NOT_PUBLIC: Final = N_("This is not shown to the public.")

FIELDS: Final[Mapping[str, tuple[Field, ...]]] = MappingProxyType(
    {
        "produced": (
            Field("site", "site", N_("From which mine site?"), "mine site"),
            Field("miners_paid", "choice", N_("Were the miners paid?"), "miners paid", choices="miners_paid"),
            Field("weight_after", "weight", N_("Weight of the bag’s content"), "gross weight"),
            Field("pieces", "count", N_("How many pieces?"), "pieces"),
            _PHOTO,
            _TAG._replace(carries="bag tag number"),
        ),
        "tagged": (
            _TAG._replace(carries="tag id"),
            Field("issuer", "text", N_("Who issued the tag?"), "issuer"),
            _PHOTO._replace(label=N_("Photo of the seal"), carries="seal photo"),
        ),
        "purchased": (
            Field("price", "money", N_("Price paid to the miner"), "price", _NOT_PUBLIC),
            Field("currency", "currency", N_("Currency"), "currency"),
            Field(
                "receipt",
                "text",
                N_("Number of the receipt"),
                "receipt",
                N_("The receipt names the miner. Do not write names here."),
            ),
            Field("weight_after", "weight", N_("Weight bought")),
        ),
        "combined": (
            Field("in", "lots", N_("Which lots went in, and how much of each?"), "input lots with weights"),
            Field("weight_after", "weight", N_("Weight after mixing")),
            _TAG._replace(carries="new tag"),
        ),
        "split": (
            Field("out", "parts", N_("Which lots came out?"), "output lots with weights"),
            Field("purpose", "choice", N_("Why was it divided?"), choices="purpose"),
        ),
        "processed": (
            Field("weight_before", "weight", N_("Weight before"), "weight before"),
            Field("weight_after", "weight", N_("Weight after"), "weight after"),
            Field("method", "choice", N_("What was done?"), "method", choices="method"),
        ),
        "assayed": (
            Field("laboratory", "text", N_("Who tested it?")),
            Field("assay_method", "choice", N_("How was it tested?"), "method", choices="assay_method"),
            Field("result", "text", N_("Result"), "result", N_("For example: 916.7 per mille, or natural spinel.")),
            Field("uncertainty", "text", N_("How exact is it?"), "uncertainty", N_("For example: ± 0.5 per mille.")),
            Field("report", "text", N_("Number of the report")),
            _PHOTO._replace(label=N_("Photo of the report"), carries="report file"),
        ),
        "valued": (
            Field("value", "money", N_("Value"), "value", _NOT_PUBLIC),
            Field("currency", "currency", N_("Currency"), "currency"),
            Field("valuer_kind", "choice", N_("Who valued it?"), "valuer", choices="valuer_kind"),
            Field("valuer", "text", N_("Name of the valuer’s office"), "valuer"),
        ),
        "inspected": (
            Field("checklist", "choice", N_("What did the check show?"), "checklist result", choices="checklist"),
            _PHOTO._replace(carries="photos"),
        ),
        "moved": (
            Field("place_country", "country", N_("From which country?"), "from"),
            Field("place_district", "text", N_("From which district?"), "from"),
            Field("to_country", "country", N_("To which country?"), "to"),
            Field("to_district", "text", N_("To which district or town?"), "to"),
            Field("carrier", "text", N_("Name of the carrier"), "carrier"),
            _SEAL,
            Field("waybill", "text", N_("Number of the waybill"), "waybill"),
            Field("insured", "money", N_("Insured value"), "insured value", _NOT_PUBLIC),
            Field("currency", "currency", N_("Currency")),
        ),
        "stored": (*_PLACE, _SEAL),
        "exported": (
            Field("permit", "text", N_("Number of the permit"), "permit number"),
            Field("hs_code", "text", N_("HS code"), "HS code", N_("Six to ten digits, such as 710391.")),
            Field("weight_after", "weight", N_("Weight on the permit"), "weight"),
            Field("declared", "money", N_("Declared value"), "declared value", _NOT_PUBLIC),
            Field("taxes", "money", N_("Taxes paid"), "taxes paid", _NOT_PUBLIC),
            Field("currency", "currency", N_("Currency")),
        ),
        "imported": (
            Field("entry", "text", N_("Number of the customs entry"), "entry number"),
            Field(
                "kp",
                "text",
                N_("Number of the Kimberley confirmation"),
                "KP confirmation for diamonds",
                N_("Only for rough diamonds."),
                is_optional=True,
            ),
        ),
        "delivered": (
            Field("seal_intact", "choice", N_("Was the seal whole?"), "seal intact yes/no", choices="seal_intact"),
            Field("weight_after", "weight", N_("Weight on receipt"), "weight on receipt"),
        ),
        "accepted": (),
        "returned": (
            Field("reason", "text", N_("Why is it sent back?"), "reason"),
            _SEAL,
            Field("weight_after", "weight", N_("Weight"), "weight"),
        ),
    }
)
# Told by every event: when it happened, and by whom. Or computed from what is told.
ALWAYS: Final = frozenset({"date", "date and time", "seller and buyer", "yield", "new tags"})


@cache
def must_carry(kind: str) -> tuple[str, ...]:
    """Return what the vocabulary says an event of this kind must carry."""
    row = next(each for each in shipped.rows_of("vocabulary/coc_events.csv") if each["code"] == kind)
    return tuple(part.strip() for part in row["must_carry"].split(";"))


def words_of_choice(name: str, code: str) -> str:
    """Return the English words of a code, or the code itself where none are known."""
    return CHOICES.get(name, {}).get(code, code)
