"""Read what is typed into the steps of an application, strictly; and keep a draft as it was typed. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from marketplace.compliance.answers import Answers
from marketplace.compliance.application import LONGEST_ABOUT, Application, payout_currencies
from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY, LEGAL_FORMS, codes
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.onboarding.steps import BASES, FORMS, GRIEVANCE, PERMITS, POLICIES, Step

# How long a signed declaration holds: the publication requirements want one of the last 12 months.
ATTESTATION_LASTS: Final = timedelta(days=365)
LONGEST_KEPT: Final = 4_000
Typed = Mapping[str, str]

FIELDS: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.ORGANISATION: (
        "legal_name", "legal_form", "registration_number", "country", "region", "district", "founded_on",
        "contact_phone", "about",
    ),
    Step.MEMBERS: (
        "members_total", "members_women", "members_youth", "leaders_total", "leaders_women", "women_share", "basis",
        "counted_on",
    ),
    Step.RIGHTS: (
        "tax_number", *(f"{permit.code}_{part}" for permit in PERMITS for part in ("number", "until")),
        "shares_income", "income_rule",
    ),
    Step.POLICIES: tuple(f"{policy.code}_{part}" for policy in POLICIES for part in ("on", "by")),
    Step.PAYOUT: ("payout_currency",),
}  # fmt: skip


# Which number is part of which, and what to say when it is larger.
_WITHIN: Final = (
    ("members_women", "members_total", N_("There cannot be more women than members.")),
    ("members_youth", "members_total", N_("There cannot be more young people than members.")),
    ("leaders_total", "members_total", N_("There cannot be more leaders than members.")),
    ("leaders_women", "leaders_total", N_("There cannot be more women than leaders.")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who the cooperative is."""

    legal_name: str
    legal_form: str
    registration_number: str
    country: str
    region: str
    district: str
    founded_on: date | None
    contact_phone: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Who belongs to it. `women_share` is the women's share of what it owns, in whole hundredths; None when unknown."""

    members_total: int
    members_women: int
    members_youth: int
    leaders_total: int
    leaders_women: int
    women_share: int | None
    basis: str
    counted_on: date | None

    @property
    def is_women_led(self) -> bool:
        """Tell whether women hold half of the leading posts or more."""
        return 0 < self.leaders_total <= 2 * self.leaders_women


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit with its number and its last day."""

    code: str
    number: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Taxes, permits, and how income is shared."""

    tax_number: str
    permits: tuple[Permit, ...]
    shares_income: bool
    income_rule: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A declaration somebody signed on a day."""

    kind: str
    signed_on: date
    signed_by: str


def kept(step: Step, form: Typed) -> dict[str, str]:
    """Return a step as it was typed, to be kept as a draft; other fields of the form are left out."""
    found = {name: str(form.get(name) or "").replace("\x00", "")[:LONGEST_KEPT] for name in FIELDS[step]}
    return {name: text for name, text in found.items() if text.strip()}


def read_organisation(typed: Typed, *, today: date) -> Organisation:
    """Return the first step, or raise InvalidInput naming every field that needs another answer."""
    read = Answers(typed)
    found = Organisation(
        legal_name=read.line("legal_name", empty=N_("Enter the registered name.")),
        legal_form=read.choice("legal_form", codes(LEGAL_FORMS)),
        registration_number=read.line("registration_number", empty=N_("Enter the registration number."), most=60),
        country=read.choice("country", CURRENCY_OF_COUNTRY),
        region=read.line("region", empty=N_("Enter the region."), most=80),
        district=read.line("district", empty=N_("Enter the district."), most=80),
        founded_on=_past(read, "founded_on", today=today),
        contact_phone=read.phone("contact_phone", empty=N_("Enter a telephone number.")),
        about=read.line("about", most=LONGEST_ABOUT),
    )
    read.finish()
    return found


def read_members(typed: Typed, *, today: date) -> Members:
    """Return the numbers of members, which must fit together; raise InvalidInput."""
    read = Answers(typed)
    found = Members(
        members_total=read.count("members_total", empty=N_("Enter how many members there are.")),
        members_women=read.count("members_women", empty=N_("Enter how many members are women; 0 when none.")),
        members_youth=read.count("members_youth", empty=N_("Enter how many are younger than 25; 0 when none.")),
        leaders_total=read.count("leaders_total", empty=N_("Enter how many people lead.")),
        leaders_women=read.count("leaders_women", empty=N_("Enter how many of the leaders are women; 0 when none.")),
        women_share=_percent(read, "women_share"),
        basis=read.choice("basis", codes(BASES)),
        counted_on=_past(read, "counted_on", today=today, empty=N_("Enter the day of the count.")),
    )
    if "members_total" not in read.errors and found.members_total == 0:
        read.refuse("members_total", N_("A cooperative has at least one member."))
    if "leaders_total" not in read.errors and found.leaders_total == 0:
        read.refuse("leaders_total", N_("A cooperative has at least one leader."))
    for part, whole, message in _WITHIN:
        if not read.errors.keys() & {part, whole} and getattr(found, part) > getattr(found, whole):
            read.refuse(part, message)
    read.finish()
    return found


def read_rights(typed: Typed, *, today: date) -> Rights:
    """Return taxes, permits and sharing; raise InvalidInput."""
    read = Answers(typed)
    tax_number = read.line("tax_number", empty=N_("Enter the tax number."), most=60)
    permits = tuple(each for permit in PERMITS if (each := _permit(read, permit.code, today=today)) is not None)
    shares = read.choice("shares_income", ("yes", "no")) == "yes"
    rule = read.line("income_rule", empty=N_("Say in one sentence how it is shared.") if shares else None, most=2000)
    read.finish()
    return Rights(tax_number=tax_number, permits=permits, shares_income=shares, income_rule=rule)


def read_policies(typed: Typed, *, today: date) -> tuple[Signed, ...]:
    """Return the declarations that were signed; raise InvalidInput. The one about mercury may be left out."""
    read = Answers(typed)
    found = tuple(each for policy in POLICIES if (each := _signed(read, policy.code, today=today)) is not None)
    read.finish()
    return found


def read_payout(typed: Typed, *, country: str) -> str:
    """Return the currency in which a cooperative of this country wants to be paid; raise InvalidInput."""
    read = Answers(typed)
    currency = read.choice("payout_currency", payout_currencies(country))
    read.finish()
    return currency


def read_site_declaration(typed: Typed, *, today: date) -> Signed:
    """Return the declaration that no children work at a site; raise InvalidInput."""
    read = Answers(typed)
    found = _signed(read, "site", today=today)
    read.finish()
    return Signed("child_labour", found.signed_on if found else today, found.signed_by if found else "")


def errors_of(step: Step, answers: Mapping[str, Typed], *, today: date) -> int:
    """Return how many fields of a kept step need another answer."""
    typed = answers.get(step, {})
    country = answers.get(Step.ORGANISATION, {}).get("country", "")
    readers: Mapping[Step, Callable[[], object]] = {
        Step.ORGANISATION: lambda: read_organisation(typed, today=today),
        Step.MEMBERS: lambda: read_members(typed, today=today),
        Step.RIGHTS: lambda: read_rights(typed, today=today),
        Step.POLICIES: lambda: read_policies(typed, today=today),
        Step.PAYOUT: lambda: read_payout(typed, country=country),
    }
    try:
        if step in FORMS:
            readers[step]()
    except InvalidInput as error:
        return len(error.fields)
    return 0


def application_of(answers: Mapping[str, Typed], *, today: date) -> Application:
    """Return what the cooperative's own record keeps; steps that are not there yet count as nobody and nothing."""
    organisation = read_organisation(answers.get(Step.ORGANISATION, {}), today=today)
    members = None
    if not errors_of(Step.MEMBERS, answers, today=today):
        members = read_members(answers.get(Step.MEMBERS, {}), today=today)
    currency = answers.get(Step.PAYOUT, {}).get("payout_currency", "")
    allowed = payout_currencies(organisation.country)
    return Application(
        legal_name=organisation.legal_name,
        legal_form=organisation.legal_form,
        registration_number=organisation.registration_number,
        country=organisation.country,
        region=organisation.region,
        district=organisation.district,
        founded_on=organisation.founded_on,
        members_total=members.members_total if members else 0,
        members_women=members.members_women if members else 0,
        is_women_led=members.is_women_led if members else False,
        about=organisation.about,
        contact_phone=organisation.contact_phone,
        payout_currency=currency if currency in allowed else allowed[-1],
    )


