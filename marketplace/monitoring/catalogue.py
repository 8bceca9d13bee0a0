"""The 18 indicators of the monitoring report: what each is, how it is worked out, by what it may be broken down.

Codes and formulas are those of marketplace/data/rules/mel_indicators.csv. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from marketplace.core.text import N_
from marketplace.monitoring import about_care, about_people, about_trade
from marketplace.monitoring.periods import Period
from marketplace.monitoring.values import Measure, Unit

BREAKDOWNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "country": N_("By country"),
        "cooperative": N_("By cooperative"),
        "mineral": N_("By goods"),
        "sex": N_("By sex"),
        "age_band": N_("By age"),
        "buyer_country": N_("By country of the buyer"),
        "variety": N_("By variety"),
        "standard": N_("By standard"),
        "site": N_("By mine site"),
        "severity": N_("By severity"),
        "kind": N_("By what was decided"),
        "rail": N_("By way of paying"),
        "authority": N_("By authority"),
        "topic": N_("By topic"),
    }
)


class FigureKind(NamedTuple):
    """One figure of an indicator: its label and what it is counted in."""

    label: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `source` names the records of `Facts` that it is worked out from; the first figure is plotted."""

    code: str
    title: str
    formula: str
    source: str
    work_out: Callable[[Sequence[Any], Period], Measure]
    figures: tuple[FigureKind, ...]
    breakdowns: tuple[str, ...] = ("country", "cooperative")

    @property
    def is_about_people(self) -> bool:
        """Say whether small groups are hidden."""
        return self.source in {"miners", "officers", "trainings"}


