"""Take in a document: its file is checked, sealed and kept; a newer version waits beside the one that counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select, text

from marketplace.compliance.document_kinds import DocumentKind
from marketplace.compliance.models import Cooperative
from marketplace.core.errors import FieldError, Forbidden, InvalidInput
from marketplace.core.ids import new_id, new_reference
from marketplace.core.images import ImageLimits, ImageRefused
from marketplace.core.storage import FileStore
from marketplace.core.text import N_
from marketplace.documents.answers import Told, number_key
from marketplace.documents.files import FileRefused, ReadFile, read_file
from marketplace.documents.keeping import keep
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.documents.queries import same_paper
from marketplace.documents.scanning import scan
from marketplace.documents.transitions import State
from marketplace.unit_of_work import UnitOfWork

# Of one cooperative, all versions together: far above what anybody needs.
MOST_DOCUMENTS: Final = 5_000
_GIVES_WAY: Final = (State.PENDING.value, State.REJECTED.value)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: its bytes and the name it had."""

    content: bytes
    name: str


def upload(uow: UnitOfWork, *, owner: Owner, kind: DocumentKind, told: Told, sent: Sent, store: FileStore) -> Document:
    """Keep a document to be reviewed.

    Raises InvalidInput naming the field, Forbidden for who is no officer, ScannerAway when a scanner is set and silent.
    """
    cooperative = uow.session.get_one(Cooperative, owner.cooperative_id)
    if not uow.actor.may_write_for(cooperative.id):
        raise Forbidden
    if owner.kind not in kind.belongs_to:
        raise InvalidInput({"kind": N_("Choose one.")})
    file = _read(uow, sent)
    lock_paper(uow, owner, kind)
    earlier = same_paper(uow.session, owner, kind=kind.code, key=number_key(told.number) if kind.several else None)
    _check_new(uow, owner, earlier, file)
    row = _row(owner, kind, told, file)
    row.uploaded_by, row.uploaded_at = uow.person(), uow.now
    row.version = 1 + max((each.version for each in earlier), default=0)
    keep(store, row.id, file.content, key=uow.settings.field_key)
    uow.session.add(row)
    uow.session.flush()
    replace(uow, [each for each in earlier if each.state in _GIVES_WAY], by=row)
    uow.record(
        "document.upload",
        row,
        cooperative,
        kind=kind.code,
        owner=owner.kind,
        version=row.version,
        hashes={"file": row.sha256},
    )
    return row


def check_file(uow: UnitOfWork, *, owner: Owner, kind: DocumentKind, number: str, sent: Sent) -> None:
    """Raise InvalidInput when the file alone cannot be kept: a form that is wrong elsewhere tells it in one round."""
    key = number_key(number) if kind.several else None
    _check_new(uow, owner, same_paper(uow.session, owner, kind=kind.code, key=key), _read(uow, sent))


def replace(uow: UnitOfWork, earlier: Sequence[Document], *, by: Document) -> None:
    """Let a newer version take the place of earlier ones; they stay as they are, and can still be read."""
    for row in earlier:
        row.replaced_by, row.replaced_at = by.id, uow.now
        uow.record("document.replace", row)


def lock_paper(uow: UnitOfWork, owner: Owner, kind: DocumentKind) -> None:
    """Make two versions of one paper wait for each other."""
    ids = (owner.cooperative_id, owner.site_id, owner.lot_id, owner.order_id)
    key = f"document {kind.code} {' '.join(str(each) for each in ids)}"
    uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})


def _read(uow: UnitOfWork, sent: Sent) -> ReadFile:
    limits = ImageLimits(most_bytes=uow.settings.max_upload_bytes, most_pixels=uow.settings.max_image_pixels)
    try:
        found = read_file(sent.content, sent.name, limits=limits)
        if uow.settings.clamd_address is not None:
            scan(sent.content, address=uow.settings.clamd_address)
    except (FileRefused, ImageRefused) as refused:
        raise InvalidInput({"file": FieldError(refused.message, **refused.params)}) from refused
    return found


def _check_new(uow: UnitOfWork, owner: Owner, earlier: Sequence[Document], file: ReadFile) -> None:
    if any(each.sent_sha256 == file.sent_sha256 for each in earlier):
        raise InvalidInput({"file": N_("You sent this very file before. Choose the new paper.")})
    wanted = select(func.count()).select_from(Document).where(Document.cooperative_id == owner.cooperative_id)
    if (uow.session.scalar(wanted) or 0) >= MOST_DOCUMENTS:
        raise InvalidInput({"file": N_("Your cooperative has too many documents here. Ask Pact staff for help.")})


def _row(owner: Owner, kind: DocumentKind, told: Told, file: ReadFile) -> Document:
    return Document(
        id=new_id(),
        reference=new_reference("DC"),
        kind=kind.code,
        owner=owner.kind,
        cooperative_id=owner.cooperative_id,
        site_id=owner.site_id,
        lot_id=owner.lot_id,
        order_id=owner.order_id,
        number=told.number,
        number_key=number_key(told.number),
        issuer=told.issuer,
        issued_on=told.issued_on,
        expires_on=told.last_day,
        minerals=list(told.minerals),
        sha256=file.sha256,
        sent_sha256=file.sent_sha256,
        content_type=file.content_type,
        size=len(file.content),
        state=State.PENDING.value,
    )
