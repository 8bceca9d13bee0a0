"""A chargeback is explained in every state, whatever reason a bank invents."""

import pytest

from marketplace.sandbox.disputes import REASONS as STRIPE_REASONS
from marketplace.web.staff import chargeback_words as words


@pytest.mark.parametrize("code", STRIPE_REASONS)
def test_every_reason_of_the_provider_has_words_of_its_own(code: str) -> None:
    assert words.reason_of(code) is words.REASONS[code]


def test_another_reason_is_named_as_the_bank_names_it() -> None:
    found = words.reason_of("bank_cannot_process")
    assert found is words.OTHER
    assert found.what % {"reason": "bank_cannot_process"} == (
        "The bank gives a reason of its own: “bank_cannot_process”."
    )


@pytest.mark.parametrize("state", words.STATES)
@pytest.mark.parametrize("is_frozen", [True, False])
def test_every_state_says_where_the_money_is(state: str, *, is_frozen: bool) -> None:
    assert words.result_of(state, is_frozen=is_frozen)


def test_what_was_held_goes_back_and_what_was_paid_out_is_our_loss() -> None:
    assert "went back to the buyer" in words.result_of("lost", is_frozen=True)
    assert "The loss is ours" in words.result_of("lost", is_frozen=False)
    assert words.result_of("inquiry", is_frozen=True) == "The bank only asks. No money moved."