_PLACES: Final = ("country", "cooperative")
_GOODS: Final = ("country", "mineral", "cooperative")
_N: Final = Unit.COUNT
INDICATORS: Final[tuple[Indicator, ...]] = (
    Indicator(
        "I1", N_("Miners paid"), N_("Different miners with a recorded payment."), "miners", about_people.miners_paid,
        (FigureKind(N_("Miners"), _N), FigureKind(N_("Payments"), _N), FigureKind(N_("Paid to miners"), Unit.USD)),
        ("sex", "age_band", *_PLACES),
    ),
    Indicator(
        "I2", N_("Women’s share of income"), N_("Paid to women ÷ paid to all miners."), "miners",
        about_people.womens_share, (FigureKind(N_("Share of women"), Unit.SHARE),), _GOODS,
    ),
    Indicator(
        "I3", N_("Value sold"), N_("What buyers paid for completed orders, in US dollars."), "sales",
        about_trade.value_sold, (FigureKind(N_("Paid by buyers"), Unit.USD), FigureKind(N_("Orders"), _N)),
        (*_GOODS, "buyer_country"),
    ),
    Indicator(
        "I4", N_("Volume sold"), N_("Fine grams of gold, and carats of stones."), "sales", about_trade.volume_sold,
        (FigureKind(N_("Fine grams of gold"), Unit.GRAMS), FigureKind(N_("Carats of stones"), Unit.CARATS)),
        ("country", "variety", "cooperative"),
    ),
    Indicator(
        "I5", N_("Share that reaches the cooperative"), N_("Net to the cooperative ÷ price the buyer paid."), "sales",
        about_trade.price_transparency,
        (FigureKind(N_("Of all sales together"), Unit.SHARE), FigureKind(N_("Of the middle sale"), Unit.SHARE)), _GOODS,
    ),
    Indicator(
        "I6", N_("Fair price achieved"),
        N_("Gold: net per fine gram ÷ reference. Stones: price ÷ middle of the guide. Median."), "sales",
        about_trade.fair_price, (FigureKind(N_("Gold"), Unit.SHARE), FigureKind(N_("Stones"), Unit.SHARE)), _PLACES,
    ),
    Indicator(
        "I7", N_("Gold at or above the floor"), N_("Gold lots with 95 percent of the reference or more ÷ gold lots."),
        "sales", about_trade.at_or_above_floor,
        (FigureKind(N_("Share of lots"), Unit.SHARE), FigureKind(N_("Lots at or above it"), _N)),
    ),
    Indicator(
        "I8", N_("Premium paid"), N_("Premiums in US dollars, and per fine kilogram of the gold that had one."),
        "sales", about_trade.premium_paid,
        (FigureKind(N_("Premiums"), Unit.USD), FigureKind(N_("Premium for a fine kilogram"), Unit.USD_PER_KG)),
        ("standard", *_PLACES),
    ),
    Indicator(
        "I9", N_("Gold without mercury"), N_("Fine grams made without mercury ÷ all fine grams sold."), "sales",
        about_trade.mercury_free,
        (FigureKind(N_("Share without mercury"), Unit.SHARE), FigureKind(N_("Fine grams without mercury"), Unit.GRAMS)),
    ),
    Indicator(
        "I10", N_("Child labour"), N_("Incidents opened, substantiated, remediated; median days of those that ended."),
        "incidents", about_care.child_labour,
        (FigureKind(N_("Opened"), _N), FigureKind(N_("Substantiated"), _N), FigureKind(N_("Remediated"), _N),
         FigureKind(N_("Median days open"), Unit.DAYS)),
        ("site", "severity", "country"),
    ),
    Indicator(
        "I11", N_("Time to a decision"), N_("Hours from handing in to the decision: median and 90th percentile."),
        "cases", about_care.time_to_decision,
        (FigureKind(N_("Median hours"), Unit.HOURS), FigureKind(N_("Nine of ten within hours"), Unit.HOURS)),
        ("kind", "country"),
    ),
    Indicator(
        "I12", N_("Time to the payout"), N_("Median hours from the buyer’s acceptance to the confirmed payout."),
        "payouts", about_care.time_to_payout, (FigureKind(N_("Median hours"), Unit.HOURS),),
        ("country", "rail", "cooperative"),
    ),
    Indicator(
        "I13", N_("Disputes"), N_("Disputes opened ÷ orders paid; decisions for the buyer ÷ decisions."), "orders",
        about_care.disputes,
        (FigureKind(N_("Share of orders"), Unit.SHARE), FigureKind(N_("Disputes opened"), _N),
         FigureKind(N_("Decided for the buyer"), Unit.SHARE)),
    ),
    Indicator(
        "I14", N_("Traceability"), N_("Lots with an unbroken chain whose weights add up ÷ lots published."), "lots",
        about_care.traceability,
        (FigureKind(N_("Share of lots"), Unit.SHARE), FigureKind(N_("Lots with a whole chain"), _N)), _GOODS,
    ),
    Indicator(
        "I15", N_("Women who lead"), N_("Women among officers ÷ officers, by the last count."), "officers",
        about_people.women_leading,
        (FigureKind(N_("Share of women"), Unit.SHARE), FigureKind(N_("Women"), _N), FigureKind(N_("Officers"), _N)),
        ("cooperative", "country"),
    ),
    Indicator(
        "I16", N_("Taxes and royalties"), N_("Taxes and royalties paid with a receipt, in US dollars."), "taxes",
        about_trade.taxes_paid, (FigureKind(N_("Paid with a receipt"), Unit.USD), FigureKind(N_("Receipts"), _N)),
        ("country", "authority", "cooperative"),
    ),
    Indicator(
        "I17", N_("Sites visited"), N_("Active sites that Pact visited in the last twelve months ÷ active sites."),
        "sites", about_care.sites_visited,
        (FigureKind(N_("Share of sites"), Unit.SHARE), FigureKind(N_("Sites visited by Pact"), _N)),
    ),
    Indicator(
        "I18", N_("Training"), N_("Places in trainings that were filled. Who came twice is counted twice."),
        "trainings", about_people.training_reached, (FigureKind(N_("People"), _N), FigureKind(N_("Women"), _N)),
        ("topic", "sex", *_PLACES),
    ),
)  # fmt: skip
BY_CODE: Final[Mapping[str, Indicator]] = MappingProxyType({each.code: each for each in INDICATORS})
