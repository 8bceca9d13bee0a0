"""What a journey says in words: each step with who, where, when, weights and papers; the model in plain words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Final, NamedTuple

from marketplace.core.text import N_
from marketplace.custody.kinds import KIND_WORDS, words_of_choice
from marketplace.custody.record import CustodyStep, LotAmount, LotRecord, Party, Place
from marketplace.http.languages import translate as _
from marketplace.web.filters import country, date_time, short_date, weight

MODEL_WORDS: Final[Mapping[str, str]] = {
    "identity_preserved": N_("Kept apart. These goods come from one mine site and were never mixed."),
    "segregated": N_("Mixed with goods of other known mine sites. All of them are recorded here."),
    "controlled_blending": N_("Mixed with goods of other origin. Their share is known."),
    "mass_balance": N_("Mixed. Only the books say how much came from where."),
}
MODEL_NAMES: Final[Mapping[str, str]] = {
    "identity_preserved": N_("Identity preserved"),
    "segregated": N_("Segregated"),
    "controlled_blending": N_("Controlled blending"),
    "mass_balance": N_("Mass balance"),
}
_ROLES: Final = {
    "buyer": N_("The buyer"),
    "carrier": N_("Carrier"),
    "assayer": N_("Tested by"),
    "valuer": N_("Valued by"),
    "pact_staff": N_("Pact staff"),
    "tag_issuer": N_("Issuer of the tag"),
}
_PAPERS: Final = {
    "receipt": N_("Receipt"),
    "report": N_("Report"),
    "waybill": N_("Waybill"),
    "export_permit": N_("Export permit"),
    "customs_entry": N_("Customs entry"),
    "kimberley_confirmation": N_("Kimberley confirmation"),
}
_FACTS: Final = {
    "miners_paid": N_("Pay of the miners"),
    "issuer": N_("Issuer of the tag"),
    "tag_origin": N_("Where the tag comes from"),
    "method": N_("What was done"),
    "assay_method": N_("How it was tested"),
    "result": N_("Result"),
    "uncertainty": N_("How exact"),
    "valuer_kind": N_("Valued by"),
    "checklist": N_("Result of the check"),
    "purpose": N_("Why"),
    "hs_code": N_("HS code"),
    "seal_intact": N_("Seal"),
    "how": N_("How"),
    "part": N_("Part of the lot"),
    "loss_is_usual": N_("Loss"),
    "seller": N_("Seller"),
    "reason": N_("Reason"),
    "carrier": N_("Carrier"),
}
_VALUES: Final[Mapping[tuple[str, str], str]] = {
    ("tag_origin", "own_stock"): N_("Stock of this cooperative"),
    ("tag_origin", "other_issuer"): N_("Tag of another issuer"),
    ("tag_origin", "disputed"): N_("Another cooperative has this number: Pact looks into it"),
    ("issuer", "another issuer"): N_("Another issuer"),
    ("seal_intact", "yes"): N_("Whole"),
    ("seal_intact", "no"): N_("Broken"),
    ("seal_intact", "not_looked_at"): N_("Not known: the carrier proved the delivery"),
    ("how", "by_buyer"): N_("The buyer said so"),
    ("how", "by_silence"): N_("The time to inspect ended without a word"),
    ("result", "as_listed"): N_("As listed"),
    ("result", "not_as_listed"): N_("Not as listed"),
    ("uncertainty", "on_the_report"): N_("See the report"),
    ("loss_is_usual", "yes"): N_("Within the usual range"),
    ("loss_is_usual", "no"): N_("Outside the usual range"),
    ("seller", "miner"): N_("A miner, named on the receipt"),
    ("reason", "rejected"): N_("Not accepted by the buyer"),
}
_CODED: Final = {"miners_paid", "method", "assay_method", "valuer_kind", "checklist", "purpose"}
WARNINGS: Final = {("loss_is_usual", "no"), ("seal_intact", "no"), ("tag_origin", "disputed"), ("checklist", "failed")}


class Line(NamedTuple):
    """One fact of a step."""

    term: str
    value: str


class StepView(NamedTuple):
    """One step of a journey as a page shows it. `proof` is the address of its proof in the log, if it has one."""

    number: int
    title: str
    happened: str
    who: str
    where: str
    lines: Sequence[Line]
    entered_for: bool
    corrects: int | None
    corrected_by: int | None
    has_warning: bool
    photos: Sequence[str]
    proof: str | None
    id: str
    kind: str


class Journey(NamedTuple):
    """A journey as a page shows it: its steps, and the model of the goods by name and in words."""

    steps: Sequence[StepView]
    model: str
    model_words: str


def journey_of(record: LotRecord) -> Journey:
    """Return the words of a lot's public record."""
    return Journey(steps_of(record.steps, record.kind), _(MODEL_NAMES[record.model]), _(MODEL_WORDS[record.model]))


