import pytest

from marketplace.core.errors import InvalidInput
from marketplace.moderation.reasons import OTHER, REASONS, check_reasons, reasons_for

NOTE = "The photo of the bag shows another number than the form."  # 56 letters


def test_codes_are_unique_and_every_kind_has_reasons_and_other() -> None:
    assert len({reason.code for reason in REASONS}) == len(REASONS)
    for kind in ("lot", "cooperative"):
        assert OTHER in {reason.code for reason in reasons_for(kind)}


def test_an_approval_needs_none_and_repeated_codes_count_once() -> None:
    assert check_reasons([], kind="lot", verdict="approve", note="") == ()
    assert len(check_reasons(["TAG_USED", "TAG_USED"], kind="lot", verdict="changes", note="")) == 1


def test_other_needs_forty_letters() -> None:
    assert check_reasons([OTHER], kind="lot", verdict="changes", note=NOTE)
    with pytest.raises(InvalidInput):
        check_reasons([OTHER], kind="lot", verdict="changes", note="x" * 39)


def test_a_lot_cannot_be_refused_for_a_cooperative_s_reason() -> None:
    with pytest.raises(InvalidInput):
        check_reasons(["MEMBERS_UNCLEAR"], kind="lot", verdict="changes", note="")
