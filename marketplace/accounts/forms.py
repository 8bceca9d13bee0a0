"""The forms of an account, each read into plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.accounts.answers import COUNTRIES, LANGUAGES, AnswerReader
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.text import N_

NAME = 120
COMPANY = 160
SCOPES = ("read", "write")
NO_ROLE = N_("Choose at least one role.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A new buyer as she registers."""

    email: str
    name: str
    password: str = field(repr=False)
    company: str
    country: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What an invited person adds."""

    name: str
    language: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a person is called, reached and spoken to."""

    name: str
    language: str
    phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitee:
    """Who is invited, with the roles she is to have."""

    email: str
    name: str
    language: str
    roles: tuple[str, ...]


def read_registration(form: Mapping[str, str], *, language: str) -> Registration:
    """Read the registration form; raise InvalidInput."""
    read = AnswerReader(form)
    email, name = read.email(), read.line("name", most=NAME)
    company, country = read.line("company", most=COMPANY), read.choice("country", COUNTRIES)
    password = read.new_password("password", personal=(email, name, company))
    read.finish()
    return Registration(email=email, name=name, password=password, company=company, country=country, language=language)


def read_acceptance(form: Mapping[str, str], *, email: str) -> Acceptance:
    """Read the form an invited person fills; raise InvalidInput."""
    read = AnswerReader(form)
    name, language = read.line("name", most=NAME), read.choice("language", LANGUAGES)
    password = read.new_password("password", personal=(email, name))
    read.finish()
    return Acceptance(name=name, language=language, password=password)


def read_profile(form: Mapping[str, str]) -> Profile:
    """Read name, language and telephone; raise InvalidInput."""
    read = AnswerReader(form)
    name, language, phone = read.line("name", most=NAME), read.choice("language", LANGUAGES), read.phone()
    read.finish()
    return Profile(name=name, language=language, phone=phone)


def read_company(form: Mapping[str, str]) -> tuple[str, str]:
    """Read a buyer's company and country; raise InvalidInput."""
    read = AnswerReader(form)
    company, country = read.line("company", most=COMPANY), read.choice("country", COUNTRIES)
    read.finish()
    return company, country


def read_email(form: Mapping[str, str]) -> str:
    """Read an e-mail address; raise InvalidInput."""
    read = AnswerReader(form)
    email = read.email()
    read.finish()
    return email


def read_new_password(form: Mapping[str, str], *, personal: Sequence[str]) -> str:
    """Read a new password; raise InvalidInput."""
    read = AnswerReader(form)
    password = read.new_password("password", personal=personal)
    read.finish()
    return password


def read_staff_invitee(form: Mapping[str, str], *, roles: Sequence[str]) -> Invitee:
    """Read whom an administrator invites; raise InvalidInput."""
    read = AnswerReader(form)
    email, name, language = read.email(), read.line("name", most=NAME), read.choice("language", LANGUAGES)
    if not roles or not set(roles) <= set(StaffRole):
        read.refuse("roles", NO_ROLE)
    read.finish()
    return Invitee(email=email, name=name, language=language, roles=tuple(sorted(set(roles))))


def read_officer_invitee(form: Mapping[str, str]) -> Invitee:
    """Read whom a cooperative or a moderator invites as an officer; raise InvalidInput."""
    read = AnswerReader(form)
    email, name, language = read.email(), read.line("name", most=NAME), read.choice("language", LANGUAGES)
    role = read.choice("role", tuple(MemberRole))
    read.finish()
    return Invitee(email=email, name=name, language=language, roles=(role,))


def read_token_form(form: Mapping[str, str], *, scopes: Sequence[str]) -> tuple[str, list[str]]:
    """Read the label and the scopes of a new API token; raise InvalidInput."""
    read = AnswerReader(form)
    label = read.line("label", most=60)
    if not scopes or not set(scopes) <= set(SCOPES):
        read.refuse("scopes", N_("Choose what the token may do."))
    read.finish()
    return label, sorted(set(scopes))


def read_level(form: Mapping[str, str]) -> tuple[int, str]:
    """Read a buyer's level and the reason told to her; raise InvalidInput."""
    read = AnswerReader(form)
    level, note = read.choice("level", ("0", "1", "2", "3")), read.line("note", most=500, needed=False)
    read.finish()
    return int(level), note
