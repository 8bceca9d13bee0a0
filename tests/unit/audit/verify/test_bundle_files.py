"""Zip files of strangers: paths, bombs, links and doubles are refused, each with its reason."""

import io
import warnings
import zipfile

import pytest

from marketplace.audit.tlog.errors import Malformed
from marketplace.audit.verify.bundle_files import (
    MAX_BUNDLE_BYTES,
    MAX_MEMBER_BYTES,
    MAX_MEMBERS,
    NEEDED,
    read_bundle,
)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, mode: int = 0o100644) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        warnings.simplefilter("ignore")  # the doubles are meant
        for name, content in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = method, mode << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


WHOLE = tuple((name, b"x") for name in NEEDED)


def refused(raw: bytes) -> Malformed:
    with pytest.raises(Malformed) as found:
        read_bundle(raw)
    return found.value


def test_a_whole_bundle_is_read() -> None:
    assert read_bundle(zipped(*WHOLE, ("README.txt", b"Hello"))) == {**dict(WHOLE), "README.txt": b"Hello"}


@pytest.mark.parametrize("name", ["../passport.json", "a/passport.json", "/etc/passwd", "..\\x", "C:x", "..", "a/"])
def test_paths_are_refused(name: str) -> None:
    assert refused(zipped((name, b"x"))).code == "bundle-path"


def test_other_faults_of_a_zip_are_told_apart() -> None:
    assert refused(zipped(("virus.exe", b"x"))).code == "bundle-name"
    assert refused(zipped(*WHOLE, WHOLE[0])).code == "bundle-duplicate"
    assert refused(zipped(*WHOLE, method=zipfile.ZIP_BZIP2)).code == "bundle-method"
    assert refused(zipped(*WHOLE, mode=0o120777)).code == "bundle-link"
    assert refused(zipped(*WHOLE[1:])).message == "The bundle has no passport.json."
    assert refused(b"PK").code == "bundle-zip"
    assert refused(b"").code == "bundle-zip"
    assert refused(zipped(*WHOLE)[:-5]).code == "bundle-zip"
    assert refused(bytes(MAX_BUNDLE_BYTES + 1)).code == "bundle-size"
    assert refused(zipped(*((f"{number}.txt", b"") for number in range(MAX_MEMBERS + 1)))).code == "bundle-members"


def test_a_bomb_is_refused_by_what_it_says_and_by_what_comes_out() -> None:
    at_limit = zipped(("passport.json", bytes(MAX_MEMBER_BYTES)), *WHOLE[1:])
    bomb = zipped(("passport.json", bytes(MAX_MEMBER_BYTES + 1)), *WHOLE[1:])

    assert len(read_bundle(at_limit)["passport.json"]) == MAX_MEMBER_BYTES
    assert refused(bomb).code == "bundle-bomb"
    true_size, told = (each.to_bytes(4, "little") for each in (MAX_MEMBER_BYTES + 1, 5))
    assert refused(bomb.replace(true_size, told)).code in ("bundle-bomb", "bundle-zip")


def test_an_encrypted_file_is_refused() -> None:
    raw = bytearray(zipped(*WHOLE))
    place = raw.index(b"PK\x01\x02")
    raw[place + 8] |= 1

    assert refused(bytes(raw)).code == "bundle-encrypted"