def steps_of(steps: Sequence[CustodyStep], kind: str) -> list[StepView]:
    """Return the words of steps; `kind` is gold or gem, which decides the unit of weights."""
    numbers = {step.id: step.number for step in steps}
    corrected = {step.corrects: step.number for step in steps if step.corrects}
    return [
        StepView(
            number=step.number,
            title=_(KIND_WORDS[step.kind]),
            happened=moment_words(step.happened_at),
            who=party_words(step.party),
            where=place_words(step.place, step.destination),
            lines=list(_lines(step, kind)),
            entered_for=step.entered_for,
            corrects=numbers.get(step.corrects) if step.corrects else None,
            corrected_by=corrected.get(step.id),
            has_warning=any((name, value) in WARNINGS for name, value in step.facts.items()),
            photos=step.photo_sha256s,
            proof=f"/log/proofs/{step.audit_event_id}" if step.audit_event_id else None,
            id=str(step.id),
            kind=step.kind,
        )
        for step in steps
    ]


def party_words(party: Party) -> str:
    """Return who acted; a buyer stays unnamed."""
    role = _ROLES.get(party.role)
    if role is None:
        return party.name
    if party.role == "pact_staff":
        return _(role)  # the name is that of Pact again
    return _("%(role)s: %(name)s", role=_(role), name=party.name) if party.name else _(role)


def moment_words(moment: datetime) -> str:
    """Return when it was; who told only a day is given no hour (a day is kept as its midnight, UTC)."""
    return short_date(moment) if moment.time() == time() else date_time(moment)


def place_words(place: Place, destination: Place | None) -> str:
    """Return where it was, or from where to where."""
    here = _place(place)
    return _("From %(here)s to %(there)s", here=here, there=_place(destination)) if destination else here


def _place(place: Place) -> str:
    parts = (place.district, place.region, country(place.country) if place.country else "")
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _lines(step: CustodyStep, kind: str) -> list[Line]:
    return [*_weights(step, kind), *_marks(step), *_amounts(step, kind), *_facts(step.facts)]


def _weights(step: CustodyStep, kind: str) -> list[Line]:
    found = []
    if step.weight_before_mg:
        found.append(Line(_("Weight before"), weight(step.weight_before_mg, kind)))
    if step.weight_after_mg:
        label = _("Weight after") if step.weight_before_mg else _("Weight")
        found.append(Line(label, weight(step.weight_after_mg, kind)))
    if step.loss_mg:
        found.append(Line(_("Declared loss"), weight(step.loss_mg, kind)))
    if step.pieces:
        found.append(Line(_("Pieces"), str(step.pieces)))
    return found


def _marks(step: CustodyStep) -> list[Line]:
    found = [Line(_("Tag"), number) for number in step.tag_numbers]
    if step.seal_number:
        found.append(Line(_("Seal"), step.seal_number))
    return found + [Line(_(_PAPERS.get(each.kind, each.kind)), each.number) for each in step.documents if each.number]


def _amounts(step: CustodyStep, kind: str) -> list[Line]:
    return [Line(_("Went in"), _amount(each, kind)) for each in step.inputs] + [
        Line(_("Came out"), _amount(each, kind)) for each in step.outputs
    ]


def _amount(amount: LotAmount, kind: str) -> str:
    return _("%(lot)s: %(weight)s", lot=amount.lot_reference, weight=weight(amount.weight_mg, kind))


def _facts(facts: Mapping[str, str]) -> list[Line]:
    found = [Line(_(_FACTS[name]), _value(name, value)) for name, value in facts.items() if name in _FACTS]
    if "mined_from" in facts:
        found.append(Line(_("Mined from"), short_date(date.fromisoformat(facts["mined_from"]))))
        found.append(Line(_("Mined until"), short_date(date.fromisoformat(facts["mined_to"]))))
    if "yield_permille" in facts:
        found.append(Line(_("Kept"), _("%(share)s per mille", share=facts["yield_permille"])))
    return found


def _value(name: str, value: str) -> str:
    known = _VALUES.get((name, value))
    if known is not None:
        return _(known)
    return _(words_of_choice(name, value)) if name in _CODED else value
