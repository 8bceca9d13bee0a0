"""How the codes of reference series stand in addresses: XAU/USD:LBMA is read as XAU-USD.LBMA."""

from typing import Final

_TO_ADDRESS: Final = str.maketrans("/:", "-.")
_TO_CODE: Final = str.maketrans("-.", "/:")


def address_of(code: str) -> str:
    """Return a series' code as it stands in an address."""
    return code.translate(_TO_ADDRESS)


def code_of(address: str) -> str:
    """Return the code of a series from its part of an address."""
    return address.translate(_TO_CODE)
