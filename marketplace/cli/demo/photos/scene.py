"""Where the goods lie: ground, shadow, ruler, coin, seal bag; and the camera's last touches."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from marketplace.cli.demo.photos.colours import RGB, mix

SIZE: Final = (1200, 900)
_QUALITY: Final = 84
_GROUNDS: Final[tuple[RGB, ...]] = ((206, 202, 194), (186, 184, 182), (214, 208, 198), (170, 168, 164))
_CLOTH: Final[tuple[RGB, ...]] = ((196, 180, 152), (150, 132, 108), (206, 196, 178))


def chance(seed: str) -> Random:
    """Return the dice of one picture: the same seed, the same picture."""
    return Random(seed)  # noqa: S311 - drawings need repeatable chance, not secrets


def noise(size: tuple[int, int], rng: Random, scale: int) -> Image.Image:
    """Return smooth grey noise whose grains are `scale` pixels wide."""
    small = (max(2, size[0] // scale + 2), max(2, size[1] // scale + 2))
    grains = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
    return grains.resize(size, Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.NEAREST)


def ground(rng: Random, *, daylight: bool) -> Image.Image:
    """Return an empty table: matt paper in the tent, woven cloth in daylight, lit from the upper left."""
    colour = rng.choice(_CLOTH if daylight else _GROUNDS)
    texture = Image.blend(noise(SIZE, rng, 2), noise(SIZE, rng, 7), 0.4)
    broad = Image.blend(noise(SIZE, rng, 60), noise(SIZE, rng, 260), 0.6)
    if daylight:
        texture = Image.blend(texture, _weave(), 0.55)
    relief = Image.blend(texture, broad, 0.35).point(
        [128 + round((v - 128) * (0.34 if daylight else 0.17)) for v in range(256)]
    )
    flat = Image.new("RGB", SIZE, colour)
    lit = ImageChops.multiply(flat, _falloff(0.62 if daylight else 0.5))
    return ImageChops.overlay(lit, Image.merge("RGB", (relief,) * 3))


def _weave() -> Image.Image:
    """Return threads over and under, ten pixels wide."""
    tile = Image.new("L", (20, 20), 110)
    draw = ImageDraw.Draw(tile)
    for x, y in ((0, 0), (10, 10)):
        draw.rectangle((x, y, x + 9, y + 9), fill=150)
        draw.line((x, y + 4, x + 9, y + 4), fill=176, width=3)
        draw.line((x + 14 - 20 * (x > 0), y, x + 14 - 20 * (x > 0), y + 9), fill=134, width=3)
    cloth = Image.new("L", SIZE)
    for left in range(0, SIZE[0], 20):
        cloth.paste(tile, (left, 0))
    strip = cloth.crop((0, 0, SIZE[0], 20))
    for top in range(0, SIZE[1], 20):
        cloth.paste(strip, (0, top))
    return cloth.filter(ImageFilter.GaussianBlur(1.1))


def _falloff(strength: float) -> Image.Image:
    """Return light that fades from the upper left corner."""
    small = Image.new("L", (8, 6))
    small.putdata([round(255 * (1 - strength * ((x / 7) ** 2 + (y / 5) ** 2) / 2)) for y in range(6) for x in range(8)])
    return Image.merge("RGB", (small.resize(SIZE, Image.Resampling.BICUBIC),) * 3)


def shadow(scene: Image.Image, mask: Image.Image, *, foot: int, hard: bool, glow: RGB | None = None) -> None:
    """Darken the ground to the lower right of the goods; clear stones throw a spot of their colour into it."""
    soft = mask.filter(ImageFilter.GaussianBlur(9 if hard else 26))
    away = ImageChops.offset(soft, 34 if hard else 22, foot)
    scene.paste((18, 14, 16), (0, 0), away.point([round(v * (0.66 if hard else 0.5)) for v in range(256)]))
    touch = ImageChops.offset(mask.filter(ImageFilter.GaussianBlur(6)), 5, max(6, foot // 3))
    scene.paste((10, 8, 10), (0, 0), touch.point([round(v * 0.45) for v in range(256)]))
    if glow is not None:
        small = mask.resize((SIZE[0] * 5 // 9, SIZE[1] * 5 // 9))
        spot = Image.new("L", SIZE)
        left, top = (mask.getbbox() or (0, 0, 0, 0))[2:]
        inner = small.getbbox() or (0, 0, 0, 0)
        spot.paste(small.crop(inner), (left - (inner[2] - inner[0]) + 40, top - (inner[3] - inner[1]) + foot - 8))
        light = spot.filter(ImageFilter.GaussianBlur(20)).point([round(v * 0.5) for v in range(256)])
        scene.paste(mix(glow, (255, 255, 255), 0.35), (0, 0), light)


def ruler(scene: Image.Image, *, pixels_a_mm: float) -> None:
    """Lay a millimetre ruler along the lower edge."""
    draw = ImageDraw.Draw(scene, "RGBA")
    top, bottom, left, right = 742, 836, 70, 1130
    draw.rectangle((left + 8, top + 10, right + 8, bottom + 10), fill=(0, 0, 0, 60))
    draw.rectangle((left, top, right, bottom), fill=(238, 234, 222, 255), outline=(150, 146, 136, 255))
    font = ImageFont.load_default(size=25)
    for mm in range(int((right - left - 40) / pixels_a_mm) + 1):
        x = left + 20 + mm * pixels_a_mm
        long = 40 if mm % 10 == 0 else 28 if mm % 5 == 0 else 18
        draw.line((x, top, x, top + long), fill=(30, 28, 34, 255), width=2)
        if mm % 10 == 0:
            draw.text((x, top + 46), str(mm), font=font, fill=(30, 28, 34, 255), anchor="mt")
    draw.text((right - 14, bottom - 8), "mm", font=font, fill=(90, 86, 90, 255), anchor="rb")


def coin(scene: Image.Image, *, centre: tuple[int, int], radius: int, rng: Random) -> None:
    """Lay a plain metal disc, the size of a coin, beside the goods."""
    x, y = centre
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    shadow(scene, mask, foot=14, hard=False)
    metal = (
        Image.linear_gradient("L").rotate(35, resample=Image.Resampling.BICUBIC).crop((50, 50, 206, 206)).resize(SIZE)
    )
    tone = Image.blend(metal, noise(SIZE, rng, 3), 0.14)
    face = Image.merge("RGB", [tone.point([min(255, 96 + v * k // 300) for v in range(256)]) for k in (150, 142, 126)])
    draw = ImageDraw.Draw(face)
    for inset, shade in ((0, 92), (3, 224), (9, 120), (12, 206)):
        r = radius - inset
        draw.ellipse((x - r, y - r, x + r, y + r), outline=(shade, shade - 4, shade - 14), width=3)
    for k in (0.62, 0.36):
        r = round(radius * k)
        draw.regular_polygon((x, y, r), 6, rotation=15, outline=(124, 120, 108), width=4)
    scene.paste(face, (0, 0), mask)


def seal_bag(scene: Image.Image, *, number: str) -> None:
    """Put the goods into a clear bag with a numbered seal."""
    film = Image.new("RGBA", SIZE)
    draw = ImageDraw.Draw(film)
    draw.rounded_rectangle((250, 40, 950, 868), 18, fill=(236, 242, 248, 44), outline=(250, 252, 255, 170), width=3)
    draw.rectangle((250, 40, 950, 132), fill=(196, 28, 44, 235))
    draw.rectangle((250, 132, 950, 142), fill=(255, 255, 255, 110))
    for x, width in ((300, 26), (352, 10), (820, 40), (890, 8)):
        draw.polygon(((x, 150), (x + width, 150), (x + width - 90, 860), (x - 90, 860)), fill=(255, 255, 255, 40))
    scene.paste(film.filter(ImageFilter.GaussianBlur(1.2)), (0, 0), film.filter(ImageFilter.GaussianBlur(1.2)))
    label = ImageDraw.Draw(scene)
    label.rectangle((384, 56, 816, 116), fill=(250, 248, 242))
    label.text((600, 86), number, font=ImageFont.load_default(size=42), fill=(26, 24, 30), anchor="mm")


def developed(scene: Image.Image, rng: Random, *, daylight: bool) -> bytes:
    """Return the finished photo as JPEG: a little grain, and the warmth of its light."""
    grain = noise(SIZE, rng, 1).point([128 + round((v - 128) * 0.07) for v in range(256)])
    photo = ImageChops.overlay(scene, Image.merge("RGB", (grain,) * 3))
    if daylight:
        photo = ImageEnhance.Brightness(photo).enhance(1.1)
        photo = Image.blend(photo, ImageChops.multiply(photo, Image.new("RGB", SIZE, (255, 246, 226))), 0.8)
    out = BytesIO()
    photo.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
