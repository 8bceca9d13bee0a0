"""Read what people type when they move an order in its later parts: inspection, return, dispute, check. Pure."""

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.orders.answers import PROBLEM_KINDS, Finding, FormReader, Parcel, Reason, Receipt, Typed
from marketplace.orders.decisions import DECISIONS, Decision
from marketplace.orders.transitions import Outcome

LEAST = 10
MOST = 2000


def read_text(typed: Typed, *, empty: str) -> str:
    """Return the person's own words, ten characters at least."""
    reader = FormReader(typed)
    text = reader.text("text", least=LEAST, most=MOST, empty=empty)
    reader.check()
    return text


def read_refund(typed: Typed, *, currency: str, empty: str) -> tuple[Money, str]:
    """Return how much of the price would go back, and why."""
    reader = FormReader(typed)
    refund = reader.money("refund", currency)
    text = reader.text("text", least=LEAST, most=MOST, empty=empty)
    reader.check()
    return refund, text


def read_rejection(typed: Typed) -> Reason:
    """Return why the buyer sends the goods back."""
    reader = FormReader(typed)
    kinds = tuple(kind for kind in PROBLEM_KINDS if kind != "not_arrived")
    reason = Reason(
        kind=reader.choice("kind", kinds, wrong=N_("Choose what is wrong.")),
        text=reader.text("text", least=LEAST, most=MOST, empty=N_("Say in a few words what is wrong.")),
    )
    reader.check()
    return reason


def read_return(typed: Typed, *, currency: str) -> Parcel:
    """Return how the goods travel back."""
    reader = FormReader(typed)
    parcel = _leg(reader, currency=currency)
    reader.check()
    return parcel


def read_return_receipt(typed: Typed) -> Receipt:
    """Return what the cooperative found when the goods came back."""
    reader = FormReader(typed)
    intact = _seal(reader)
    receipt = Receipt(seal_intact=intact, weight_mg=reader.weight("weight"))
    reader.check()
    return receipt


def read_match(typed: Typed, *, currency: str, by_assay: bool = False) -> tuple[Finding, Parcel]:
    """Return a finding that the goods match, and how they travel on; an assay says how fine the gold is."""
    reader = FormReader(typed)
    finding = _finding(reader, is_match=True, by_assay=by_assay)
    parcel = _leg(reader, currency=currency, weight_mg=finding.weight_mg)
    reader.check()
    return finding, parcel


def read_mismatch(typed: Typed) -> Finding:
    """Return a finding that the goods are not what was listed."""
    reader = FormReader(typed)
    finding = _finding(reader, is_match=False)
    reader.check()
    return finding


def read_decision(typed: Typed, *, currency: str) -> Decision:
    """Return what staff decided about a dispute, and why; the buyer and the cooperative read the reason."""
    reader = FormReader(typed)
    kind = reader.choice("decision", tuple(DECISIONS), wrong=N_("Choose what happens with the order."))
    decision = Decision(
        kind=kind,
        text=reader.text("text", least=LEAST, most=MOST, empty=N_("Give the reason for both parties to read.")),
        refund=reader.money("refund", currency) if kind == Outcome.SPLIT else None,
    )
    reader.check()
    return decision


def _finding(reader: FormReader, *, is_match: bool, by_assay: bool = False) -> Finding:
    return Finding(
        is_match=is_match,
        seal_intact=_seal(reader),
        weight_mg=reader.weight("weight"),
        certificate=reader.text("certificate", most=60, empty=N_("Enter the number of your report.")),
        note=reader.text("text", least=0 if is_match else LEAST, most=MOST, empty=None if is_match else _SAY_WHAT),
        fineness_permille=reader.fineness("fineness") if by_assay else None,
    )


_SAY_WHAT = N_("Say what is different from the listing.")


def _leg(reader: FormReader, *, currency: str, weight_mg: int | None = None) -> Parcel:
    return Parcel(
        carrier=reader.text("carrier", most=60, empty=N_("Enter the name of the courier.")),
        tracking=reader.text("tracking", most=60, empty=N_("Enter the tracking number.")).upper(),
        seal_number=reader.text("seal_number", most=40, empty=N_("Enter the number on the seal of the bag.")).upper(),
        weight_mg=reader.weight("weight") if weight_mg is None else weight_mg,
        insured=reader.money("insured", currency),
    )


def _seal(reader: FormReader) -> bool:
    return reader.choice("seal_intact", ("yes", "no"), wrong=N_("Say whether the seal was whole.")) == "yes"
