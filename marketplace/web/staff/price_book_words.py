"""The price book in words: bands, what is missing, what changes, and the codes a sheet may use."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from flask import request, url_for

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.lots.vocabulary import GEM_FORMS, GRADES, NOT_NATURAL, TREATMENTS, varieties
from marketplace.orders.countries import COUNTRIES
from marketplace.pricing.book import BandProposal, Change, Difference, Gap, Legend, Oddity, SheetError, Vocabulary
from marketplace.pricing.book.proposal import Group
from marketplace.web.filters import country, money, number, percent, short_date, variety

ROWS_A_PAGE: Final = 50
EVIDENCE_LABELS: Final[Mapping[str, str]] = {
    "verified": N_("Verified"),
    "sourced": N_("From a source, not verified"),
    "unverified": N_("Not verified"),
}
EVIDENCE_TONES: Final[Mapping[str, str]] = {"verified": "good", "sourced": "info", "unverified": "warn"}
STATES: Final[Mapping[str, str]] = {
    "proposed": N_("Waits for approval"),
    "published": N_("Published"),
    "declined": N_("Declined"),
}
STATE_TONES: Final[Mapping[str, str]] = {"proposed": "warn", "published": "good", "declined": "bad"}
# What each column of a sheet holds, in the order of the sheet.
COLUMN_HELP: Final[Mapping[str, str]] = {
    "variety": N_("The kind of stone, as a code from the list of codes."),
    "form": N_("rough or cut."),
    "treatment": N_("A code from the list of codes. Empty: stones with the usual treatment."),
    "origin": N_("The country of origin as two letters, such as TZ. Empty: every origin."),
    "weight_from_ct": N_("Carats of one stone, from this weight on. At most three decimals."),
    "weight_to_ct": N_("Carats of one stone, up to but not at this weight."),
    "grade": N_("commercial, good, fine or extra_fine."),
    "low_usd_ct": N_("The low price of one carat in US dollars. At most two decimals."),
    "high_usd_ct": N_("The high price of one carat in US dollars, not below the low one."),
    "evidence": N_("verified: a curator compared it. sourced: a source says so. unverified: neither."),
    "source": N_("Where the price comes from. Needed unless the evidence is unverified."),
    "dated": N_("The day the price was seen, as year-month-day. It may be empty."),
}


@cache
def vocabulary() -> Vocabulary:
    """Return the codes a sheet may use."""
    treatments = {code: label for code, label in TREATMENTS.items() if code not in NOT_NATURAL}
    return Vocabulary(varieties(), GEM_FORMS, GRADES, treatments, dict.fromkeys(COUNTRIES, ""))


def legend() -> Legend:
    """Return the second sheet of an export in the reader's language."""
    rows = [(name, _(words)) for name, words in COLUMN_HELP.items()]
    for title, codes in code_lists():
        rows += [("", ""), ("", title), *codes]
    return Legend(book_title=_("Price book"), codes_title=_("Columns and codes"), rows=rows)


