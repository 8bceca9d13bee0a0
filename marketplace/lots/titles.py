"""What a lot is called, in plain English, and the words it is found by."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from marketplace.core.weight import from_mg
from marketplace.lots.vocabulary import CLARITIES, GRADES, SHAPES, TREATMENTS, varieties
from marketplace.pricing import shipped

_GOLD: dict[str, str] = {"dore": "Gold doré", "dust": "Gold dust", "nugget": "Gold nugget", "bar": "Gold bar"}
_GOLD_WORDS = "gold dhahabu or oro"
_COUNTRIES: dict[str, str] = {
    "CD": "Congo DRC RDC", "CO": "Colombia Colombie", "KE": "Kenya Kenia", "ML": "Mali Malí", "SL": "Sierra Leone",
    "TZ": "Tanzania Tanzanie",
}  # fmt: skip


def title_of_gold(form: str, *, weight_mg: int, pieces: int, fineness_permille: Decimal) -> str:
    """Return for example "Gold doré, 250.00 g, 920 ‰"."""
    name = _GOLD[form] + ("s" if pieces > 1 and form in {"nugget", "bar"} else "")
    count = f", {pieces:,} pieces" if pieces > 1 else ""
    return f"{name}{count}, {_number(from_mg(weight_mg, 'g'))} g, {plain(fineness_permille)} ‰"


def title_of_stone(variety: str, form: str, *, weight_mg: int, pieces: int) -> str:
    """Return for example "Tanzanite, 3.42 ct, rough" or "Tsavorite parcel, 40 pieces, 25.00 ct, cut"."""
    name = varieties()[variety].split(" (")[0]
    count = f" parcel, {pieces:,} pieces" if pieces > 1 else ""
    return f"{name}{count}, {_number(from_mg(weight_mg, 'ct'))} ct, {form}"


def title_of_part(content: Mapping[str, Any], part_mg: int) -> str:
    """Return for example "Gold dust, 25.00 g, 920 ‰"; of stones the count is left out, as a part is weighed."""
    form = str(content["form"])
    if content["kind"] == "gold":
        fineness = Decimal(str(content["fineness_permille"]))
        return title_of_gold(form, weight_mg=part_mg, pieces=1, fineness_permille=fineness)
    name = varieties()[str(content["variety"])].split(" (")[0]
    return f"{name} parcel, {_number(from_mg(part_mg, 'ct'))} ct, {form}"


def search_text(content: dict[str, object]) -> str:
    """Return the words, in every language we have them, that should find a lot beside its title."""
    words = [
        _GOLD_WORDS if content["kind"] == "gold" else _names(str(content["variety"])),
        str(content["form"]),
        str(content["colour"] or ""),
        *(labels.get(str(content[name]), "") for name, labels in _LABELS),
        str(content["standard"] or "").replace("_", " "),
        str(content["place"]),
        _COUNTRIES.get(str(content["country"]), str(content["country"])),
        str(_inner(content, "cooperative", "name")),
    ]
    return " ".join(word for word in words if word)


def plain(number: Decimal) -> str:
    """Return a decimal without an exponent and without zeros at its end."""
    return f"{number.normalize():f}"


_LABELS = (("treatment", TREATMENTS), ("clarity", CLARITIES), ("shape", SHAPES), ("grade", GRADES))


def _number(number: Decimal) -> str:
    """Return at least two digits after the mark, and no more than needed."""
    digits = max(2, -int(number.normalize().as_tuple().exponent))
    return f"{number:,.{digits}f}"


@cache
def _names(variety: str) -> str:
    row = next(each for each in shipped.rows_of("vocabulary/gem_varieties.csv") if each["code"] == variety)
    names = [row["name_en"], row["name_sw"], row["name_fr"], row["name_es"], row["group"]]
    return " ".join(dict.fromkeys(names))


def _inner(content: dict[str, object], outer: str, name: str) -> object:
    found = content[outer]
    return found[name] if isinstance(found, dict) else ""
