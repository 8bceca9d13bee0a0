"""Read what a signatory typed about where to pay: all faults at once, and the masked form people see. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.core.errors import FieldError, InvalidInput
from marketplace.core.text import N_
from marketplace.payments.rail_table import RailTable
from marketplace.payments.rails import MOBILE_PROVIDERS, Rail

LONGEST: Final = 100
SHOWN_DIGITS: Final = 4
_SEPARATORS: Final = re.compile(r"[\s.\-]+")
_ACCOUNT: Final = re.compile(r"[A-Z0-9]{5,34}")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_STRIPE_ACCOUNT: Final = re.compile(r"acct_[A-Za-z0-9]{8,40}")
# International form, as phone networks and providers want it: country code first.
_PHONE: Final = re.compile(r"\+[1-9][0-9]{7,14}")


@dataclass(frozen=True, slots=True)
class Details:
    """A checked destination; `number` is the account, IBAN or telephone number."""

    rail: Rail
    holder: str
    institution: str
    number: str
    bic: str

    @property
    def masked(self) -> str:
        """Return the number with all but its last four signs hidden."""
        return f"•••• {self.number[-SHOWN_DIGITS:]}"


def read_details(answers: Mapping[str, str], *, country: str = "", rail_table: RailTable | None = None) -> Details:
    """Return the checked destination; raise InvalidInput naming every field that needs another answer.

    With the table of rails, mobile numbers are checked by their country, and rail and provider by the cooperative's.
    """
    errors: dict[str, FieldError | str] = {}
    rail = answers.get("rail", "").strip()
    holder = _line(answers, "holder", N_("Enter the name the account is in."), errors)
    if rail not in tuple(Rail):
        errors["rail"] = N_("Choose how you want to be paid.")
        raise InvalidInput(errors)
    institution, number, bic = _READERS[Rail(rail)](answers, errors)
    table = rail_table
    if country and table is not None:
        _check_country(table, country=country, rail=Rail(rail), institution=institution, errors=errors)
    if table is not None and rail == Rail.MOBILE_MONEY and "phone" not in errors and not table.is_mobile_number(number):
        errors["phone"] = N_("This is not a mobile number of its country. Compare it with the telephone.")
    if errors:
        raise InvalidInput(errors)
    return Details(Rail(rail), holder, institution, number, bic)


def is_iban(text: str) -> bool:
    """Tell whether the text is an IBAN with right check digits (ISO 13616: modulo 97 gives 1)."""
    if not _IBAN.fullmatch(text):
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _read_bank(answers: Mapping[str, str], errors: dict[str, FieldError | str]) -> tuple[str, str, str]:
    bank = _line(answers, "bank", N_("Enter the name of the bank."), errors)
    account = _SEPARATORS.sub("", answers.get("account", "")).upper()
    bic = _SEPARATORS.sub("", answers.get("bic", "")).upper()
    if not account:
        errors["account"] = N_("Enter the account number or IBAN.")
    elif _looks_like_iban(account) and not is_iban(account):
        errors["account"] = N_("This IBAN has a mistake. Compare it with a bank paper.")
    elif not _ACCOUNT.fullmatch(account):
        errors["account"] = N_("An account number has 5 to 34 letters and digits.")
    if bic and not _BIC.fullmatch(bic):
        errors["bic"] = N_("A BIC or SWIFT code has 8 or 11 signs. Leave it empty if you do not know it.")
    return bank, account, bic


def _read_cash(answers: Mapping[str, str], errors: dict[str, FieldError | str]) -> tuple[str, str, str]:
    """Read who takes the cash: the holder is the named receiver, the number is of a paper she shows."""
    paper = _SEPARATORS.sub("", answers.get("id_number", "")).upper()
    if not _ACCOUNT.fullmatch(paper):
        errors["id_number"] = N_("Enter the number of the receiver’s identity paper, 5 to 34 letters and digits.")
    return Rail.CASH.value, paper, ""


def _read_stripe(answers: Mapping[str, str], errors: dict[str, FieldError | str]) -> tuple[str, str, str]:
    account = answers.get("stripe_account", "").strip()
    if not _STRIPE_ACCOUNT.fullmatch(account):
        errors["stripe_account"] = N_("An account at Stripe begins with acct_.")
    return Rail.STRIPE.value, account, ""


def _check_country(
    table: RailTable, *, country: str, rail: Rail, institution: str, errors: dict[str, FieldError | str]
) -> None:
    if rail not in table.rails_of(country) and rail != Rail.MOBILE_MONEY:
        errors["rail"] = N_("We cannot pay this way in your country. Choose another way.")
    known = table.providers_of(country)
    if rail == Rail.MOBILE_MONEY and known and institution not in known and "provider" not in errors:
        errors["provider"] = N_("This provider does not pay out in your country. Choose another one.")


def _looks_like_iban(account: str) -> bool:
    return len(account) >= 15 and account[:2].isalpha() and account[2:4].isdigit()


def _read_mobile(answers: Mapping[str, str], errors: dict[str, FieldError | str]) -> tuple[str, str, str]:
    provider = answers.get("provider", "").strip()
    phone = _SEPARATORS.sub("", answers.get("phone", "")).replace("(", "").replace(")", "")
    phone = "+" + phone[2:] if phone.startswith("00") else phone
    if provider not in MOBILE_PROVIDERS:
        errors["provider"] = N_("Choose the mobile-money provider.")
    if not _PHONE.fullmatch(phone):
        errors["phone"] = N_("Enter the number with its country code, such as +255 712 345 678.")
    return provider, phone, ""


def _line(answers: Mapping[str, str], field: str, empty: str, errors: dict[str, FieldError | str]) -> str:
    text = " ".join(answers.get(field, "").split())
    if not text:
        errors[field] = empty
    elif len(text) > LONGEST or not text.isprintable():
        errors[field] = FieldError(N_("Use at most %(most)s letters."), most=LONGEST)
    return text


_READERS: Final = {
    Rail.BANK: _read_bank,
    Rail.MOBILE_MONEY: _read_mobile,
    Rail.CASH: _read_cash,
    Rail.STRIPE: _read_stripe,
}
