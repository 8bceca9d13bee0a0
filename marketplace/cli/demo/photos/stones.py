"""Stones as a camera sees them: cut gems full of reflections, rough crystals with breaks and veils."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from marketplace.cli.demo.photos.colours import RGB, Look, gem_ramp, mix, ramp
from marketplace.cli.demo.photos.scene import noise
from marketplace.cli.demo.photos.solids import Point, Solid, brilliant, crystal, dot, normal, sphere, turned, unit

LIGHT: Final = unit((-0.5, 0.62, 0.75))
_HALF: Final = unit((LIGHT[0], LIGHT[1], LIGHT[2] + 1))
_SHAPES: Final = ("round", "oval", "cushion", "pear", "oval")
_FINE: Final = 2  # drawn twice as large, then made smaller: smooth edges

Spot = tuple[float, float]


class Canvas:
    """A square transparent picture on which a solid of radius one is drawn."""

    def __init__(self, radius: int) -> None:
        self.radius = radius
        self.half = round(radius * 1.45) * _FINE
        self.scale = radius * _FINE
        self.image = Image.new("RGBA", (self.half * 2, self.half * 2))
        self.draw = ImageDraw.Draw(self.image)

    def spot(self, p: Point) -> Spot:
        """Return where a point is seen, with a little perspective."""
        near = 1 + p[2] * 0.06
        return (self.half + p[0] * self.scale * near, self.half - p[1] * self.scale * near)

    def fill(self, points: Sequence[Point], colour: RGB) -> None:
        """Draw one flat patch."""
        self.draw.polygon([self.spot(p) for p in points], fill=(*colour, 255), outline=(*colour, 255))

    def finished(self) -> Image.Image:
        """Return the picture at its real size."""
        return self.image.resize((self.half * 2 // _FINE, self.half * 2 // _FINE), Image.Resampling.LANCZOS)


def cut_stone(look: Look, rng: Random, *, radius: int, side: bool) -> Image.Image:
    """Return a brilliant-cut gem face up, or lying on its table with the pavilion up."""
    shape = rng.choice(_SHAPES)
    solid = brilliant(shape)
    points = solid.points
    if side:
        points = tuple((x, -y, -z) for x, y, z in points)
    points = turned(
        points, spin=rng.uniform(0, 2 * pi), tilt=-rng.uniform(0.95, 1.1) if side else -rng.uniform(0.12, 0.3)
    )
    canvas = Canvas(radius)
    lights = Lights(look, rng)
    for face in solid.faces:
        corners = [points[k] for k in face]
        facing = normal(corners[0], corners[1], corners[2])
        if facing[2] <= 0.0:
            continue
        if len(face) == 8:
            _table(canvas, corners, lights, facing)
        else:
            _facet(canvas, corners, lights, facing)
    return _polished(canvas, rng)


class Lights:
    """What a facet throws back: chance decides, because a real one mirrors lamps that the eye cannot place."""

    def __init__(self, look: Look, rng: Random) -> None:
        self.first, self.second = gem_ramp(look.body), gem_ramp(look.second)
        self.rng, self.clear = rng, look.clear
        self.phase = rng.uniform(0, 2 * pi)

    def colour(self, facing: Point, *, angle: float = 0.0, ring: int = 0) -> RGB:
        """Return one patch: pattern by angle, chance, the lamp's direction, and now and then a white flash."""
        pattern = 0.5 + 0.5 * cos(8 * angle + self.phase + ring * 2.1)
        bright = 0.12 + 0.3 * pattern + 0.36 * self.rng.random() ** 1.3 + 0.2 * max(0.0, dot(facing, LIGHT)) ** 2
        flash = max(0.0, dot(facing, _HALF)) ** 40
        if self.rng.random() < 0.035 * self.clear:
            bright += 0.4
        steps = self.second if self.rng.random() < 0.32 else self.first
        return ramp(steps, min(0.97, bright * (0.72 + 0.14 * self.clear) + 0.22 * flash))


def _between(a: Point, b: Point, share: float) -> Point:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def _middle(points: Sequence[Point]) -> Point:
    n = len(points)
    return (sum(p[0] for p in points) / n, sum(p[1] for p in points) / n, sum(p[2] for p in points) / n)


