"""Files from strangers that are kept as documents: known by their first bytes, within limits, without active parts.

Photos are drawn anew. A PDF is kept as it came, so one that could do anything by itself is refused. What is looked for
stands in ISO 32000-1: the header (7.5.2), the end (7.5.5), names written with # (7.3.5), actions (12.6.4), encryption
(7.6), embedded files (7.11.4). Names inside compressed streams stay unseen: that is why a PDF is never shown inline.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from marketplace.core.errors import DomainError
from marketplace.core.images import ImageLimits, read_photo
from marketplace.core.text import N_

LARGEST_PDF: Final = 10 * 1024 * 1024
SMALLEST_PDF: Final = 64
LONGEST_NAME: Final = 200
PDF, WEBP = "application/pdf", "image/webp"
EXTENSIONS: Final = {PDF: "pdf", WEBP: "webp"}
_MEGABYTE: Final = 1024 * 1024
_HEADER: Final = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n \t%]")
_END_WITHIN: Final = 1024
_HEX: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
# A name ends at white space or a delimiter, so that /JSX is not taken for /JS.
_ACTIVE: Final = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?=[\s/<>\[\]()%{}]|\Z)"
)
_ENCRYPTED: Final = re.compile(rb"/Encrypt(?=[\s/<>\[\]()%{}]|\Z)")
_HEIF: Final = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_SUFFIXES: Final = {
    "pdf": {"pdf"},
    "jpeg": {"jpg", "jpeg", "jpe", "jfif"},
    "png": {"png"},
    "heic": {"heic", "heif"},
}
# Suffixes that no paper needs a second of, and those that run.
_KNOWN: Final = frozenset().union(*_SUFFIXES.values()) | {
    "exe", "com", "bat", "cmd", "scr", "msi", "js", "vbs", "ps1", "sh", "jar", "apk", "app", "html", "htm", "xhtml",
    "svg",
    "xml", "php", "zip", "rar", "7z", "gz", "iso", "doc", "docx", "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "lnk",
}  # fmt: skip


class FileRefused(DomainError):
    """The file cannot be kept; the message says what to do."""

    code = "file_refused"
    message = N_("This file is broken. Scan the paper again, or take a photo of it.")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that may be kept. `sent_sha256` is of the bytes as they came, `sha256` of `content`."""

    content: bytes
    content_type: str
    sha256: str
    sent_sha256: str


def read_file(content: bytes, name: str, *, limits: ImageLimits) -> ReadFile:
    """Return what is kept of a file; raise FileRefused or ImageRefused."""
    kind = _kind_of(content)
    _check_name(name, kind)
    if kind == "pdf":
        _check_pdf(content)
        kept, content_type = content, PDF
    else:
        photo = read_photo(content, limits)
        kept, content_type = photo.sizes[max(photo.sizes)], WEBP
    return ReadFile(kept, content_type, sha256(kept).hexdigest(), sha256(content).hexdigest())


def _kind_of(content: bytes) -> str:
    if not content:
        raise FileRefused(N_("This file is empty. Choose it again."))
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF:
        return "heic"
    raise FileRefused(N_("This is no PDF and no photo. Send a PDF, JPEG, PNG or HEIC file."))


def _check_name(name: str, kind: str) -> None:
    """Hold the name against the content; a name without a suffix says nothing and is let pass."""
    if len(name) > LONGEST_NAME:
        raise FileRefused(N_("The name of the file is too long. Give it a shorter one."))
    if any(letter < " " or letter == "\x7f" for letter in name):
        raise FileRefused(N_("The name of the file has characters that cannot be printed. Give it another one."))
    _stem, *suffixes = (part.strip().lower() for part in name.split("."))
    if any(suffix in _KNOWN for suffix in suffixes[:-1]):
        raise FileRefused(N_("The name of the file has two endings. Give it one, such as permit.pdf."))
    if suffixes and suffixes[-1] in _KNOWN and suffixes[-1] not in _SUFFIXES[kind]:
        raise FileRefused(N_("The name of the file says another kind than its content. Choose the file itself."))


def _check_pdf(content: bytes) -> None:
    if len(content) > LARGEST_PDF:
        raise FileRefused(
            N_("This PDF is larger than %(most)s MB. Scan it with less detail."), most=LARGEST_PDF // _MEGABYTE
        )
    if len(content) < SMALLEST_PDF or _HEADER.match(content) is None or b"%%EOF" not in content[-_END_WITHIN:]:
        raise FileRefused(N_("This PDF is broken or cut. Save it again, or take a photo of the paper."))
    names = _HEX.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _ENCRYPTED.search(names) is not None:
        raise FileRefused(N_("This PDF is locked. Save it without a password."))
    if _ACTIVE.search(names) is not None:
        raise FileRefused(N_("This PDF holds a program, a form or another file. Print it as a plain PDF."))
