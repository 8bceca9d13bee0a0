"""What a photo's file tells is noted without the place itself, and broken tags tell nothing."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from marketplace.core.images import ImageLimits, read_photo
from marketplace.core.photo_hints import NOTHING, Told, hints_of, told_by

SENT = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
NOON = datetime(2026, 9, 29, 9, 0)  # noqa: DTZ001 - a camera's clock has no zone
LIMITS = ImageLimits(most_bytes=10_000_000, most_pixels=10_000_000)


def exif(**tags: object) -> Image.Exif:
    """Return tags as a camera writes them: place, software, taken."""
    written = Image.Exif()
    if "software" in tags:
        written[0x0131] = tags["software"]
    if "taken" in tags:
        written.get_ifd(0x8769)[0x9003] = tags["taken"]
    if "digitized" in tags:
        written.get_ifd(0x8769)[0x9004] = tags["digitized"]
    if "place" in tags:
        written.get_ifd(0x8825).update({1: "S", 2: (3.0, 40.0, 12.5), 3: "E", 4: (36.0, 50.0, 1.0)})
    return written


def jpeg(tags: Image.Exif | None = None, *, xmp: bytes = b"") -> bytes:
    written = io.BytesIO()
    extra = {"xmp": xmp} if xmp else {}
    Image.new("RGB", (400, 400), "grey").save(written, "JPEG", exif=Image.Exif() if tags is None else tags, **extra)
    return written.getvalue()


def told(content: bytes) -> Told:
    return read_photo(content, LIMITS).told


def test_a_plain_photo_tells_nothing() -> None:
    assert told(jpeg()) == NOTHING == Told(has_place=False, software=(), taken_at=None)


def test_place_software_and_day_are_read_and_the_place_is_not_kept() -> None:
    found = told(jpeg(exif(place=True, software="Adobe Photoshop 24.1", taken="2026:09:29 09:00:00")))
    assert found == Told(has_place=True, software=("Adobe Photoshop 24.1",), taken_at=NOON)
    stored = hints_of(found, sent_at=SENT)
    assert stored == [{"code": "place"}, {"code": "edited", "software": "Adobe Photoshop 24.1"}]


def test_half_a_place_is_none() -> None:
    tags = Image.Exif()
    tags.get_ifd(0x8825).update({1: "S", 2: (3.0, 40.0, 12.5)})
    assert told(jpeg(tags)).has_place is False


def test_the_day_it_was_made_digital_stands_in_for_the_day_it_was_taken() -> None:
    assert told(jpeg(exif(digitized="2026:09:29 09:00:00"))).taken_at == NOON
    both = exif(taken="0000:00:00 00:00:00", digitized="2026:09:29 09:00:00")
    assert told(jpeg(both)).taken_at == NOON


@pytest.mark.parametrize("written", ["2026-09-29", "", "0000:00:00 00:00:00", "2026:13:01 00:00:00"])
def test_a_day_that_is_none_tells_nothing(written: str) -> None:
    assert told(jpeg(exif(taken=written))).taken_at is None


def test_a_program_is_found_in_xmp_and_in_the_words_of_a_png() -> None:
    assert told(jpeg(xmp=b'<x:xmpmeta><rdf xmp:CreatorTool="Canva"/></x:xmpmeta>')).software == ("Canva",)
    assert told(jpeg(xmp=b"<xmp:CreatorTool>GIMP 2.10</xmp:CreatorTool>")).software == ("GIMP 2.10",)
    words, written = PngInfo(), io.BytesIO()
    words.add_text("Software", "Pixelmator")
    Image.new("RGB", (400, 400)).save(written, "PNG", pnginfo=words)
    assert told(written.getvalue()).software == ("Pixelmator",)


def test_a_name_is_short_and_printable_and_told_once() -> None:
    found = told(jpeg(exif(software="GIMP\x07" + "x" * 80), xmp=b'CreatorTool="GIMP' + b"x" * 80 + b'"'))
    assert found.software == ("GIMP" + "x" * 56,)


@pytest.mark.parametrize(
    ("software", "is_named"),
    [("Android 15", False), ("17.5.1", False), ("HDR+ 1.0.6", False), ("snapseed 2.0", True), ("DALL-E", True)],
)
def test_only_programs_that_change_or_make_pictures_are_named(software: str, is_named: bool) -> None:
    found = hints_of(Told(software=(software,)), sent_at=SENT)
    assert found == ([{"code": "edited", "software": software}] if is_named else [])


def test_one_program_is_enough() -> None:
    assert hints_of(Told(software=("Android 15", "GIMP", "Canva")), sent_at=SENT) == [
        {"code": "edited", "software": "GIMP"}
    ]


@pytest.mark.parametrize(
    ("apart", "code"),
    [
        (timedelta(days=1), None),
        (timedelta(days=1, seconds=1), "later"),
        (timedelta(), None),
        (-timedelta(days=730), None),
        (-timedelta(days=730, seconds=1), "old"),
    ],
)
def test_a_photo_from_after_its_sending_or_years_before_is_noted(apart: timedelta, code: str | None) -> None:
    taken = NOON + apart
    expected = [{"code": code, "day": taken.date().isoformat()}] if code else []
    assert hints_of(Told(taken_at=taken), sent_at=SENT) == expected


class Broken:
    """A picture whose tags cannot be read."""

    info: dict[str, object] = {}

    def getexif(self) -> object:
        """Fail as Pillow does."""
        raise SyntaxError("not a TIFF file")


def test_broken_tags_tell_nothing_and_stop_nothing() -> None:
    assert told_by(Broken()) == NOTHING  # type: ignore[arg-type]
