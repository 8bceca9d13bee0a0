"""Colours of stones and metals, and mixing."""

from __future__ import annotations

from typing import Final, NamedTuple

RGB = tuple[int, int, int]


class Look(NamedTuple):
    """How a variety looks: body colour, second colour in some directions, crystal habit, clearness from 0 to 1."""

    body: RGB
    second: RGB
    habit: str
    clear: float = 0.8


LOOKS: Final[dict[str, Look]] = {
    "tsavorite": Look((22, 150, 62), (70, 190, 70), "dodecahedron"),
    "spessartine": Look((236, 112, 18), (255, 160, 40), "dodecahedron"),
    "rhodolite": Look((168, 32, 92), (206, 62, 128), "dodecahedron"),
    "malaya_garnet": Look((214, 92, 66), (236, 138, 96), "dodecahedron"),
    "colour_change_garnet": Look((86, 92, 120), (140, 70, 96), "dodecahedron"),
    "mali_garnet": Look((170, 166, 32), (206, 190, 70), "dodecahedron"),
    "almandine": Look((122, 14, 30), (160, 28, 44), "dodecahedron", 0.6),
    "spinel": Look((150, 104, 176), (190, 140, 200), "octahedron"),
    "red_spinel": Look((222, 40, 92), (244, 88, 128), "octahedron"),
    "ruby": Look((188, 12, 50), (226, 40, 84), "barrel", 0.6),
    "sapphire": Look((28, 58, 172), (58, 104, 210), "barrel"),
    "fancy_sapphire": Look((196, 96, 132), (232, 150, 96), "barrel"),
    "tanzanite": Look((56, 54, 178), (112, 70, 196), "slab"),
    "tourmaline_green": Look((20, 122, 74), (72, 160, 92), "prism"),
    "chrome_tourmaline": Look((10, 142, 66), (48, 176, 84), "prism"),
    "rubellite": Look((206, 36, 110), (232, 88, 146), "prism"),
    "aquamarine": Look((116, 190, 214), (160, 216, 226), "prism", 1.0),
    "emerald": Look((10, 128, 84), (36, 160, 110), "prism", 0.55),
    "amethyst": Look((112, 54, 172), (156, 98, 206), "point", 0.9),
    "citrine": Look((226, 166, 30), (246, 200, 80), "point", 1.0),
    "alexandrite": Look((34, 116, 100), (126, 58, 96), "slab"),
    "zircon": Look((196, 128, 60), (226, 170, 100), "octahedron", 0.9),
    "moonstone": Look((206, 212, 224), (164, 186, 232), "pebble", 0.45),
    "kyanite": Look((40, 92, 176), (92, 140, 206), "slab", 0.6),
    "iolite": Look((70, 74, 160), (128, 122, 176), "pebble"),
    "diamond": Look((214, 218, 224), (236, 238, 240), "octahedron", 1.0),
}
PLAIN: Final = Look((150, 140, 130), (176, 166, 150), "pebble", 0.5)

# Light from dark to bright as gold throws it back: warm brown, yellow, straw, nearly white.
GOLD: Final[tuple[RGB, ...]] = (
    (46, 26, 4),
    (112, 70, 12),
    (176, 122, 30),
    (218, 168, 56),
    (246, 210, 104),
    (255, 246, 206),
)


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """Return a colour between two: 0 gives the first, 1 the second."""
    s = min(max(share, 0.0), 1.0)
    return (round(a[0] + (b[0] - a[0]) * s), round(a[1] + (b[1] - a[1]) * s), round(a[2] + (b[2] - a[2]) * s))


def ramp(steps: tuple[RGB, ...], at: float) -> RGB:
    """Return the colour at a place from 0 to 1 along some steps."""
    spot = min(max(at, 0.0), 1.0) * (len(steps) - 1)
    low = min(int(spot), len(steps) - 2)
    return mix(steps[low], steps[low + 1], spot - low)


def gem_ramp(body: RGB) -> tuple[RGB, ...]:
    """Return a stone's colours from deep shade through body colour to a white flash."""
    black, white = (6, 4, 12), (255, 255, 255)
    return (mix(body, black, 0.86), mix(body, black, 0.55), body, mix(body, white, 0.28), mix(body, white, 0.62), white)
