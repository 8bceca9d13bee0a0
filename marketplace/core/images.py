"""Photos from strangers: read within limits, drawn anew, written without anything but pixels.

Nothing of the sent file survives except its colours: place, camera, names, profiles, thumbnails and whatever was hidden
behind the picture are left out because the pixels are pasted into a new picture.
"""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Final

import pi_heif
from PIL import Image, ImageCms, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from marketplace.core.errors import DomainError
from marketplace.core.likeness import likeness_of
from marketplace.core.photo_hints import NOTHING, Told, told_by
from marketplace.core.text import N_

pi_heif.register_heif_opener()

# No size is ever wider than the photo sent: an 1,100 pixel photo fills the 1,600 place with 1,100 pixels.
WIDTHS: Final = (320, 800, 1600)
SMALLEST_SIDE: Final = 320
_QUALITY: Final = 80
_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
_MEGABYTE: Final = 1_000_000
# Figures found on our own drawn photos, sharp and softened: advice only, so a wrong one costs nothing.
_BLURRED_BELOW: Final = 12
_DARK_BELOW: Final = 45


class ImageRefused(DomainError):
    """The file cannot be used as a photo; the message says what to do."""

    code = "image_refused"
    message = N_("This file is broken. Take the photo again.")


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Say how large a file and how many pixels are read at all."""

    most_bytes: int
    most_pixels: int


@dataclass(frozen=True, slots=True)
class Photo:
    """Hold a photo drawn anew as WebP: `sha256` is of the largest size, `sizes` maps a place in WIDTHS to its bytes.

    `likeness` tells copies that were stored anew; None for a picture that shows too little (core/likeness.py).
    `told` is what the file said beside its pixels (core/photo_hints.py).
    """

    sha256: str
    width: int
    height: int
    sizes: Mapping[int, bytes]
    likeness: str | None = None
    told: Told = NOTHING


def read_photo(content: bytes, limits: ImageLimits) -> Photo:
    """Return the photo in three sizes, or raise ImageRefused."""
    kind = _kind_of(content, limits)
    try:
        with warnings.catch_warnings():
            # Half a bomb is one too: Pillow only warns of those.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", category=UserWarning)
            picture, told = _drawn_anew(content, kind, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(limits) from None
    except ImageRefused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, RuntimeError, TypeError, KeyError):
        # Decoders answer a broken file with any of these.
        raise ImageRefused from None
    largest = _at_most(picture, WIDTHS[-1])
    # Places that a small photo fills alike hold the same bytes: drawing takes most of the time.
    written = {width: _webp(_at_most(picture, width)) for width in {min(place, largest.width) for place in WIDTHS}}
    sizes = {place: written[min(place, largest.width)] for place in WIDTHS}
    return Photo(
        sha256=sha256(sizes[WIDTHS[-1]]).hexdigest(),
        width=largest.width,
        height=largest.height,
        sizes=MappingProxyType(sizes),
        likeness=likeness_of(largest),
        told=told,
    )


def advice(content: bytes) -> tuple[str, ...]:
    """Return what would make one of our own photos better; never a reason to refuse it."""
    with Image.open(io.BytesIO(content), formats=["WEBP"]) as opened:
        grey = opened.convert("L")
    found = []
    if ImageStat.Stat(grey).mean[0] < _DARK_BELOW:
        found.append(N_("This photo looks dark. Go nearer to a window and take it again."))
    edges = grey.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    if ImageStat.Stat(edges.crop((1, 1, edges.width - 1, edges.height - 1))).var[0] < _BLURRED_BELOW:
        found.append(
            N_("This photo looks blurred. Hold the phone still, touch the stone on the screen, and try again.")
        )
    return tuple(found)


def _kind_of(content: bytes, limits: ImageLimits) -> str:
    if not content:
        raise ImageRefused(N_("This file is empty. Take the photo again."))
    if len(content) > limits.most_bytes:
        raise ImageRefused(
            N_("This photo is larger than %(most)s MB. Send a smaller one."), most=limits.most_bytes // _MEGABYTE
        )
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "HEIF"
    raise ImageRefused(N_("This is not a photo we can read. Send a JPEG, PNG, WebP or HEIC file."))


def _drawn_anew(content: bytes, kind: str, limits: ImageLimits) -> tuple[Image.Image, Told]:
    with Image.open(io.BytesIO(content), formats=[kind]) as opened:
        if opened.width * opened.height > limits.most_pixels:
            raise _too_many_pixels(limits)
        if min(opened.size) < SMALLEST_SIDE:
            raise ImageRefused(N_("This photo is too small: each side needs %(least)s pixels."), least=SMALLEST_SIDE)
        # A JPEG may carry a second picture for a preview and an HEIC a series: their first is the photo.
        if kind in {"PNG", "WEBP"} and getattr(opened, "is_animated", False):
            raise ImageRefused(N_("This is a moving picture. Send a still photo."))
        # The JPEG decoder can skip detail that no size shows: a 50 megapixel photo needs a sixteenth of the memory.
        opened.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
        opened.load()
        told = told_by(opened)
        upright = ImageOps.exif_transpose(opened)
        plain = _in_srgb(upright)
    fresh = Image.new("RGB", plain.size, "white")
    fresh.paste(plain, mask=plain.getchannel("A") if plain.mode == "RGBA" else None)
    return fresh, told


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return the picture as RGB or RGBA in the colours every screen shows."""
    profile = picture.info.get("icc_profile")
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            converted = ImageCms.profileToProfile(
                picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None  # a broken profile only says how to read colours: take them as they are
        if converted is not None:
            return converted
    if picture.mode.startswith("I") or picture.mode == "F":
        # Sixteen bits a colour: keep the upper eight, which `convert` would clip.
        picture = picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGBA" if has_alpha else "RGB")


def _at_most(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def _webp(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=_QUALITY, method=4, exif=b"", icc_profile=None, xmp=b"")
    return written.getvalue()


def _too_many_pixels(limits: ImageLimits) -> ImageRefused:
    return ImageRefused(
        N_("This photo has more than %(most)s million pixels. Send a smaller one."),
        most=limits.most_pixels // _MEGABYTE,
    )
