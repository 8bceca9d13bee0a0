"""What a cooperative answers at each step, read strictly: every error of a step is told at once."""

from marketplace.lots.answers.kind import KindAnswers, read_kind
from marketplace.lots.answers.origin import OriginAnswers, read_origin
from marketplace.lots.answers.price import PriceAnswers, read_price
from marketplace.lots.answers.quality import GoldQuality, Quality, StoneQuality, read_quality
from marketplace.lots.answers.water import WaterReading
from marketplace.lots.answers.weight import WeightAnswers, read_weight

__all__ = [
    "GoldQuality",
    "KindAnswers",
    "OriginAnswers",
    "PriceAnswers",
    "Quality",
    "StoneQuality",
    "WaterReading",
    "WeightAnswers",
    "read_kind",
    "read_origin",
    "read_price",
    "read_quality",
    "read_weight",
]