def code_lists() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the codes that are not plain words, in lists with a title."""
    words = vocabulary()
    return [
        (_("Kinds of stone"), [(code, variety(code)) for code in sorted(words.varieties)]),
        (_("Treatments"), [(code, _(label)) for code, label in words.treatments.items()]),
        (_("Evidence"), [(code, _(label)) for code, label in EVIDENCE_LABELS.items()]),
    ]


def kind_words(group: Group) -> str:
    """Name stones of one kind: "Ruby, Cut stone, Heated, Tanzania"."""
    code, form, treatment, origin = group
    names = [
        variety(code),
        _(GEM_FORMS.get(form, form)),
        _(TREATMENTS.get(treatment, treatment)) if treatment else "",
        country(origin) if origin else "",
    ]
    return ", ".join(name for name in names if name)


def weight_words(band: BandProposal | Gap) -> str:
    """Write the weights of a band: "1 to 2 ct"."""
    return _("%(low)s to %(high)s ct", low=number(band.weight_from_ct), high=number(band.weight_to_ct))


def price_words(band: BandProposal) -> str:
    """Write the prices of a band: "US$300 to US$425"."""
    low, high = Money(band.low_minor_per_ct, "USD"), Money(band.high_minor_per_ct, "USD")
    return _("%(low)s to %(high)s", low=money(low), high=money(high))


def grade_words(code: str | None) -> str:
    """Write a grade."""
    return _(GRADES.get(code or "", code or ""))


def source_words(band: BandProposal) -> str:
    """Write the source of a band with its date."""
    day = short_date(band.dated)
    return _("%(source)s, %(date)s", source=band.source, date=day) if day and band.source else band.source or day


def evidence_words(band: BandProposal) -> str:
    """Write what a band rests on, its source included."""
    label, source = _(EVIDENCE_LABELS.get(band.evidence, band.evidence)), source_words(band)
    return _("%(evidence)s: %(source)s", evidence=label, source=source) if source else label


def band_row(band: BandProposal, in_force: Mapping[Any, BandProposal] | None) -> dict[str, str]:
    """Return a band for a table; `in_force` holds the bands in force by key, or nothing to compare with."""
    return {
        "weight": weight_words(band),
        "kind": kind_words(band.group),
        "grade": grade_words(band.grade),
        "price": price_words(band),
        "evidence": evidence_words(band),
        "change": "" if in_force is None else _change_words(in_force.get(band.key), band),
    }


def gap_words(gap: Gap) -> str:
    """Say what is missing and what closes the gap."""
    kind, low, high = kind_words(gap.group), number(gap.weight_from_ct), number(gap.weight_to_ct)
    if gap.grade is None:
        return _(
            "%(kind)s: there is no row from %(low)s to %(high)s ct. Add rows for it.", kind=kind, low=low, high=high
        )
    return _(
        "%(kind)s, %(low)s to %(high)s ct: the grade %(grade)s is missing. Add a row for it.",
        kind=kind, low=low, high=high, grade=grade_words(gap.grade),
    )  # fmt: skip


def oddity_words(oddity: Oddity) -> str:
    """Say which price falls where it should rise."""
    first, second = oddity.first, oddity.second
    if oddity.kind == "grade":
        words = N_("%(kind)s: row %(second)s has a better grade than row %(first)s and a lower price.")
    else:
        words = N_("%(kind)s: row %(second)s is for heavier stones than row %(first)s and has a lower price.")
    return _(words, kind=kind_words(first.band.group), first=first.row, second=second.row)


def error_row(error: SheetError) -> dict[str, Any]:
    """Return an error for a table."""
    text = _(error.message)
    return {
        "row": error.row,
        "column": error.column,
        "cell": error.text[:80],
        "todo": text % error.params if error.params else text,
    }


def changes_in_order(difference: Difference) -> list[Change | tuple[BandProposal, str]]:
    """Return every change, the large moves first, then the other changed bands, those added and those taken out."""
    changed = sorted(difference.changed, key=lambda change: not change.is_large)
    added = [(band, "added") for band in difference.added]
    return [*changed, *added, *((band, "removed") for band in difference.removed)]


def change_row(item: Change | tuple[BandProposal, str]) -> dict[str, str]:
    """Return one change for a table."""
    if isinstance(item, Change):
        return _changed_row(item)
    band, what = item
    if what == "added":
        return _one_sided(band, before="", after=price_words(band), note=_("New"))
    return _one_sided(band, before=price_words(band), after="", note=_("Taken out"))


def part(items: Sequence[Any], name: str, show: Callable[[Any], Any], endpoint: str, **args: Any) -> dict[str, Any]:
    """Return one page of a list that stands among others on a page; its number is in the address under `name`."""
    asked = request.args.get(name, "1")
    pages = max(1, -(-len(items) // ROWS_A_PAGE))
    page = min(max(1, int(asked)), pages) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    start = (page - 1) * ROWS_A_PAGE

    def link(to: int) -> str:
        return url_for(endpoint, _anchor=name, **{**args, name: to})

    return {
        "rows": [show(item) for item in items[start : start + ROWS_A_PAGE]],
        "total": len(items),
        "first": start + 1,
        "last": min(start + ROWS_A_PAGE, len(items)),
        "previous": link(page - 1) if page > 1 else None,
        "next": link(page + 1) if page < pages else None,
    }


def _changed_row(change: Change) -> dict[str, str]:
    row = _one_sided(change.after, before=price_words(change.before), after=price_words(change.after), note="")
    row["note"] = "; ".join(_notes(change))
    row["is_large"] = "1" if change.is_large else ""
    return row


def _notes(change: Change) -> list[str]:
    before, after, notes = change.before, change.after, []
    if {"low_minor_per_ct", "high_minor_per_ct"} & set(change.fields):
        notes.append(_("low %(low)s, high %(high)s", low=_signed(change.low_share), high=_signed(change.high_share)))
    if "weight_to_ct" in change.fields:
        notes.append(_("weight was %(weight)s", weight=weight_words(before)))
    if before.evidence != after.evidence:
        notes.append(_("evidence was: %(evidence)s", evidence=_(EVIDENCE_LABELS.get(before.evidence, before.evidence))))
    if {"source", "dated"} & set(change.fields):
        notes.append(_("source was: %(source)s", source=source_words(before) or _("none")))
    return notes


def _signed(share: Any) -> str:
    return ("+" if share > 0 else "") + percent(share)


def _one_sided(band: BandProposal, *, before: str, after: str, note: str) -> dict[str, str]:
    return {
        "band": f"{kind_words(band.group)}, {grade_words(band.grade)}, {weight_words(band)}",
        "before": before,
        "after": after,
        "note": note,
        "evidence": evidence_words(band),
        "is_large": "",
    }


def _change_words(before: BandProposal | None, after: BandProposal) -> str:
    if before is None:
        return _("Not in the edition in force")
    return "; ".join(_notes(Change(before, after)))
