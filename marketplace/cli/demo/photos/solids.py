"""Solids as points and faces: spheres cut by planes, lumps, boxes and brilliant cuts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, exp, pi, sin, sqrt
from random import Random
from typing import Final, NamedTuple

Point = tuple[float, float, float]
Face = tuple[int, ...]


class Solid(NamedTuple):
    """Corners, and faces that name their corners anticlockwise as seen from outside."""

    points: tuple[Point, ...]
    faces: tuple[Face, ...]


def unit(v: Point) -> Point:
    """Return the direction of a vector."""
    length = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) or 1.0
    return (v[0] / length, v[1] / length, v[2] / length)


def dot(a: Point, b: Point) -> float:
    """Return how far two directions agree."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def normal(a: Point, b: Point, c: Point) -> Point:
    """Return the direction a face looks."""
    ux, uy, uz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    vx, vy, vz = c[0] - a[0], c[1] - a[1], c[2] - a[2]
    return unit((uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx))


def turned(points: Sequence[Point], *, spin: float, tilt: float) -> tuple[Point, ...]:
    """Turn about the upright axis by `spin`, then lean the top away from the viewer by `tilt` (radians)."""
    cs, ss, ct, st = cos(spin), sin(spin), cos(tilt), sin(tilt)
    result = []
    for x, y, z in points:
        x, y = x * cs - y * ss, x * ss + y * cs
        result.append((x, y * ct - z * st, y * st + z * ct))
    return tuple(result)


@lru_cache(maxsize=4)
def sphere(level: int) -> Solid:
    """Return an icosphere; each level has four times the faces of the one before."""
    g = (1 + sqrt(5)) / 2
    corners: list[tuple[float, float, float]] = [(-1, g, 0), (1, g, 0), (-1, -g, 0), (1, -g, 0), (0, -1, g), (0, 1, g)]
    corners += [(0, -1, -g), (0, 1, -g), (g, 0, -1), (g, 0, 1), (-g, 0, -1), (-g, 0, 1)]
    points: list[Point] = [unit(corner) for corner in corners]
    faces: list[Face] = [
        (0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11),
        (1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6), (7, 1, 8),
        (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9),
        (4, 9, 5), (2, 4, 11), (6, 2, 10), (8, 6, 7), (9, 8, 1),
    ]  # fmt: skip
    for _ in range(level):
        faces = _quartered(points, faces)
    return Solid(tuple(points), tuple(faces))


def _quartered(points: list[Point], faces: list[Face]) -> list[Face]:
    middles: dict[tuple[int, int], int] = {}

    def middle(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in middles:
            p, q = points[a], points[b]
            points.append(unit((p[0] + q[0], p[1] + q[1], p[2] + q[2])))
            middles[key] = len(points) - 1
        return middles[key]

    result: list[Face] = []
    for a, b, c in faces:
        ab, bc, ca = middle(a, b), middle(b, c), middle(c, a)
        result += [(a, ab, ca), (b, bc, ab), (c, ca, bc), (ab, bc, ca)]
    return result


# How crystals of a habit are bounded: (direction of the plane, its distance).
_RING6: Final = [(cos(k * pi / 3), sin(k * pi / 3), 0.0) for k in range(6)]
HABITS: Final[dict[str, list[tuple[Point, float]]]] = {
    "octahedron": [((x, y, z), 0.62) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)],
    "dodecahedron": [
        (p, 0.74)
        for a in (-1.0, 1.0)
        for b in (-1.0, 1.0)
        for p in ((a, b, 0.0), (a, 0.0, b), (0.0, a, b))
    ],
    "prism": [(p, 0.5) for p in _RING6] + [((0.0, 0.0, 1.0), 0.9), ((0.0, 0.0, -1.0), 0.9)],
    "point": [(p, 0.46) for p in _RING6] + [((p[0] * 0.8, p[1] * 0.8, 0.62), 0.66) for p in _RING6],
    "barrel": [((p[0], p[1], 0.18), 0.66) for p in _RING6] + [((p[0], p[1], -0.18), 0.66) for p in _RING6],
    "slab": [((0.0, 0.0, 1.0), 0.42), ((0.0, 0.0, -1.0), 0.42), ((1.0, 0.2, 0.0), 0.8), ((-1.0, 0.2, 0.0), 0.8)],
    "pebble": [],
}  # fmt: skip


