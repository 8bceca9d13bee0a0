"""A lot goes from a cooperative's phone to a buyer, and the money back: with scripts and without."""

import re
from pathlib import Path

import pytest

from marketplace.cli.demo.album import as_sent
from marketplace.cli.demo.photos import render_stone
from marketplace.cli.demo.scenario import read
from tests.browser.people import Market, Visitor
from tests.builders.documents import pdf

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DAYS = ("2026-09-10", "2026-09-20")
WITH_SCRIPTS, WITHOUT = "1.41", "1.37"
WAITING = 'h2 a[href^="/staff/documents/"]'
HELD = re.compile("Your money is held safely")


@pytest.mark.parametrize("weight", [WITH_SCRIPTS, WITHOUT], ids=["with scripts", "without scripts"])
def test_a_lot_is_listed_approved_bought_shipped_accepted_and_paid(market: Market, tmp_path: Path, weight: str) -> None:
    scripts = weight == WITH_SCRIPTS
    title = f"Tsavorite, {weight} ct, cut"
    reviewer = read(quick=True).moderators_of("kasigau")[1]

    with market.person("officer", "mercy", scripts=scripts) as mercy:
        list_a_lot(mercy, weight=weight, photos=photos_of(weight, tmp_path))
    for each in (reviewer, read(quick=True).second_reviewer):
        with market.person("staff", each, scripts=scripts) as moderator:
            approve(moderator, title)
    with market.person("buyer", "emily", scripts=scripts) as emily:
        order = buy(emily, title)
        with market.person("officer", "mercy", scripts=scripts) as mercy:
            confirm(mercy, order)
        with market.person("staff", reviewer, scripts=scripts) as moderator:
            accept_papers(moderator)
        with market.person("officer", "mercy", scripts=scripts) as mercy:
            ship(mercy, order, weight=weight)
        receive_and_accept(emily, order, weight=weight)
    with market.person("staff", "ingrid", scripts=scripts) as ingrid:
        payout = prepare(ingrid, order)
        with market.person("staff", "joseph", scripts=scripts) as joseph:
            approve_payout(joseph, payout)
        send_and_confirm(ingrid, payout)
    with market.person("officer", "mercy", scripts=scripts) as mercy:
        mercy.go(f"/cooperative/orders/{order}")
        mercy.sees_title(f"Order {order}: complete")
        mercy.sees(re.compile(r"You were paid US\$"))
        mercy.take_picture(f"journey-{'' if scripts else 'no-script-'}paid")


def photos_of(weight: str, folder: Path) -> dict[str, Path]:
    """Draw the photos of the stone."""
    made = {}
    for slot in ("front", "side", "scale"):
        made[slot] = folder / f"{slot}.jpg"
        made[slot].write_bytes(as_sent(render_stone("tsavorite", "cut", slot, int(float(weight) * 100))))
    return made


def list_a_lot(mercy: Visitor, *, weight: str, photos: dict[str, Path]) -> None:
    mercy.go("/cooperative/")
    mercy.press("List a new lot")
    mercy.choose("form", "cut")
    mercy.press("Save and continue")
    mercy.sees_title("How heavy is it?")
    mercy.fill(weight=weight.replace(".", ","), weight_unit="ct", pieces="1")
    mercy.press("Save and continue")
    mercy.sees_title("Show it from four sides")
    for slot, path in photos.items():
        mercy.page.locator(f"#f-{slot}").set_input_files(path)
    if mercy.scripts:
        mercy.page.wait_for_function(
            "() => [...document.querySelectorAll('[data-progress-for]')]"
            ".filter(p => /KB/.test(p.textContent)).length === 3"
        )
    mercy.press("Save and continue")
    mercy.sees_title("What stone is it?")
    mercy.fill(
        variety="tsavorite", treatment="N", colour="vivid green", clarity="slightly_included", shape="oval",
        dimensions="7.4 x 5.9 x 4.0", grade="good",
    )  # fmt: skip
    mercy.choose("natural", "yes")
    mercy.press("Save and continue")
    mercy.sees_title("Which mine did it come from?")
    mercy.page.locator("#f-site").select_option(label="Mkuki ranch cut")
    mercy.fill(
        mined_from=DAYS[0], mined_to=DAYS[1], tag_number=f"TT-{weight.replace('.', '')}77", miners="5",
        miners_women="4",
    )  # fmt: skip
    mercy.press("Save and continue")
    mercy.sees_title("How much do you want to receive?")
    mercy.fill(wanted="840", wanted_currency="USD")
    mercy.press("Save and continue")
    check_and_send(mercy, weight=weight)


def check_and_send(mercy: Visitor, *, weight: str) -> None:
    """Read the answers, add the paper that is missing, and send the lot."""
    mercy.sees_title("Check your answers")
    mercy.sees(re.compile(r"You receive US\$840\.00 after the sale"))
    mercy.take_picture(f"journey-{'' if mercy.scripts else 'no-script-'}check")
    mercy.follow("Upload this paper: List of payments to miners.")
    send_paper(mercy, "List of payments to miners", number=f"MPS {weight}")
    mercy.follow(re.compile("^Lot "))
    mercy.sees_title("Check your answers")
    mercy.sees("Pact must look at this paper: List of payments to miners.")
    mercy.choose("declared", "yes")
    mercy.press("Send to Pact")
    mercy.sees("Being checked")