def _table(canvas: Canvas, corners: list[Point], lights: Lights, facing: Point) -> None:
    """Fill the table with the pavilion seen through it: rays in rings that shift against each other."""
    rim = [p for k in range(8) for p in (corners[k], _between(corners[k], corners[(k + 1) % 8], 0.5))]
    centre = _middle(corners)
    rings = (0.0, 0.2, 0.46, 0.74, 1.0)
    for ring in range(len(rings) - 1):
        inner, outer = rings[ring], rings[ring + 1]
        shift = 0.5 if ring % 2 else 0.0
        for k in range(16):
            a, b = _along(rim, k + shift), _along(rim, k + 1 + shift)
            tip = _along(rim, k + 0.5 + shift)
            patch = [
                _between(centre, a, inner),
                _between(centre, a, outer),
                _between(centre, b, outer),
                _between(centre, b, inner),
            ]
            canvas.fill(patch, lights.colour(facing, angle=k * pi / 8, ring=ring))
            if ring:
                wedge = [patch[0], _between(centre, tip, outer), patch[3]]
                canvas.fill(wedge, lights.colour(facing, angle=k * pi / 8 + 0.2, ring=ring + 3))


def _along(rim: Sequence[Point], place: float) -> Point:
    k = int(place)
    return _between(rim[k % len(rim)], rim[(k + 1) % len(rim)], place - k)


def _facet(canvas: Canvas, corners: list[Point], lights: Lights, facing: Point) -> None:
    """Fill a facet with the pieces of the far side that it shows."""
    rng = lights.rng
    weights = [rng.uniform(0.4, 1.6) for _ in corners]
    whole = sum(weights)
    inside = (
        sum(p[0] * w for p, w in zip(corners, weights, strict=True)) / whole,
        sum(p[1] * w for p, w in zip(corners, weights, strict=True)) / whole,
        sum(p[2] * w for p, w in zip(corners, weights, strict=True)) / whole,
    )
    canvas.fill(corners, lights.colour(facing))
    for k, corner in enumerate(corners):
        after = corners[(k + 1) % len(corners)]
        canvas.fill((corner, after, inside), lights.colour(facing, angle=k, ring=k))
        if rng.random() < 0.6:
            canvas.fill(
                (corner, _between(corner, after, 0.5), _between(corner, inside, 0.7)), lights.colour(facing, ring=1)
            )


