"""What a cooperative tells about itself, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY, LEGAL_FORMS, codes
from marketplace.core.text import N_

LONGEST_ABOUT: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A cooperative's answers. `officer_email` names its secretary when Pact staff enter it on its behalf."""

    legal_name: str
    legal_form: str
    registration_number: str
    country: str
    region: str
    district: str
    members_total: int
    members_women: int
    is_women_led: bool
    contact_phone: str
    payout_currency: str
    founded_on: date | None = None
    about: str = ""
    officer_email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAnswers:
    """What an approved cooperative may change by itself, without a new review."""

    members_total: int
    members_women: int
    contact_phone: str
    about: str


def read_application(given: Mapping[str, str], *, today: date) -> Application:
    """Return the application, or raise InvalidInput naming every field that needs another answer."""
    answers = Answers(given)
    country = answers.choice("country", CURRENCY_OF_COUNTRY)
    total, women = _members(answers)
    application = Application(
        legal_name=answers.line("legal_name", empty=N_("Enter the registered name.")),
        legal_form=answers.choice("legal_form", codes(LEGAL_FORMS)),
        registration_number=answers.line("registration_number", empty=N_("Enter the registration number."), most=60),
        country=country,
        region=answers.line("region", empty=N_("Enter the region."), most=80),
        district=answers.line("district", empty=N_("Enter the district."), most=80),
        founded_on=answers.day("founded_on"),
        members_total=total,
        members_women=women,
        is_women_led=answers.choice("is_women_led", ("yes", "no")) == "yes",
        about=answers.line("about", most=LONGEST_ABOUT),
        contact_phone=answers.phone("contact_phone", empty=N_("Enter a telephone number.")),
        payout_currency=answers.choice("payout_currency", payout_currencies(country)),
        officer_email=answers.line("officer_email", most=254).lower(),
    )
    if application.founded_on and application.founded_on > today:
        answers.refuse("founded_on", N_("This day is still to come."))
    answers.finish()
    return application


def read_open_answers(given: Mapping[str, str]) -> OpenAnswers:
    """Return what an approved cooperative may change by itself, or raise InvalidInput."""
    answers = Answers(given)
    total, women = _members(answers)
    found = OpenAnswers(
        members_total=total,
        members_women=women,
        contact_phone=answers.phone("contact_phone", empty=N_("Enter a telephone number.")),
        about=answers.line("about", most=LONGEST_ABOUT),
    )
    answers.finish()
    return found


def payout_currencies(country: str) -> tuple[str, ...]:
    """Return the currencies a cooperative of this country may be paid in."""
    local = CURRENCY_OF_COUNTRY.get(country)
    return ("USD", local) if local else ("USD", *sorted(CURRENCY_OF_COUNTRY.values()))


def _members(answers: Answers) -> tuple[int, int]:
    total = answers.count("members_total", empty=N_("Enter how many members there are."))
    women = answers.count("members_women", empty=N_("Enter how many members are women; 0 when none."))
    if "members_total" not in answers.errors and total == 0:
        answers.refuse("members_total", N_("A cooperative has at least one member."))
    if not answers.errors.keys() & {"members_total", "members_women"} and women > total:
        answers.refuse("members_women", N_("There cannot be more women than members."))
    return total, women
