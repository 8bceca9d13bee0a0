"""Photos from strangers come out as plain pixels, or are refused in words."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageFilter, PngImagePlugin

from marketplace.core.images import WIDTHS, ImageLimits, ImageRefused, advice, read_photo
from tests.builders.lots import photo

LIMITS = ImageLimits(most_bytes=5_000_000, most_pixels=20_000_000)
HEIC = Path(__file__).parents[2] / "samples" / "stone.heic"
CANARY = b"CANARY"


def written(picture: Image.Image, kind: str, **how: object) -> bytes:
    """Return a picture as a file of a kind."""
    file = io.BytesIO()
    picture.save(file, kind, **how)  # type: ignore[arg-type]
    return file.getvalue()


def with_secrets() -> Image.Exif:
    """Return EXIF data with a place, a camera and a direction."""
    exif = Image.Exif()
    exif[0x010F] = "CANARY maker"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "S", (3.0, 34.0, 12.0), "E", (36.0, 59.0, 0.0)
    return exif


def opened(content: bytes) -> Image.Image:
    """Return one of our files as a picture."""
    return Image.open(io.BytesIO(content), formats=["WEBP"])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_survives(kind: str) -> None:
    more: dict[str, object] = {"exif": with_secrets().tobytes()}
    if kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Comment", "CANARY in a text chunk")  # type: ignore[attr-defined]
    else:
        more["xmp"] = b"<x:xmpmeta>CANARY</x:xmpmeta>"
    sent = written(Image.new("RGB", (500, 400), "navy"), kind, **more)
    assert CANARY in sent, "the canary is in the file that is sent"

    found = read_photo(sent, LIMITS)

    for content in found.sizes.values():
        assert CANARY not in content
        plain = opened(content)
        assert dict(plain.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile"} & set(plain.info)


def test_an_iphone_photo_is_read_and_loses_its_place() -> None:
    sent = HEIC.read_bytes()
    assert CANARY in sent

    found = read_photo(sent, LIMITS)

    assert (found.width, found.height) == (480, 360)
    assert all(CANARY not in content for content in found.sizes.values())
    red, green, blue = opened(found.sizes[1600]).convert("RGB").getpixel((240, 180))  # type: ignore[misc]
    assert blue < min(red, green), "the rectangle in the middle is yellow"


def test_a_photo_held_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    found = read_photo(written(Image.new("RGB", (600, 400), "navy"), "JPEG", exif=exif.tobytes()), LIMITS)

    assert (found.width, found.height) == (400, 600)


def test_sizes_are_never_wider_than_what_was_sent() -> None:
    found = read_photo(photo(size=(1200, 900)), LIMITS)

    assert {place: opened(content).width for place, content in found.sizes.items()} == {320: 320, 800: 800, 1600: 1200}
    assert tuple(found.sizes) == WIDTHS


def test_the_same_pixels_have_the_same_name() -> None:
    assert read_photo(photo(1), LIMITS).sha256 == read_photo(photo(1), LIMITS).sha256
    assert read_photo(photo(1), LIMITS).sha256 != read_photo(photo(2), LIMITS).sha256


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_way_of_writing_colours_is_read(mode: str) -> None:
    picture = Image.new(mode, (400, 400)) if mode == "I;16" else Image.new("RGB", (400, 400), "white").convert(mode)
    found = read_photo(written(picture, "JPEG" if mode == "CMYK" else "PNG"), LIMITS)

    assert opened(found.sizes[320]).mode == "RGB"


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it is enormous."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    )


REFUSED = {
    "empty": (b"", "empty"),
    "too many bytes": (b"\xff\xd8\xff" + b"\0" * 6_000_000, "larger than 5 MB"),
    "a bomb of 200 million pixels": (bomb(20_000, 10_000), "million pixels"),
    "a bomb of 100 million pixels": (bomb(10_000, 10_000), "million pixels"),
    "a bomb of two thousand million pixels": (bomb(60_000, 40_000), "million pixels"),
    "cut off": (photo()[:1500], "broken"),
    "only a beginning": (b"\xff\xd8\xff\xe0", "broken"),
    "a page": (b"<html><script>alert(1)</script></html>", "not a photo"),
    "a drawing with a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a photo"),
    "a GIF": (written(Image.new("P", (400, 400)), "GIF"), "not a photo"),
    "a program": (b"MZ" + b"\0" * 500, "not a photo"),
    "HEIC in name only": (b"\0\0\0\x18ftypheic" + b"\0" * 400, "broken"),
    "WebP in name only": (b"RIFF\0\0\0\0WEBP" + b"\0" * 100, "broken"),
    "tiny": (photo(size=(300, 400)), "too small"),
    "moving": (
        written(
            Image.new("RGB", (400, 400), "red"), "WEBP", save_all=True,
            append_images=[Image.new("RGB", (400, 400), "blue")], duration=100,
        ),
        "moving",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_photo_is_refused_in_words(name: str) -> None:
    content, words = REFUSED[name]

    with pytest.raises(ImageRefused) as refused:
        read_photo(content, LIMITS)

    assert words in str(refused.value)


def test_a_photo_with_a_page_hidden_behind_it_comes_out_without_the_page() -> None:
    found = read_photo(photo() + b"<script>CANARY</script>", LIMITS)

    assert all(CANARY not in content and b"<script" not in content for content in found.sizes.values())


def test_dark_and_blurred_photos_get_advice_and_good_ones_none() -> None:
    sharp = Image.open(io.BytesIO(photo(size=(640, 480))))
    blurred = sharp.filter(ImageFilter.GaussianBlur(12))
    dark = sharp.point(lambda value: value // 8)

    def told(picture: Image.Image) -> str:
        return " ".join(advice(read_photo(written(picture, "PNG"), LIMITS).sizes[320]))

    assert told(sharp) == ""
    assert "blurred" in told(blurred)
    assert "dark" in told(dark)