def crystal(habit: str, rng: Random, *, breaks: int = 7) -> Solid:
    """Return a rough piece: a ball cut by the planes of its habit and by a few fresh breaks."""
    ball = sphere(4)
    planes = [(unit(_shaken(p, rng, 0.08)), d * rng.uniform(0.88, 1.08)) for p, d in HABITS[habit]]
    planes += [
        (unit((rng.gauss(0, 1), rng.gauss(0, 1), rng.gauss(0, 1))), rng.uniform(0.52, 0.86)) for _ in range(breaks)
    ]
    long = 1.5 if habit in ("prism", "point") else 0.9
    stretch = (rng.uniform(0.95, 1.25), rng.uniform(0.8, 1.0), long * rng.uniform(0.9, 1.1))
    points: list[Point] = []
    for x, y, z in ball.points:
        for (a, b, c), far in planes:
            over = x * a + y * b + z * c - far
            if over > 0:
                x, y, z = x - over * a, y - over * b, z - over * c
        points.append((x * stretch[0], y * stretch[1], z * stretch[2]))
    return Solid(tuple(points), ball.faces)


def lump(rng: Random, *, bumps: int = 46, height: float = 0.2) -> Solid:
    """Return a water-worn lump such as a nugget: a ball with many soft bumps and hollows."""
    ball = sphere(4)
    places = [unit((rng.gauss(0, 1), rng.gauss(0, 1), rng.gauss(0, 1))) for _ in range(bumps)]
    lobes = [(p, rng.uniform(-0.7, 1.0) * height, rng.uniform(9, 60)) for p in places]
    stretch = (rng.uniform(1.1, 1.35), rng.uniform(0.78, 0.95), 0.62)
    points = []
    for p in ball.points:
        r = 0.82 + sum(h * exp(-s * (1 - near)) for q, h, s in lobes if (near := dot(p, q)) > 0.6)
        points.append((p[0] * r * stretch[0], p[1] * r * stretch[1], p[2] * r * stretch[2]))
    return Solid(tuple(points), ball.faces)


def box(length: float, width: float, height: float, *, taper: float) -> Solid:
    """Return an ingot: a box whose top is smaller than its foot by `taper`."""
    x, y, z, t = length / 2, width / 2, height / 2, taper
    foot: list[Point] = [(-x, -y, -z), (x, -y, -z), (x, y, -z), (-x, y, -z)]
    top: list[Point] = [(-x + t, -y + t, z), (x - t, -y + t, z), (x - t, y - t, z), (-x + t, y - t, z)]
    sides: list[Face] = [(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    return Solid(tuple(foot + top), ((4, 5, 6, 7), *sides))


def outline(shape: str, angle: float) -> tuple[float, float]:
    """Return the point of a gem's girdle at an angle: round, oval, cushion or pear."""
    x, y = cos(angle), sin(angle)
    if shape == "oval":
        return (x * 1.18, y * 0.88)
    if shape == "cushion":
        r = (abs(x) ** 3.2 + abs(y) ** 3.2) ** (-1 / 3.2)
        return (x * r * 0.98, y * r * 0.88)
    if shape == "pear":
        return (x * 1.2 + 0.06, y * 0.92 * (1 - 0.42 * max(x, 0.0) ** 2))
    return (x, y)


def brilliant(shape: str) -> Solid:
    """Return a brilliant cut: table, 8 stars, 8 kites, 16 upper and 16 lower girdle facets, 8 pavilion mains."""
    points: list[Point] = []

    def ring(count: int, offset: float, size: float, z: float) -> list[int]:
        start = len(points)
        for k in range(count):
            x, y = outline(shape, (k + offset) * 2 * pi / count)
            points.append((x * size, y * size, z))
        return list(range(start, start + count))

    table, star = ring(8, 0, 0.57, 0.34), ring(8, 0.5, 0.76, 0.235)
    girdle, belt = ring(16, 0, 1.0, 0.03), ring(16, 0, 1.0, -0.03)
    low = ring(8, 0.5, 0.26, -0.62)
    points.append((0.0, 0.0, -0.86))
    culet = len(points) - 1
    faces: list[Face] = [tuple(table)]
    for k in range(8):
        after, main, mid = (k + 1) % 8, 2 * k, 2 * k + 1
        faces.append((table[k], star[k], table[after]))
        faces.append((table[k], star[k - 1], girdle[main], star[k]))
        faces += [(star[k], girdle[main], girdle[mid]), (star[k], girdle[mid], girdle[(main + 2) % 16])]
        faces += [(low[k], belt[mid], belt[main]), (low[k], belt[(main + 2) % 16], belt[mid])]
        faces.append((culet, low[k], belt[main], low[k - 1]))
    faces += [(girdle[k], belt[k], belt[(k + 1) % 16], girdle[(k + 1) % 16]) for k in range(16)]
    return Solid(tuple(points), tuple(faces))


def _shaken(p: Point, rng: Random, size: float) -> Point:
    return (p[0] + rng.gauss(0, size), p[1] + rng.gauss(0, size), p[2] + rng.gauss(0, size))