def _past(read: Answers, name: str, *, today: date, empty: str | None = None) -> date | None:
    day = read.day(name, empty=empty)
    if day is not None and day > today:
        read.refuse(name, N_("This day is still to come."))
    return day


def _percent(read: Answers, name: str) -> int | None:
    if not read.typed(name):
        return None
    share = read.count(name, empty="")
    if share > 100:
        read.refuse(name, N_("Enter a share from 0 to 100."))
    return share


def _permit(read: Answers, code: str, *, today: date) -> Permit | None:
    number = read.line(f"{code}_number", most=60)
    until = read.day(f"{code}_until", empty=N_("Enter its last day.") if number else None)
    if until is not None and not number:
        read.refuse(f"{code}_number", N_("Enter the number of the licence."))
    if until is not None and until < today:
        read.refuse(f"{code}_until", N_("This permit has ended. Enter the new one, or leave it out."))
    return Permit(code, number, until) if number else None


def _signed(read: Answers, code: str, *, today: date) -> Signed | None:
    day, person = f"{code}_on", f"{code}_by"
    if code not in {GRIEVANCE, "child_labour", "site"} and not read.typed(day) and not read.typed(person):
        return None
    signed_on = _past(read, day, today=today, empty=N_("Enter the day the declaration was signed."))
    signed_by = read.line(person, empty=N_("Enter the name of the person who signed."), most=80)
    if signed_on is not None and today - signed_on > ATTESTATION_LASTS:
        read.refuse(day, N_("This is longer ago than 12 months. Have it signed again."))
    return Signed(code, signed_on, signed_by) if signed_on is not None else None
