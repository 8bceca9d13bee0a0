"""Papers as people read them, on a page and as a PDF: the frozen document in the reader's words."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import render_template, url_for
from werkzeug.wrappers import Response

from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.http.languages import translate as _
from marketplace.http.languages import written_language
from marketplace.papers.kinds import TITLES, Kind
from marketplace.papers.models import Paper
from marketplace.papers.typesetting import pdf_of
from marketplace.web.filters import country, money, number, short_date

_NOTES: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.INVOICE: (
        N_("The price was agreed with the published description of the lot, of which the digest is given here."),
        N_("No tax is added. Taxes and duties of the country of import are the buyer’s."),
    ),
    Kind.RECEIPT: (N_("The money is paid out after the buyer has accepted the goods, or goes back."),),
    Kind.CREDIT_NOTE: (N_("The refund went to the card or account that the buyer paid with."),),
    Kind.STATEMENT: (N_("Each charge is named with who receives it. The buyer paid the platform fee on top."),),
}


def paper_words(paper: Paper, *, names: dict[str, str] | None = None) -> dict[str, Any]:
    """Return every word of a paper in the reader's language; `names` are the members' by code, for who may see them."""
    content, kind = paper.content, Kind(paper.kind)
    return {
        "language": written_language(),
        "number": paper.number,
        "heading": _("%(title)s %(number)s", title=_(TITLES[kind]), number=paper.number),
        "seller_label": _("Seller"),
        "seller": _party(content["seller"]),
        "buyer_label": _("Buyer"),
        "buyer": _party(content["buyer"]),
        "facts": _facts(paper),
        "columns": [_("For"), _("Amount")],
        "lines": [
            {"label": _(line["label"]), "note": line["note"], "amount": _amount(paper, line["amount_minor"])}
            for line in content["lines"]
        ],
        **_total(paper),
        "members_label": _("How the cooperative shares it"),
        "member_columns": [_("Member"), _("Amount")],
        "members": _members(paper, names or {}),
        "notes": [_(note) for note in _NOTES[kind]],
        "sha256": paper.sha256,
    }


def paper_page(
    paper: Paper, *, back: tuple[str, str], pdf: str, names: dict[str, str] | None = None, slips: str | None = None
) -> str:
    """Return the page of a paper; `back` is where it leads, `slips` the endpoint of a member's own part."""
    return render_template("papers/paper.html", paper=paper_words(paper, names=names), back=back, pdf=pdf, slips=slips)


def paper_pdf(paper: Paper, *, names: dict[str, str] | None = None) -> Response:
    """Return the PDF of a paper, for keeping."""
    answer = Response(pdf_of(paper_words(paper, names=names), issued_at=paper.issued_at), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{paper.number}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def paper_links(papers: Any, endpoint: str) -> list[dict[str, str]]:
    """Return papers for a list: title, date, amount, address."""
    return [
        {
            "href": url_for(endpoint, number=paper.number),
            "title": _("%(title)s %(number)s", title=_(TITLES[Kind(paper.kind)]), number=paper.number),
            "on": short_date(paper.issued_at),
            "amount": _total(paper)["total"],
        }
        for paper in papers
    ]


def _total(paper: Paper) -> dict[str, str]:
    """Return the last line; of a payout in another currency what arrived."""
    paid_out = paper.content.get("paid_out")
    total = money(Money(paid_out["amount_minor"], paid_out["currency"])) if paid_out else None
    label = _("Paid to the cooperative") if paper.kind == Kind.STATEMENT else _("Total")
    return {"total_label": label, "total": total or _amount(paper, paper.total_minor)}


def _exchange_facts(content: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the price beside what was paid in another currency, and the rate."""
    exchange = content.get("exchange")
    if exchange is None:
        return []
    rate = _(
        "1 %(of)s is %(rate)s %(to)s. Rate of %(day)s, from %(source)s.",
        of=exchange["price_currency"],
        rate=number(Decimal(exchange["rate"]), 2, 8),
        to=exchange["paid_currency"],
        day=short_date(date.fromisoformat(exchange["observed_on"])),
        source=", ".join(exchange["sources"]),
    )
    priced = money(Money(exchange["price_minor"], exchange["price_currency"]))
    paid = money(Money(exchange["paid_minor"], exchange["paid_currency"]))
    if content["kind"] == Kind.CREDIT_NOTE:
        return [(_("Part of the price"), priced), (_("Given back"), paid), (_("Exchange rate"), rate)]
    return [(_("Price"), priced), (_("Paid in another currency"), paid), (_("Exchange rate"), rate)]


def _paid_out_facts(paper: Paper) -> list[tuple[str, str]]:
    """Return what was owed where a payout went in another currency, and by which day's rate."""
    paid_out = paper.content.get("paid_out")
    if paid_out is None:
        return []
    day = short_date(date.fromisoformat(paid_out["observed_on"]))
    owed = _amount(paper, paper.total_minor)
    how = _("Exchanged at the reference rate of %(day)s. The bank’s costs are ours.", day=day)
    return [(_("Owed to the cooperative"), owed), (_("Exchange rate"), how)]


def _facts(paper: Paper) -> list[dict[str, str]]:
    content = paper.content
    rows = [
        (_("Issued"), short_date(paper.issued_at)),
        (_("Order"), content["order"]),
        (_("Lot"), _("%(title)s (%(reference)s)", title=content["title"], reference=content["lot"])),
        (_("Takes back"), content.get("refers_to", "")),
        (_("Payment provider’s reference"), content.get("provider_reference", "")),
        (_("Payout"), content.get("payout", "")),
        (_("Paid to"), content.get("destination", "")),
        *_exchange_facts(content),
        *_paid_out_facts(paper),
        (_("Digest of the published description"), content["version_sha256"][:16] + "…"),
    ]
    return [{"term": term, "value": value} for term, value in rows if value]


def _party(party: dict[str, Any]) -> list[str]:
    return [row for row in (party["name"], *party["address"], country(party["country"]), party["reference"]) if row]


def _members(paper: Paper, names: dict[str, str]) -> list[dict[str, str]]:
    rows = paper.content.get("members", [])
    currency = paper.content.get("paid_out", {"currency": paper.currency})["currency"]
    total = sum(row["weight"] for row in rows)
    return [
        {
            "label": names.get(row["code"], row["code"]),
            "note": _("%(parts)s of %(all)s parts", parts=number(row["weight"]), all=number(total)),
            "amount": money(Money(row["amount_minor"], currency)),
            "code": row["code"],
        }
        for row in rows
    ]


def _amount(paper: Paper, minor: int) -> str:
    return money(Money(minor, paper.currency))