def send_paper(mercy: Visitor, kind: str, *, number: str) -> None:
    """Fill in what stands on a paper and send it as a file."""
    mercy.sees_title(kind)
    mercy.fill(number=number, issuer="The treasurer", issued_on=DAYS[1])
    mercy.page.locator("#f-file").set_input_files(
        {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": pdf(f"{kind} {number}")}
    )
    mercy.press("Send the paper")
    mercy.sees("Waits for Pact")


def accept_papers(moderator: Visitor) -> None:
    """Read and accept every paper of the cooperative that waits."""
    moderator.go("/staff/documents")
    while moderator.page.locator(WAITING).count():
        moderator.page.locator(WAITING).first.click()
        moderator.press("Accept the paper")


def approve(moderator: Visitor, title: str) -> None:
    accept_papers(moderator)
    moderator.go("/staff/moderation")
    moderator.follow(title)
    moderator.sees_title(title)
    moderator.sees("All requirements before publication are met.")
    for name in sorted({str(box.get_attribute("name")) for box in moderator.page.locator('[name^="check_"]').all()}):
        may_not_apply = moderator.page.locator(f'[name="{name}"][value="na"]').count()
        moderator.choose(name, "na" if may_not_apply else "yes")
    moderator.press("Approve")


def buy(emily: Visitor, title: str) -> str:
    """Find the lot, order it, pay it, and return the order's reference."""
    emily.go("/lots?q=tsavorite+vivid")
    emily.follow(title)
    emily.sees_title(title)
    emily.sees("Who gets what")
    emily.take_picture(f"journey-{'' if emily.scripts else 'no-script-'}lot")
    emily.page.locator('a[href$="/buy"]').first.click()
    emily.look()
    emily.fill(
        recipient="Emily Carter", street="218 Juniper Street", postcode="87501", city="Santa Fe", country="US",
        phone="+1 505 555 0168",
    )  # fmt: skip
    emily.choose("terms", "yes")
    emily.press(re.compile("Order and pay"))
    emily.sees_title("waiting for payment")
    order = emily.page.url.split("?")[0].rsplit("/", 1)[1]
    emily.sees_after_a_while(re.compile(r"^Pay US\$"))
    emily.page.get_by_role("button", name=re.compile(r"Pay US\$")).click()
    emily.sees(re.compile("Test card number"))
    emily.page.get_by_role("button", name=re.compile("Pay")).click()
    emily.page.wait_for_url(re.compile("payment=sent"))
    emily.sees_after_a_while(HELD)
    emily.sees_title("paid, waiting for the cooperative")
    return order


def confirm(mercy: Visitor, order: str) -> None:
    """Say that the parcel is in hand, and send every paper that the order's page asks for."""
    mercy.go("/cooperative/orders")
    mercy.follow(order)
    mercy.sees(re.compile("The buyer's payment is held safely"))
    mercy.press("We have it in hand")
    mercy.sees_title("being packed")
    asked = mercy.page.locator("#f-papers a", has_text="Upload this paper")
    while asked.count():
        kind = (asked.first.text_content() or "").removeprefix("Upload this paper: ").removesuffix(".")
        asked.first.click()
        send_paper(mercy, kind, number=f"{kind[:3]} {order}")
        mercy.go(f"/cooperative/orders/{order}")


def ship(mercy: Visitor, order: str, *, weight: str) -> None:
    mercy.go(f"/cooperative/orders/{order}")
    mercy.sees("Every paper that the goods need to leave is here.")
    mercy.follow("We have shipped it")
    mercy.fill(
        carrier="DHL Express", tracking=f"JD{order[-4:]}{weight.replace('.', '')}",
        seal_number=f"TT-{weight.replace('.', '')}77", weight=weight, weight_unit="ct", insured="1,000",
    )  # fmt: skip
    mercy.press("We have shipped it")
    mercy.sees_title("with the courier")


def receive_and_accept(emily: Visitor, order: str, *, weight: str) -> None:
    emily.go(f"/orders/{order}")
    emily.follow("I have received it")
    emily.choose("seal_intact", "yes")
    emily.fill(weight=weight, weight_unit="ct")
    emily.press("I have received it")
    emily.sees_title("Receiving check")
    emily.sees("The seal was whole and the weight fits.")
    emily.take_picture(f"journey-{'' if emily.scripts else 'no-script-'}received")
    emily.follow("Back to the order")
    emily.sees_title("delivered, to be inspected")
    emily.take_picture(f"journey-{'' if emily.scripts else 'no-script-'}delivered")
    emily.follow("Accept the goods")
    emily.press("Accept the goods")
    emily.sees_title("payment to the cooperative on its way")


def prepare(ingrid: Visitor, order: str) -> str:
    """Prepare the payout and return its reference."""
    ingrid.go("/staff/payouts")
    ingrid.press(f"Prepare the payout for {order}")
    ingrid.sees("Another person of finance approves it.")
    return ingrid.page.url.split("?")[0].rsplit("/", 1)[1]


def approve_payout(joseph: Visitor, payout: str) -> None:
    joseph.go("/staff/payouts")
    joseph.follow(payout)
    joseph.press(re.compile(r"Approve US\$840\.00"))
    joseph.sees_title("waits to be sent")


def send_and_confirm(ingrid: Visitor, payout: str) -> None:
    ingrid.go(f"/staff/payouts/{payout}")
    ingrid.fill(reference=f"BANK-{payout}")
    ingrid.press("It was sent")
    ingrid.fill(proof=f"STATEMENT-{payout}")
    ingrid.press("Confirm receipt")
    ingrid.sees_title("received")
