"""Names of gem varieties in the languages of the marketplace; codes are those of the vocabulary."""

from __future__ import annotations

from typing import Final, NamedTuple


class Names(NamedTuple):
    """One variety as the trade writes it in each language."""

    en: str
    sw: str
    fr: str
    es: str


# Own work, restated from the shipped vocabulary; the Swahili and Spanish names wait for a native speaker's check.
VARIETIES: Final[dict[str, Names]] = {
    "tsavorite": Names("Tsavorite", "Tsavorite", "Tsavorite", "Tsavorita"),
    "spessartine": Names("Spessartine (mandarin) garnet", "Ganeti chungwa", "Spessartite", "Espesartina"),
    "rhodolite": Names("Rhodolite garnet", "Rodolaiti", "Rhodolite", "Rodolita"),
    "malaya_garnet": Names("Malaya (Umba) garnet", "Ganeti malaya", "Grenat malaya", "Granate malaya"),
    "colour_change_garnet": Names(
        "Colour-change garnet", "Ganeti geuza rangi", "Grenat à changement de couleur", "Granate cambio de color"
    ),
    "mali_garnet": Names("Mali garnet", "Ganeti ya Mali", "Grenat du Mali", "Granate de Mali"),
    "almandine": Names("Almandine garnet", "Ganeti nyekundu", "Almandin", "Almandino"),
    "spinel": Names("Spinel", "Spineli", "Spinelle", "Espinela"),
    "ruby": Names("Ruby", "Rubi", "Rubis", "Rubi"),
    "sapphire": Names("Sapphire (all colours)", "Yakuti samawi", "Saphir", "Zafiro"),
    "tanzanite": Names("Tanzanite", "Tanzanaiti", "Tanzanite", "Tanzanita"),
    "tourmaline_green": Names("Green / chrome tourmaline", "Tumalini kijani", "Tourmaline verte", "Turmalina verde"),
    "rubellite": Names("Rubellite", "Tumalini nyekundu", "Rubellite", "Rubelita"),
    "aquamarine": Names("Aquamarine", "Akwamarini", "Aigue-marine", "Aguamarina"),
    "emerald": Names("Emerald", "Zumaridi", "Émeraude", "Esmeralda"),
    "amethyst": Names("Amethyst", "Amethisti", "Améthyste", "Amatista"),
    "citrine": Names("Citrine", "Sitrini", "Citrine", "Citrino"),
    "alexandrite": Names("Alexandrite", "Aleksandraiti", "Alexandrite", "Alejandrita"),
    "zircon": Names("Zircon", "Zirkoni", "Zircon", "Circón"),
    "moonstone": Names("Moonstone", "Jiwe la mwezi", "Pierre de lune", "Piedra de luna"),
    "kyanite": Names("Kyanite", "Kayanaiti", "Cyanite", "Cianita"),
    "iolite": Names("Iolite", "Aiolaiti", "Iolite", "Iolita"),
    "diamond": Names("Diamond (natural)", "Almasi", "Diamant", "Diamante"),
}


def variety_name(code: str, language: str) -> str:
    """Return the name in this language, the English one if there is none, the code as words if it is unknown."""
    names = VARIETIES.get(code)
    if names is None:
        return code.replace("_", " ").capitalize()
    return str(getattr(names, language, names.en))
