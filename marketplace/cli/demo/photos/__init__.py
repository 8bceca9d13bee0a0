"""Pictures for the demonstration: drawn, never photographed, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple

from PIL import Image

from marketplace.cli.demo.photos import gold, scene, stones
from marketplace.cli.demo.photos.colours import LOOKS, PLAIN, RGB

VIEWS: Final = ("front", "side", "scale", "daylight", "seal")
STONE_FORMS: Final = ("rough", "cut")
GOLD_FORMS: Final = ("dore", "dust", "nugget", "bar")


class _Frame(NamedTuple):
    """Where the goods lie in a view and how large they are."""

    centre: tuple[int, int]
    radius: int


class _Shot(NamedTuple):
    """What else the camera is told: view, chance, colour of the light spot, pixels a millimetre, bag number."""

    view: str
    seed: str
    glow: RGB | None
    scale: float
    seal: str


_STONE_FRAMES: Final = {
    "front": _Frame((590, 430), 280),
    "side": _Frame((600, 440), 260),
    "scale": _Frame((420, 470), 110),
    "daylight": _Frame((610, 440), 215),
    "seal": _Frame((590, 540), 150),
}
_GOLD_FRAMES: Final = {
    "front": _Frame((590, 440), 330),
    "side": _Frame((600, 450), 310),
    "scale": _Frame((420, 430), 210),
    "daylight": _Frame((600, 440), 260),
    "seal": _Frame((595, 540), 200),
}
_GOLD_MAKERS: Final[Mapping[str, Callable[..., Image.Image]]] = {
    "dore": partial(gold.ingot, minted=False),
    "bar": partial(gold.ingot, minted=True),
    "nugget": gold.nugget,
    "dust": gold.dust,
}
# Millimetres on the ruler: a stone of about 12 mm, gold of about 40 mm.
_STONE_SCALE: Final = 18.0
_GOLD_SCALE: Final = 10.5
_COIN_MM: Final = 20


def render_stone(variety: str, form: str, view: str, seed: int, *, seal: str = "") -> bytes:
    """Return a JPEG of 1200 by 900; the views of one seed show the same stone, `seal` is the bag's number."""
    _check(form, STONE_FORMS, view)
    look = LOOKS.get(variety, PLAIN)
    if form == "rough":
        make = stones.rough_stone
    else:
        make = stones.cabochon if look.habit == "pebble" and look.clear < 0.5 else stones.cut_stone
    frame = _STONE_FRAMES[view]
    goods = make(look, scene.chance(f"{variety} {form} {seed}"), radius=frame.radius, side=view == "side")
    shot = _Shot(view, f"{variety} {form} {view} {seed}", look.body, _STONE_SCALE, seal)
    return _photo(goods, frame, shot)


def render_gold(form: str, view: str, seed: int, *, seal: str = "") -> bytes:
    """Return a JPEG of 1200 by 900 of gold as doré, dust, nugget or bar; `seal` is the bag's number."""
    _check(form, GOLD_FORMS, view)
    frame = _GOLD_FRAMES[view]
    goods = _GOLD_MAKERS[form](scene.chance(f"{form} {seed}"), radius=frame.radius, side=view == "side")
    return _photo(goods, frame, _Shot(view, f"gold {form} {view} {seed}", None, _GOLD_SCALE, seal))


def _check(form: str, forms: tuple[str, ...], view: str) -> None:
    if form not in forms or view not in VIEWS:
        raise ValueError(f"no picture of {form!r} from {view!r}")


def _photo(goods: Image.Image, frame: _Frame, shot: _Shot) -> bytes:
    """Set the goods on a table, light them, and take the picture."""
    rng = scene.chance(shot.seed)
    daylight = shot.view == "daylight"
    table = scene.ground(rng, daylight=daylight)
    if shot.view == "scale":
        scene.ruler(table, pixels_a_mm=shot.scale)
        scene.coin(table, centre=(870, 430), radius=round(_COIN_MM * shot.scale / 2), rng=rng)
    corner = (frame.centre[0] - goods.width // 2, frame.centre[1] - goods.height // 2)
    mask = Image.new("L", scene.SIZE)
    mask.paste(goods.getchannel("A"), corner)
    scene.shadow(table, mask, foot=max(14, frame.radius // 9), hard=daylight, glow=shot.glow)
    table.paste(goods.convert("RGB"), corner, goods.getchannel("A"))
    if shot.view == "seal":
        scene.seal_bag(table, number=shot.seal or f"TZ-{rng.randrange(10**5, 10**6)}")
    return scene.developed(table, rng, daylight=daylight)
