"""Gold as a camera sees it: cast doré, dust, nuggets and minted bars."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from marketplace.cli.demo.photos.colours import GOLD, RGB, mix, ramp
from marketplace.cli.demo.photos.scene import noise
from marketplace.cli.demo.photos.solids import Face, Point, box, dot, lump, normal, turned, unit
from marketplace.cli.demo.photos.stones import LIGHT, Canvas

_HALF: Final = unit((LIGHT[0], LIGHT[1], LIGHT[2] + 1))


def metal(facing: Point, *, dull: float = 0.0) -> RGB:
    """Return what gold shows in a direction: a bright sky, a dark horizon, warm ground."""
    up = facing[1] * 0.75 + facing[2] * 0.3 - facing[0] * 0.3
    sky = 0.5 + 0.36 * up + 0.22 * cos(6.4 * up + 3.6 * facing[0])
    shine = max(0.0, dot(facing, _HALF)) ** 26
    return ramp(GOLD, (0.12 + 0.66 * sky) * (1 - 0.25 * dull) + (0.34 - 0.2 * dull) * shine)


def nugget(rng: Random, *, radius: int, side: bool) -> Image.Image:
    """Return a water-worn nugget."""
    solid = lump(rng)
    points = turned(solid.points, spin=rng.uniform(0, 2 * pi), tilt=-1.1 if side else -0.45)
    canvas = Canvas(round(radius * 0.95))
    corner = _corner_normals(points, solid.faces)
    visible = []
    for a, b, c in solid.faces:
        if normal(points[a], points[b], points[c])[2] > 0:
            visible.append((points[a][2] + points[b][2] + points[c][2], a, b, c))
    for _, a, b, c in sorted(visible):
        p, q, r = corner[a], corner[b], corner[c]
        facing = unit((p[0] + q[0] + r[0], p[1] + q[1] + r[1], p[2] + q[2] + r[2]))
        canvas.fill((points[a], points[b], points[c]), metal(facing, dull=0.2))
    return _grained(canvas, rng, strength=0.5, blur=1.3)


def _corner_normals(points: tuple[Point, ...], faces: tuple[Face, ...]) -> list[Point]:
    sums = [[0.0, 0.0, 0.0] for _ in points]
    for a, b, c in faces:
        facing = normal(points[a], points[b], points[c])
        for corner in (a, b, c):
            for axis in range(3):
                sums[corner][axis] += facing[axis]
    return [unit((x, y, z)) for x, y, z in sums]


def ingot(rng: Random, *, radius: int, side: bool, minted: bool) -> Image.Image:
    """Return a bar: cast doré is rough and rounded with a shrunken top; a minted bar is flat and sharp."""
    solid = box(1.9, 1.12, 0.2, taper=0.03) if minted else box(2.0, 0.96, 0.52, taper=0.15)
    points = turned(solid.points, spin=rng.uniform(0.2, 0.55), tilt=-1.2 if side else -0.72)
    canvas = Canvas(radius)
    for face in solid.faces:
        corners = [points[k] for k in face]
        facing = normal(corners[0], corners[1], corners[2])
        if facing[2] > 0:
            _plate(canvas, corners, facing, rng, cells=26 if not minted else 34, uneven=0.03 if minted else 0.14)
    _edges(canvas, points, minted=minted)
    if minted:
        _stamp(canvas, points, rng)
    bar = _grained(canvas, rng, strength=0.12 if minted else 0.5, blur=0.8 if minted else 1.5)
    return bar if minted else _rounded(bar)


def _plate(canvas: Canvas, corners: list[Point], facing: Point, rng: Random, *, cells: int, uneven: float) -> None:
    """Fill a side in small cells, so that the light runs over it and is a little uneven."""
    a, b, c, d = corners
    bend = [[(rng.gauss(0, uneven), rng.gauss(0, uneven)) for _ in range(9)] for _ in range(9)]

    def at(u: float, v: float) -> Point:
        top = tuple(a[k] + (b[k] - a[k]) * u for k in range(3))
        low = tuple(d[k] + (c[k] - d[k]) * u for k in range(3))
        return (top[0] + (low[0] - top[0]) * v, top[1] + (low[1] - top[1]) * v, top[2] + (low[2] - top[2]) * v)

    for i in range(cells):
        for j in range(cells // 2):
            u, v = i / cells, j * 2 / cells
            gx, gy = u * 8, v * 8
            x, y = int(gx), int(gy)
            sx, sy = gx - x, gy - y
            wave = [
                (bend[x][y][k] * (1 - sx) + bend[min(8, x + 1)][y][k] * sx) * (1 - sy)
                + (bend[x][min(8, y + 1)][k] * (1 - sx) + bend[min(8, x + 1)][min(8, y + 1)][k] * sx) * sy
                for k in (0, 1)
            ]
            tip = unit((facing[0] + wave[0] + (u - 0.5) * 0.7, facing[1] + wave[1] - (v - 0.5) * 0.55, facing[2]))
            u2, v2 = (i + 1) / cells, (j + 1) * 2 / cells
            canvas.fill((at(u, v), at(u2, v), at(u2, v2), at(u, v2)), metal(tip))


def _edges(canvas: Canvas, points: tuple[Point, ...], *, minted: bool) -> None:
    """Draw the light that a bar's edges catch."""
    width = 4 if minted else 12
    for k in range(4):
        a, b = canvas.spot(points[4 + k]), canvas.spot(points[4 + (k + 1) % 4])
        canvas.draw.line((*a, *b), fill=(*mix(GOLD[4], GOLD[5], 0.4 + 0.2 * (k % 2)), 255), width=width, joint="curve")


