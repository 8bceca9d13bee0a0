"""Where the files of documents are kept: sealed under the field key, one under the key of each document."""

from typing import Final
from uuid import UUID

from marketplace.core.crypto import seal, unseal
from marketplace.core.storage import FileStore

_PURPOSE: Final = "document.file"


def key_of_document(document_id: UUID) -> str:
    """Return the store's key of a document's file."""
    return f"documents/{document_id.hex}.sealed"


def keep(store: FileStore, document_id: UUID, content: bytes, *, key: bytes) -> None:
    """Seal a file and store it."""
    store.put(key_of_document(document_id), seal(content, key=key, purpose=f"{_PURPOSE}:{document_id.hex}"))


def take_out(store: FileStore, document_id: UUID, *, key: bytes) -> bytes:
    """Return a file; raise FileMissing, or SealBroken when it was altered."""
    return unseal(store.get(key_of_document(document_id)), key=key, purpose=f"{_PURPOSE}:{document_id.hex}")
