"""What a person wrote as she liked never stays for ever as evidence: the registry says of every fact what it is."""

from collections.abc import Iterable, Mapping
from typing import Final

import pytest

from marketplace.audit.registry import KINDS, ActionKind, Retention, retention_of
from marketplace.audit.registry.documentation import documentation
from marketplace.audit.registry.kinds import CODES, EVIDENCE, LONG, STAFF
from marketplace.transparency.retention_classes import RetentionClass, class_of

# Figures, days, references, digests, and words from a list of ours. A new name wants a decision: is it one of these,
# or does somebody write it as she likes? Then it belongs into `words` of its kind in marketplace/audit/registry.
_FIGURES: Final = """
figures: accepted_gaps amount attempt bands charge count days entries fee fineness_permille gaps gross lines links lots
men officers part_mg payments price priority quarantined rate rates refund refund_minor revision round rows rules score
seed severity standards terms_version tolerance_version total tries value version weight_mg whole_mg least_mg women
worth number frozen split missing row final paid
times: counted_on day deadline due due_on ends expires expires_at first held_on last last_day next_due next_visit
observed_on paid_on published signed_on starts until visited_on
references: corrects external_ref failed_entry key lot lot_id owner pair prefix provider_ref rate_ids reference
replaced_by session_id sha256
codes: channel code country currency decision edit_class finding flags form is_even is_match issuer kind licence list
move notice on_behalf origin party run seal_intact seen side slot stage state step topic two_people verdict
"""
FIGURES: Final = frozenset(_FIGURES.split())
# These moves tell the states before and after; elsewhere the same names hold what somebody typed.
STATES: Final[Mapping[str, frozenset[str]]] = dict.fromkeys(
    ("deadline_pause", "offer", "order"), frozenset({"before", "after"})
)


def undecided(kinds: Iterable[ActionKind]) -> list[str]:
    """Return the facts of evidence of which nobody said what they are."""
    return [
        f"{kind.name} {name}"
        for kind in kinds
        if kind.retention is Retention.EVIDENCE
        for name in kind.disclosures
        if name not in FIGURES | STATES.get(kind.noun, frozenset()) | set(kind.words) | set(kind.excused)
    ]


def test_every_fact_of_evidence_is_a_figure_or_erasable_or_excused_with_a_reason() -> None:
    assert undecided(KINDS.values()) == [], "say in marketplace/audit/registry what it is"


def test_what_is_marked_is_a_fact_of_evidence_and_marked_once() -> None:
    for kind in KINDS.values():
        marked = [*kind.words, *kind.excused]
        assert set(marked) <= set(kind.disclosures), kind.name
        assert len(set(marked)) == len(marked), kind.name
        assert not marked or kind.retention is Retention.EVIDENCE, f"{kind.name}: of it every fact is forgotten anyway"
        assert all(len(why) > 10 for why in kind.excused.values()), kind.name


def test_words_are_of_a_class_that_ends() -> None:
    for kind in KINDS.values():
        assert not kind.words or class_of(kind.name) not in (None, RetentionClass.FOREVER), kind.name


def test_words_are_kept_like_what_is_personal() -> None:
    assert retention_of("tag.void", "reason") is Retention.PERSONAL_LONG
    assert retention_of("tag.void", "number") is Retention.EVIDENCE
    assert retention_of("appeal.make", "words") is Retention.PERSONAL_LONG
    assert retention_of("order.reject", "facts") is Retention.PERSONAL_LONG
    assert retention_of("order.reject", "party") is Retention.EVIDENCE


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (ActionKind("tag.bless", "A.", EVIDENCE, STAFF, disclosures=("number", "reason")), ["tag.bless reason"]),
        (ActionKind("tag.bless", "A.", EVIDENCE, STAFF, disclosures=("before",)), ["tag.bless before"]),
        (ActionKind("order.bless", "A.", EVIDENCE, STAFF, disclosures=("before",)), []),
        (ActionKind("tag.bless", "A.", EVIDENCE, STAFF, disclosures=("reason",), words=("reason",)), []),
        (ActionKind("tag.bless", "A.", EVIDENCE, STAFF, disclosures=("reason",), excused={"reason": CODES}), []),
        (ActionKind("tag.bless", "A.", LONG, STAFF, disclosures=("reason",)), []),
    ],
)
def test_the_check_finds_what_it_looks_for(kind: ActionKind, found: list[str]) -> None:
    assert undecided([kind]) == found


def test_the_page_marks_words_with_a_star() -> None:
    assert "| number, reason* | evidence |" in documentation({"tag.void": KINDS["tag.void"]})