def _stamp(canvas: Canvas, points: tuple[Point, ...], rng: Random) -> None:
    """Press a frame and a serial number into the top of a minted bar."""
    a, b, c, d = points[4:8]

    def at(u: float, v: float) -> tuple[float, float]:
        top = [a[k] + (b[k] - a[k]) * u for k in range(3)]
        low = [d[k] + (c[k] - d[k]) * u for k in range(3)]
        return canvas.spot(
            (top[0] + (low[0] - top[0]) * v, top[1] + (low[1] - top[1]) * v, top[2] + (low[2] - top[2]) * v)
        )

    frame = [at(0.07, 0.1), at(0.93, 0.1), at(0.93, 0.9), at(0.07, 0.9), at(0.07, 0.1)]
    canvas.draw.line([(x + 3, y + 3) for x, y in frame], fill=(*GOLD[5], 255), width=4)
    canvas.draw.line(frame, fill=(*GOLD[1], 255), width=4)
    size, wide, high = (900, 380), 0.5, 0.34
    plate = Image.new("L", size)
    number = f"{rng.randrange(10**5, 10**6)}"
    draw = ImageDraw.Draw(plate)
    draw.text((450, 120), "GOLD", font=ImageFont.load_default(size=190), fill=255, anchor="mm")
    draw.text((450, 300), number, font=ImageFont.load_default(size=120), fill=255, anchor="mm")
    o, x, y = at(0.5 - wide / 2, 0.5 + high), at(0.5 + wide / 2, 0.5 + high), at(0.5 - wide / 2, 0.5 - high)
    ux, uy = (x[0] - o[0]) / size[0], (x[1] - o[1]) / size[0]
    vx, vy = (y[0] - o[0]) / size[1], (y[1] - o[1]) / size[1]
    det = ux * vy - uy * vx
    back = (vy / det, -vx / det, (vx * o[1] - vy * o[0]) / det, -uy / det, ux / det, (uy * o[0] - ux * o[1]) / det)
    pressed = plate.transform(canvas.image.size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    canvas.image.paste((*GOLD[5], 255), (0, 0), ImageChops.offset(pressed, 3, 3))
    canvas.image.paste((*GOLD[1], 255), (0, 0), pressed)


def _rounded(bar: Image.Image) -> Image.Image:
    """Round the corners that casting never leaves sharp."""
    soft = (
        bar.getchannel("A")
        .filter(ImageFilter.GaussianBlur(14))
        .point([min(255, max(0, (v - 118) * 14)) for v in range(256)])
    )
    bar.putalpha(ImageChops.multiply(soft, bar.getchannel("A")))
    return bar


def _grained(canvas: Canvas, rng: Random, *, strength: float, blur: float) -> Image.Image:
    piece = canvas.finished()
    mask = piece.getchannel("A")
    body = piece.convert("RGB").filter(ImageFilter.GaussianBlur(blur))
    fine = Image.blend(noise(body.size, rng, 2), noise(body.size, rng, 9), 0.5)
    relief = Image.blend(fine, noise(body.size, rng, 40), 0.4).point(
        [128 + round((v - 128) * strength) for v in range(256)]
    )
    body = ImageChops.overlay(body, Image.merge("RGB", (relief,) * 3))
    done = body.convert("RGBA")
    rim = ImageChops.subtract(mask, mask.filter(ImageFilter.GaussianBlur(12)))
    done.paste((40, 22, 4, 255), (0, 0), rim.point([round(v * 0.7) for v in range(256)]))
    done.putalpha(mask)
    return done


def dust(rng: Random, *, radius: int, side: bool) -> Image.Image:
    """Return a heap of gold dust: thousands of grains, each turned its own way."""
    canvas = Canvas(radius)
    flat = 0.34 if side else 0.72
    grains = []
    body = [(0.62 * cos(k / 9), 0.62 * sin(k / 9) * flat + (0.12 if side else 0.07), 0.0) for k in range(57)]
    canvas.fill(body, GOLD[1])
    for _ in range(6400):
        r, a = rng.random() ** 0.72 * rng.uniform(0.7, 1.06), rng.uniform(0, 2 * pi)
        height = 0.42 * max(0.0, 1 - r) ** 1.15
        x, y = r * cos(a), r * sin(a) * flat + height * (1.0 if side else 0.55)
        grains.append((r * sin(a), x, y, height))
    for depth, x, y, height in sorted(grains, reverse=True):
        slope = unit((x * 0.5 + rng.gauss(0, 0.5), -depth * 0.3 + height + rng.gauss(0, 0.5), 0.9))
        s = canvas.scale * rng.uniform(0.006, 0.02)
        cx, cy = canvas.half + x * canvas.scale, canvas.half - y * canvas.scale
        turn = rng.uniform(0, pi)
        patch = [
            (cx + s * k * cos(turn + q), cy + s * k * sin(turn + q) * 0.8)
            for q, k in ((0, 1.5), (1.7, 0.9), (3.3, 1.3), (4.6, 0.8))
        ]
        canvas.draw.polygon(patch, fill=(*metal(slope, dull=rng.random() * 0.6), 255))
    return canvas.finished()
