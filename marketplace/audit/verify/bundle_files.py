"""The files of a passport's bundle, out of a zip from a stranger: known names only, and never more than fits."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from ..tlog.errors import Malformed

PASSPORT: Final = "passport.json"
ENVELOPED: Final = "passport.jwt"
EVENTS: Final = "events.epcis.json"
LEAF: Final = "leaf.json"
PROOF: Final = "passport.tlog-proof"
DID: Final = "did.json"
LOG_KEY: Final = "log.vkey"
STATUS: Final = "status-list.json"
POLICY: Final = "policy"
README: Final = "README.txt"
NEEDED: Final = (PASSPORT, ENVELOPED, EVENTS, LEAF, PROOF, DID, LOG_KEY)
KNOWN: Final = (*NEEDED, STATUS, POLICY, README)
MAX_BUNDLE_BYTES: Final = 4_000_000
MAX_MEMBER_BYTES: Final = 2_000_000
MAX_MEMBERS: Final = 16
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What Python's reader raises for archives that were cut or made up.
_BROKEN: Final = (
    # zipfile raises NotImplementedError for a way of packing that it does not know, RuntimeError for a locked member
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError,
    OverflowError,
)  # fmt: skip


def read_bundle(raw: bytes) -> Mapping[str, bytes]:
    """Return the files by name.

    Raises Malformed: `bundle-size`, `bundle-zip`, `bundle-members`, `bundle-path`, `bundle-name`, `bundle-duplicate`,
    `bundle-encrypted`, `bundle-method`, `bundle-link`, `bundle-bomb`, `bundle-missing`.
    """
    if len(raw) > MAX_BUNDLE_BYTES:
        raise Malformed("bundle-size", f"The file has {len(raw)} bytes; a bundle has at most {MAX_BUNDLE_BYTES}.")
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            _check_members(members)
            found = {each.filename: _content(archive, each) for each in members}
    except Malformed:
        raise
    except _BROKEN as error:
        raise Malformed("bundle-zip", "The file is not a zip file, or it is damaged.") from error
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise Malformed("bundle-missing", f"The bundle has no {missing[0]}.")
    return found


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise Malformed("bundle-members", f"The bundle has {len(members)} files; at most {MAX_MEMBERS} are read.")
    names = [each.orig_filename for each in members]
    for name in names:
        _check_name(name)
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise Malformed("bundle-duplicate", f"The file {twice[0]} stands in the bundle twice.")
    for each in members:
        _check_member(each)


def _check_name(name: str) -> None:
    if name.startswith(("/", "\\")) or "\\" in name or ".." in name or "/" in name or ":" in name:
        raise Malformed("bundle-path", f"The name {_shown(name)} leads out of the bundle or into a folder.")
    if name not in KNOWN:
        raise Malformed("bundle-name", f"The file {_shown(name)} does not belong into a bundle.")


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    if member.flag_bits & _ENCRYPTED:
        raise Malformed("bundle-encrypted", f"The file {name} is encrypted.")
    if member.compress_type not in _METHODS:
        raise Malformed("bundle-method", f"The file {name} is compressed in a way that is not read.")
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise Malformed("bundle-link", f"The file {name} is a link or a folder.")
    if member.file_size > MAX_MEMBER_BYTES:
        raise _too_large(name)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # The size in the table of contents may lie: count what really comes out.
    with archive.open(member) as file:
        content = file.read(MAX_MEMBER_BYTES + 1)
    if len(content) > MAX_MEMBER_BYTES:
        raise _too_large(member.filename)
    return content


def _too_large(name: str) -> Malformed:
    return Malformed("bundle-bomb", f"The file {name} would unpack to more than {MAX_MEMBER_BYTES} bytes.")


def _shown(name: str) -> str:
    return ascii(name[:80])