def _polished(canvas: Canvas, rng: Random) -> Image.Image:
    """Add what polish adds: a soft window on the crown, a darker rim, sparks."""
    gem = canvas.finished()
    mask = gem.getchannel("A")
    gem = gem.filter(ImageFilter.GaussianBlur(0.7))
    box = mask.getbbox() or (0, 0, 1, 1)
    width, height = box[2] - box[0], box[3] - box[1]
    rim = ImageChops.subtract(mask, mask.filter(ImageFilter.GaussianBlur(canvas.radius // 9)))
    gem.paste(
        (8, 4, 16, 255), (0, 0), ImageChops.multiply(rim.point([min(255, round(v * 1.1)) for v in range(256)]), mask)
    )
    glare = Image.new("L", gem.size)
    draw = ImageDraw.Draw(glare)
    x, y = box[0] + width * 0.36, box[1] + height * 0.3
    w, h = width * 0.17, height * 0.12
    draw.polygon(((x, y), (x + w, y - h * 0.5), (x + w * 0.9, y + h * 0.7), (x - w * 0.14, y + h * 1.1)), fill=120)
    for _ in range(6):
        sx, sy = box[0] + width * rng.uniform(0.2, 0.8), box[1] + height * rng.uniform(0.18, 0.8)
        r = canvas.radius * rng.uniform(0.006, 0.016)
        draw.ellipse((sx - r, sy - r, sx + r, sy + r), fill=255)
        draw.line((sx - 5 * r, sy, sx + 5 * r, sy), fill=150)
        draw.line((sx, sy - 5 * r, sx, sy + 5 * r), fill=150)
    glare = glare.filter(ImageFilter.GaussianBlur(max(1.2, canvas.radius / 150)))
    gem.paste((255, 255, 255, 255), (0, 0), ImageChops.multiply(glare, mask))
    gem.putalpha(mask)
    return gem


def rough_stone(look: Look, rng: Random, *, radius: int, side: bool) -> Image.Image:
    """Return a rough crystal: planes of its habit, fresh breaks, frosted skin and inner veils."""
    solid = crystal(look.habit, rng, breaks=9)
    turn = rng.uniform(0, 2 * pi)
    return shaded_stone(solid, look, rng, radius=radius, spin=turn + side * 1.3, tilt=-1.3 if side else -0.95)


def cabochon(look: Look, rng: Random, *, radius: int, side: bool) -> Image.Image:
    """Return a polished dome with a floating sheen."""
    ball = sphere(4)
    dome = Solid(tuple((x * 1.1, y * 0.86, max(z, -0.12) * 0.62) for x, y, z in ball.points), ball.faces)
    return shaded_stone(dome, look, rng, radius=radius, spin=0.3, tilt=-1.1 if side else -0.35, smooth=True)


def shaded_stone(
    solid: Solid, look: Look, rng: Random, *, radius: int, spin: float, tilt: float, smooth: bool = False
) -> Image.Image:
    """Return a solid lit through and over: bright skin towards the lamp, glow where the light leaves."""
    points = turned(solid.points, spin=spin, tilt=tilt)
    canvas = Canvas(round(radius * 0.95))
    first, second = gem_ramp(look.body), gem_ramp(look.second)
    wave = (rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-1, 1))
    visible = []
    for a, b, c in ((points[f[0]], points[f[1]], points[f[2]]) for f in solid.faces):
        facing = normal(a, b, c)
        if facing[2] > 0:
            visible.append((a[2] + b[2] + c[2], (a, b, c), facing))
    for _, (a, b, c), facing in sorted(visible, key=lambda item: item[0]):
        lamp = max(0.0, dot(facing, LIGHT))
        leaving = max(0.0, -0.8 * dot(facing, (LIGHT[0], LIGHT[1], -0.35))) * look.clear
        shine = max(0.0, dot(facing, _HALF)) ** (60 if smooth else 22)
        # Planes that look the same way get the same tone, so that breaks stay flat and crisp.
        plane = 0.5 + 0.5 * cos(17 * facing[0] + 23 * facing[1] + 11 * facing[2])
        bright = 0.1 + 0.32 * lamp + 0.3 * leaving + 0.4 * shine + (0.0 if smooth else 0.14 * plane)
        colour = mix(ramp(first, bright), ramp(second, bright), 0.5 + 0.5 * dot(unit(wave), unit(a)))
        canvas.fill((a, b, c), colour)
    return _skin(canvas, rng, look, smooth=smooth)


def _skin(canvas: Canvas, rng: Random, look: Look, *, smooth: bool) -> Image.Image:
    stone = canvas.finished()
    mask = stone.getchannel("A")
    body = stone.convert("RGB").filter(ImageFilter.GaussianBlur(3.0 if smooth else 1.0))
    if not smooth:
        fine = Image.blend(noise(body.size, rng, 3), noise(body.size, rng, 11), 0.5)
        broad = Image.blend(noise(body.size, rng, 34), noise(body.size, rng, 90), 0.5)
        relief = Image.blend(fine, broad, 0.6).point([128 + round((v - 128) * 0.62) for v in range(256)])
        body = ImageChops.overlay(body, Image.merge("RGB", (relief,) * 3))
        veil = ImageChops.multiply(noise(body.size, rng, 26), noise(body.size, rng, 70)).point(
            [max(0, v - 96) for v in range(256)]
        )
        body.paste(
            mix(look.body, (255, 255, 255), 0.62),
            (0, 0),
            veil.point([round(v * (1.2 - look.clear)) for v in range(256)]),
        )
    stone = body.convert("RGBA")
    rim = ImageChops.subtract(mask, mask.filter(ImageFilter.GaussianBlur(canvas.radius // 10)))
    stone.paste((8, 4, 12, 255), (0, 0), rim.point([round(v * 0.8) for v in range(256)]))
    stone.putalpha(mask)
    return stone
