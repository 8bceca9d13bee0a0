"""QR codes of passports: the address in capitals, so that the code is small and read from worn bags."""

import io

import segno

from marketplace.passport.addresses import printed

_BORDER = 4
_SCALE = 8


def svg_of(base_url: str, *, reference: str) -> str:
    """Return the code as an SVG picture, with the quiet zone that readers need."""
    buffer = io.BytesIO()
    _code(base_url, reference).save(buffer, kind="svg", scale=_SCALE, border=_BORDER, light="#fff", xmldecl=False)
    return buffer.getvalue().decode("utf-8")


def png_of(base_url: str, *, reference: str) -> bytes:
    """Return the code as a PNG picture."""
    buffer = io.BytesIO()
    _code(base_url, reference).save(buffer, kind="png", scale=_SCALE, border=_BORDER)
    return buffer.getvalue()


def _code(base_url: str, reference: str) -> segno.QRCode:
    return segno.make_qr(printed(base_url, reference=reference), error="q", boost_error=False)
