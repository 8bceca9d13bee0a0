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
            # zipfile reads no more of a member than the size that was summed up, and checks its CRC
            return {member.filename.rpartition("/")[2].lower(): archive.read(member) for member in members}
    # zipfile raises NotImplementedError for a kind of compression it does not know, RuntimeError for a locked member
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise ListRefused(N_("The ZIP is cut or damaged.")) from None
