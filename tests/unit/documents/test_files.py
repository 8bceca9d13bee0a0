"""Which files are kept as documents, and what is said of the others."""

import pytest

from marketplace.core.images import ImageLimits, ImageRefused
from marketplace.documents.files import LARGEST_PDF, FileRefused, ReadFile, read_file
from tests.builders.documents import pdf
from tests.builders.lots import photo

LIMITS = ImageLimits(most_bytes=2_000_000, most_pixels=4_000_000)


def read(content: bytes, name: str = "paper.pdf") -> ReadFile:
    return read_file(content, name, limits=LIMITS)


def refusal(content: bytes, name: str = "paper.pdf") -> str:
    with pytest.raises((FileRefused, ImageRefused)) as refused:
        read(content, name)
    return refused.value.message % refused.value.params


def with_body(body: bytes) -> bytes:
    return b"%PDF-1.4\n1 0 obj " + body + b" endobj " + b" " * 40 + b"\n%%EOF\n"


def test_a_pdf_is_kept_as_it_came() -> None:
    kept = read(pdf())

    assert (kept.content, kept.content_type) == (pdf(), "application/pdf")
    assert kept.sha256 == kept.sent_sha256
    assert len(kept.sha256) == 64


def test_a_photo_is_kept_anew_and_its_sent_file_is_known_again() -> None:
    kept, again = read(photo(1), "IMG 1.JPG"), read(photo(1), "other.jpeg")

    assert (kept.content_type, kept.content[8:12]) == ("image/webp", b"WEBP")
    assert kept.sha256 != kept.sent_sha256
    assert kept.sent_sha256 == again.sent_sha256


@pytest.mark.parametrize("header", [b"%PDF-1.0\n", b"%PDF-1.7\r", b"%PDF-2.0 ", b"%PDF-1.4%"])
def test_every_version_of_the_format_is_read(header: bytes) -> None:
    assert read(header + pdf()[9:]).content_type == "application/pdf"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"MZ\x90\x00", "This is no PDF and no photo."),
        (b"<html>", "This is no PDF and no photo."),
        (b"\n" + pdf(), "This is no PDF and no photo."),
        (b"GIF89a", "This is no PDF and no photo."),
        (b"RIFF\x00\x00\x00\x00WEBP", "This is no PDF and no photo."),
        (b"\x00\x00\x00\x18ftypavif", "This is no PDF and no photo."),
        (pdf().replace(b"1.4", b"1.8"), "This PDF is broken or cut."),
        (pdf().replace(b"%%EOF", b""), "This PDF is broken or cut."),
        (pdf() + b" " * 1024, "This PDF is broken or cut."),
        (b"%PDF-1.4\n%%EOF\n", "This PDF is broken or cut."),
        (with_body(b"<</Encrypt 5 0 R>>"), "This PDF is locked."),
        (with_body(b"<</S/JavaScript/JS(app.alert(1))>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</JS 7 0 R>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</S/J#61vaScript>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</S /Launch/F(cmd)>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</Type/EmbeddedFile>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</Names<</EmbeddedFiles 3 0 R>>>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</Subtype/RichMedia>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</XFA 4 0 R>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</S/SubmitForm>>"), "This PDF holds a program, a form or another file."),
        (with_body(b"<</S/ImportData>>"), "This PDF holds a program, a form or another file."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    assert refusal(content).startswith(words)


def test_words_that_only_begin_like_an_action_pass() -> None:
    assert read(with_body(b"<</JSX 1/Launcher 2/EncryptMetadata false/XFAB 1>>")).content_type == "application/pdf"


def test_a_pdf_may_have_so_many_bytes_and_no_more() -> None:
    whole = pdf()
    padded = whole.replace(b"\nstartxref", b" " * (LARGEST_PDF - len(whole)) + b"\nstartxref")

    assert len(read(padded).content) == LARGEST_PDF
    assert refusal(padded.replace(b"1 0 obj", b"1 0 obj ")) == (
        "This PDF is larger than 10 MB. Scan it with less detail."
    )


def test_the_end_of_a_pdf_stands_in_its_last_kilobyte() -> None:
    whole = pdf().rstrip()

    assert read(whole + b" " * (1024 - len(b"%%EOF"))).content_type == "application/pdf"
    assert refusal(whole + b" " * (1024 - len(b"%%EOF") + 1)).startswith("This PDF is broken or cut.")


def test_a_broken_photo_is_refused() -> None:
    assert refusal(b"\xff\xd8\xff broken", "a.jpg") == "This file is broken. Take the photo again."


@pytest.mark.parametrize("name", ["", "permit", "PML 0012345.2024.pdf", "PERMIT.PDF", "carte d'orpailleur.Pdf", "a.b"])
def test_honest_names_pass(name: str) -> None:
    assert read(pdf(), name).content_type == "application/pdf"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("permit.pdf.exe", "The name of the file has two endings."),
        ("permit.exe.pdf", "The name of the file has two endings."),
        ("scan.jpg.pdf", "The name of the file has two endings."),
        ("permit. EXE .pdf", "The name of the file has two endings."),
        ("permit.exe", "The name of the file says another kind than its content."),
        ("permit.jpg", "The name of the file says another kind than its content."),
        ("per\u0007mit.pdf", "The name of the file has characters that cannot be printed."),
        ("p" * 197 + ".pdf", "The name of the file is too long."),
    ],
)
def test_names_that_deceive_are_refused(name: str, words: str) -> None:
    assert refusal(pdf(), name).startswith(words)


def test_a_name_may_have_two_hundred_letters() -> None:
    assert read(pdf(), "p" * 196 + ".pdf").content_type == "application/pdf"
