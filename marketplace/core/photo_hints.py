"""What the file of a photo told beside its pixels, before it is drawn anew: hints for a reviewer, never a decision.

Tags are those of Exif 2.32 (CIPA DC-008) and of XMP (ISO 16684-1). Of a place only is kept that there was one. Most
phones write their own name as software, so only programs that edit or make pictures are named.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from PIL import Image

PLACE, EDITED, LATER, OLD = "place", "edited", "later", "old"
# A camera's clock has no time zone: noon on one island is fourteen hours before noon in Greenwich, so a day is slack.
SLACK: Final = timedelta(days=1)
OLD_AFTER: Final = timedelta(days=2 * 365)
LONGEST_NAME: Final = 60
_GPS, _EXIF = 0x8825, 0x8769
_LATITUDE, _LONGITUDE = 2, 4
_SOFTWARE: Final = (0x0131, 0x000B)  # Software, ProcessingSoftware
_TAKEN: Final = (0x9003, 0x9004)  # DateTimeOriginal, DateTimeDigitized
_XMP_READ: Final = 65_536
_CREATOR: Final = re.compile(rb"""CreatorTool(?:\s*=\s*["']|>)([^"'<]{1,120})""")
_EDITORS: Final = re.compile(
    r"photoshop|lightroom|gimp|snapseed|picsart|canva|facetune|pixelmator|affinity|paint\.net|capture one|luminar"
    r"|faceapp|meitu|vsco|polarr|darktable|rawtherapee|photoscape|pixlr|fotor|photopea|midjourney|dall|firefly"
    r"|stable diffusion|inkscape|imagemagick",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """What a file told: whether of a place, the names of programs, and when it says it was taken (without zone)."""

    has_place: bool = False
    software: tuple[str, ...] = ()
    taken_at: datetime | None = None


NOTHING: Final = Told()


def told_by(picture: Image.Image) -> Told:
    """Read what an opened picture tells; a part that is broken tells nothing."""
    try:
        exif = picture.getexif()
        place, details = exif.get_ifd(_GPS), exif.get_ifd(_EXIF)
        return Told(
            has_place=_LATITUDE in place and _LONGITUDE in place,
            software=_names(exif, picture.info),
            taken_at=next((found for tag in _TAKEN if (found := _moment(details.get(tag)))), None),
        )
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        # Pillow answers broken tags with any of these, and they never stop a photo.
        return NOTHING


def hints_of(told: Told, *, sent_at: datetime) -> list[dict[str, str]]:
    """Return the hints of a photo sent at a moment, as they are stored."""
    found = [{"code": PLACE}] if told.has_place else []
    found += [{"code": EDITED, "software": name} for name in told.software if _EDITORS.search(name)][:1]
    if told.taken_at is None:
        return found
    sent = sent_at.replace(tzinfo=None)
    if told.taken_at > sent + SLACK:
        found.append({"code": LATER, "day": told.taken_at.date().isoformat()})
    elif told.taken_at < sent - OLD_AFTER:
        found.append({"code": OLD, "day": told.taken_at.date().isoformat()})
    return found


def _names(exif: Mapping[int, Any], info: Mapping[Any, Any]) -> tuple[str, ...]:
    xmp = info.get("xmp") or b""
    written = _CREATOR.findall(xmp[:_XMP_READ]) if isinstance(xmp, bytes) else []
    given = [*(exif.get(tag) for tag in _SOFTWARE), info.get("Software"), *written]
    return tuple(dict.fromkeys(name for each in given if (name := _name(each))))


def _name(given: Any) -> str:
    text = given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given or "")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST_NAME]


def _moment(given: Any) -> datetime | None:
    try:
        return datetime.strptime(str(given or "").strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - see SLACK
    except ValueError:
        return None
