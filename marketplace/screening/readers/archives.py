"""ZIP files with a list: opened in memory, within limits, and never written anywhere. Pure."""

import io
import zipfile
import zlib
from typing import Final

from marketplace.core.text import N_
from marketplace.screening.entries import LARGEST_BYTES, ListRefused

MOST_FILES: Final = 6
_MAGIC: Final = b"PK\x03\x04"


def is_zip(raw: bytes) -> bool:
    """Say whether the bytes begin as a ZIP file does."""
    return raw.startswith(_MAGIC)


def unpacked(raw: bytes) -> dict[str, bytes]:
    """Return the files by their names in small letters, without folders; raise ListRefused for a broken or huge ZIP."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MOST_FILES:
                raise ListRefused(N_("The ZIP holds more files than a list has."))
            if sum(member.file_size for member in members) > LARGEST_BYTES:
                raise ListRefused(N_("The file is too large: at most 100 MB."))
            return {member.filename.rpartition("/")[2].lower(): _read(archive, member) for member in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise ListRefused(N_("The ZIP is cut or damaged.")) from None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a member; the size that the archive tells is not believed."""
    with archive.open(member) as source:
        content = source.read(LARGEST_BYTES + 1)
    if len(content) > LARGEST_BYTES:
        raise ListRefused(N_("The file is too large: at most 100 MB."))
    return content
