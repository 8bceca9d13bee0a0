"""Cooperatives send their papers, and moderators read them, before lots are sent and before goods leave."""

from datetime import date, timedelta
from typing import Final

from marketplace.cli.demo.scenario import LotPlan
from marketplace.cli.demo.stage import Stage
from marketplace.compliance.document_kinds import MUST, DocumentKind, document_kinds
from marketplace.compliance.models import MineSite
from marketplace.compliance.queries import sites_of
from marketplace.documents.answers import Told
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.documents.services.reviewing import accept
from marketplace.documents.services.uploading import Sent, upload
from marketplace.lots.checks import PAPERS
from marketplace.lots.queries import lot_by_id, read_sheet
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.orders.models import Order
from marketplace.orders.shipping_papers import missing_papers_of

# The cooperative that has a paper nobody has read yet.
WAITS_FOR: Final = "mererani"
_NOTE: Final = {"note": "The issuer confirmed it on the telephone."}
_LASTS: Final = timedelta(days=700)
_ISSUERS: Final = {
    "mining_right": "Mining commission",
    "child_labour_attestation": "The chair of the cooperative",
    "miner_payment_sheet": "The treasurer of the cooperative",
    "site_inspection": "Pact",
    "royalty_receipt": "Revenue authority",
    "inspection_fee_receipt": "Mining commission",
    "icglr_certificate": "Ministry of mines",
}


def for_lot(stage: Stage, plan: LotPlan) -> None:
    """Send what the lot still lacks before it may be sent, and let its reviewer read it."""
    with stage.acting(stage.writer_of(plan)) as uow:
        lot = lot_by_id(uow.session, stage.lots[plan.key])
        sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=uow.settings.platform_fee_bps)
        wanted = [each.field for each in sheet.missing if each.step == PAPERS]
        own = Owner(cooperative_id=lot.cooperative_id, lot_id=lot.id)
    for kind in wanted:
        _provide(stage, plan, own, kind)


def for_order(stage: Stage, plan: LotPlan) -> None:
    """Send what the goods of an order need before they leave."""
    with stage.working() as uow:
        order = uow.session.get_one(Order, stage.orders[plan.key])
        wanted = [each.about for each in missing_papers_of(uow.session, order, today=uow.now.date())]
        own = Owner(cooperative_id=order.cooperative_id, order_id=order.id)
    for kind in wanted:
        _provide(stage, plan, own, kind)


def leave_one_waiting(stage: Stage, *, secretary: str) -> None:
    """Send a paper that nobody at Pact has read yet."""
    with stage.acting(secretary) as uow:
        owner = Owner(cooperative_id=stage.cooperatives[WAITS_FOR])
        told = Told("TIN 104-882-310", "Revenue authority", uow.now.date() - timedelta(days=12), None, ())
        kind = document_kinds()["tax_certificate"]
        upload(uow, owner=owner, kind=kind, told=told, sent=sent_of(kind, told), store=stage.store)


def _provide(stage: Stage, plan: LotPlan, narrow: Owner, code: str) -> None:
    kind = document_kinds()[code]
    with stage.acting(stage.writer_of(plan)) as uow:
        site = next(s for s in sites_of(uow.session, narrow.cooperative_id) if s.reference == stage.sites[plan.site])
        owner = _owner(kind, narrow, site)
        told = _told(kind, owner, site, number=int(plan.key), today=uow.now.date())
        sent = sent_of(kind, told)
        row = upload(uow, owner=owner, kind=kind, told=told, sent=sent, store=stage.store)
    with stage.acting(stage.reviewer_of(plan)) as uow:
        found = uow.session.get_one(Document, row.id)
        accept(uow, document=found, form=_NOTE, in_line=bring_in_line)


def _owner(kind: DocumentKind, narrow: Owner, site: MineSite) -> Owner:
    if narrow.kind in kind.belongs_to:
        return narrow
    if "site" in kind.belongs_to:
        return Owner(cooperative_id=narrow.cooperative_id, site_id=site.id)
    return Owner(cooperative_id=narrow.cooperative_id)


def _told(kind: DocumentKind, owner: Owner, site: MineSite, *, number: int, today: date) -> Told:
    issuer = _ISSUERS.get(kind.code, "Ministry of mines")
    if kind.code == "mining_right":
        first, last = site.right_valid_from or today, site.right_valid_to
        return Told(site.right_number, issuer, first, last, tuple(sorted(site.minerals)))
    letters = "".join(word[0] for word in kind.code.split("_")).upper()
    if kind.code == "child_labour_attestation" and site.child_labour_attested_on is not None:
        issued = site.child_labour_attested_on
    else:
        issued = today - timedelta(days=0 if owner.kind == "lot" else 2)
    last = kind.last_day(issued_on=issued, expires_on=issued + _LASTS if kind.expires == MUST else None)
    return Told(f"{letters}-{today.year}-{4000 + number}-{owner.kind[:1].upper()}", issuer, issued, last, ())


def sent_of(kind: DocumentKind, told: Told) -> Sent:
    """Return a made-up page with what is told of a paper."""
    lines = [kind.label, f"Number: {told.number}", f"Issued by: {told.issuer}", f"Issued on: {told.issued_on}"]
    if told.last_day is not None:
        lines.append(f"Last day: {told.last_day}")
    return Sent(_page([*lines, "Made up for the demonstration."]), "paper.pdf")


def _page(lines: list[str]) -> bytes:
    """Return a PDF of one page with a few lines of text, written by hand: ISO 32000-1, 7.5."""
    shown = (line.replace("\\", "").replace("(", "\\(").replace(")", "\\)") for line in lines)
    text = "BT /F1 14 Tf 60 780 Td 24 TL " + " ".join(f"({line}) Tj T*" for line in shown) + " ET"
    stream = text.encode("cp1252", "replace")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
    return written + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
