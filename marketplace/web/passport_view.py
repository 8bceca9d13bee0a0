"""A passport in the reader's words: the verdict first, then the facts, the journey and who got what."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.audit.refusals import LogRefused, NotSignedYet
from marketplace.audit.tlog.keys import VerifierKey
from marketplace.audit.tlog.policy import Policy
from marketplace.audit.verify.passports import Check, Question, State, check_passport
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.custody.record import LotRecord
from marketplace.custody.shares import BASIS_POINTS
from marketplace.http.context import current_uow, settings
from marketplace.http.languages import translate as _
from marketplace.passport import queries
from marketplace.passport.canonical import digest_of
from marketplace.passport.keys import PassportKeyRefused, load_issuer
from marketplace.passport.models import Passport
from marketplace.passport.published import bundle_members, log_keys
from marketplace.web.charts import BarPart, bar_parts
from marketplace.web.filters import country, fineness, short_date, variety, weight

NOT_YET: Final = N_("This version was issued a moment ago. Its proof is ready within two minutes.")
NEXT_VERSION: Final = N_("The next version follows within minutes, or by tomorrow. Come back before you rely on it.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to think of a version: `tone` colours it; one plain sentence, then what it means.

    `count` of signed entries, where it is genuine.
    """

    tone: str
    sentence: str
    meaning: str
    count: int = 0


def own_policy() -> Policy:
    """Return the policy that trusts the log of this house."""
    keys = tuple(VerifierKey.parse(each) for each in log_keys(current_uow().session))
    return Policy(logs=keys, witnesses={}, groups={}, quorum="none", urls={})


def verdict_of(passport: Passport, *, newest: Passport, record: LotRecord | None) -> Verdict:
    """Check the stored version as a stranger would, and say what holds."""
    session = current_uow().session
    if queries.revocation_of(session, passport) is not None:
        return Verdict("bad", _("Revoked. Do not trust this passport."), _("Pact took it back. Ask before you buy."))
    if passport.number < newest.number:
        meaning = _("A newer version exists. The files of this one tell how things stood before.")
        return Verdict("warn", _("Not the newest version of this passport."), meaning)
    try:
        checks = _checks(passport)
    except (NotSignedYet, LogRefused, PassportKeyRefused):
        return Verdict("info", _("Not proven yet."), _(NOT_YET))
    failing = {each.name for each in checks if each.state is State.FAILS}
    if failing == {"dates"}:
        meaning = _("It was valid until %(day)s. Ask Pact for a new one.", day=short_date(passport.valid_until))
        return Verdict("bad", _("This passport has expired."), meaning)
    if failing:
        return Verdict("bad", _("Something is wrong with this passport."), _("Do not rely on it. Tell Pact."))
    # The page shows the record of this moment: it must be the one that was signed.
    if record is not None and digest_of(record) != passport.record_sha256:
        meaning = _("What this page shows has changed since version %(number)s was signed.", number=passport.number)
        return Verdict("warn", _("Not signed yet in all parts."), f"{meaning} {_(NEXT_VERSION)}")
    return _genuine(record)


def _genuine(record: LotRecord | None) -> Verdict:
    meaning = _("The signatures prove that nobody changed the record. They cannot prove that it was true.")
    if record is None:
        return Verdict("info", _("Genuine, but this lot is not offered any more."), meaning)
    count = len(record.steps) + 1  # the entries of custody, and the one of this passport
    sentence = _("Genuine. This record is unbroken. Signed entries: %(count)s.", count=count)
    return Verdict("good", sentence, meaning, count)


def _checks(passport: Passport) -> Sequence[Check]:
    uow = current_uow()
    issuer = load_issuer(settings())
    members = bundle_members(
        uow.session, passport=passport, issuer=issuer, base_url=settings().base_url, now=uow.clock.wall()
    )
    return check_passport(Question(members, own_policy(), at=uow.clock.wall()))


def facts_of(record: LotRecord, passport: Passport) -> list[dict[str, str]]:
    """Return what the lot is; nothing nearer than the district, and nobody's name but the cooperative's."""
    place = ", ".join(each for each in (record.site.place.district, country(record.site.place.country)) if each)
    mined = _("%(first)s to %(last)s", first=short_date(record.mined_from), last=short_date(record.mined_to))
    rows = [
        (_("Lot"), f"{record.title} ({record.reference})"),
        (_("Kind of stone"), variety(record.variety) if record.variety else ""),
        (_("Fineness"), fineness(Decimal(record.fineness_permille)) if record.fineness_permille else ""),
        (_("Weight"), weight(record.weight_mg, record.kind)),
        (_("From"), record.cooperative.name),
        (_("Mined in"), place),
        (_("Mined"), mined),
        (_("Tag on the bag"), record.tag_number),
        (_("Version of this passport"), str(passport.number)),
        (_("Issued"), short_date(passport.issued_at)),
        (_("Valid until"), short_date(passport.valid_until)),
    ]
    return [{"term": term, "value": value} for term, value in rows if value]


def split_of(record: LotRecord) -> list[BarPart]:
    """Return the shares of the first sale's price, laid end to end; a hundredth of a percent stands for a cent."""
    rows = [{"label": line.label, "amount": Money(line.share_bp, "USD"), "payee": line.payee} for line in record.split]
    return bar_parts(rows, Money(BASIS_POINTS, "USD"))
