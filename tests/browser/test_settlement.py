"""An offer is agreed on, a dispute ends by what one side offered, and a verifier sends a parcel on."""

import re

import pytest

from tests.browser.people import Market

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_buyer_takes_a_counter_offer_and_may_order_at_its_price(market: Market) -> None:
    with market.person("buyer", "emily", scripts=False) as emily:
        emily.go("/offers")
        emily.sees("waits for your answer")
        emily.follow(re.compile("^NG-"))
        emily.press(re.compile(r"^Accept US\$"))
        emily.sees("This is the price you agreed on with the cooperative.")


def test_a_dispute_ends_by_what_the_cooperative_offers(market: Market) -> None:
    with market.person("buyer", "emily", scripts=False) as emily:
        emily.go("/orders")
        emily.page.locator('tr:has-text("Your turn"):has-text("Emerald") a').click()
        emily.sees(re.compile(r"The cooperative offers: US\$"))
        emily.press("Accept the offer")
        emily.sees(re.compile("on its way"))
        emily.sees("Both sides agreed")


def test_a_verifier_compares_a_parcel_and_sends_it_on(market: Market) -> None:
    with market.person("staff", "vivian", scripts=False) as vivian:
        vivian.go("/staff/orders?state=at_verification")
        vivian.follow(re.compile("^OR-"))
        vivian.sees("A verifier opens the parcel and reports within 5 working days.")
        vivian.follow("It matches: send it on")
        vivian.choose("seal_intact", "yes")
        vivian.fill(
            weight="1,32", weight_unit="ct", certificate="GAL-26-4101", carrier="Brinks", tracking="ON 5501 22",
            seal_number="PX-200", insured="2000",
        )  # fmt: skip
        vivian.press("It matches: send it on")
        vivian.sees_title("with the courier")
        vivian.sees("GAL-26-4101")
