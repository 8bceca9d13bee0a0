"""Entries of the audit log as the API writes them: no name, no address, no reason."""

from marshmallow import fields

from marketplace.api.v1.schemas.fields import Code, Moment, Strict, Text
from marketplace.audit.registry import KINDS

WHOSE = ["buyer", "cooperative", "staff"]


class AuditQuery(Strict):
    """Whose entries are wanted, and from where on."""

    whose = Code(WHOSE, metadata={"description": "When left out: yours as buyer if you are one, else as cooperative."})
    cooperative = Text(most=40, metadata={"description": "The reference, when you belong to several."})
    cursor = Text(most=18, metadata={"description": "`next_cursor` of the answer before; the place in the log."})


class AuditTargetSchema(Strict):
    """What an entry is about."""

    type = Text(required=True)
    id = Text(required=True)


class AuditEventSchema(Strict):
    """One entry of the log."""

    id = Text(required=True)
    idx = fields.Integer(required=True, metadata={"description": "The place in the log's tree, from 0."})
    at = Moment(required=True)
    action = Text(required=True, metadata={"description": f"One of {len(KINDS)} actions: /log/actions."})
    text = Text(required=True, metadata={"description": "What happened, without names."})
    outcome = Text(required=True)
    targets = fields.List(fields.Nested(AuditTargetSchema), required=True)
    leaf = Text(required=True, metadata={"description": "The entry as it is in the log, RFC 8785 JSON as text."})


class AuditPageSchema(Strict):
    """Entries in the order of the log."""

    events = fields.List(fields.Nested(AuditEventSchema), required=True)
    next_cursor = Text(required=True, metadata={"description": "Ask again with it, also after the last entry."})


class AuditProofSchema(Strict):
    """The proof that an entry is in the log."""

    id = Text(required=True)
    idx = fields.Integer(required=True)
    size = fields.Integer(required=True, metadata={"description": "Entries of the checkpoint that it proves."})
    leaf_hash = Text(required=True, metadata={"description": "Base64 of the leaf hash (RFC 6962)."})
    hashes = fields.List(
        Text(), required=True, metadata={"description": "The inclusion proof, each 32 bytes in base64."}
    )
    checkpoint = Text(required=True, metadata={"description": "The signed note (C2SP tlog-checkpoint)."})
    proof = Text(required=True, metadata={"description": "All of it as a tlog-proof@v1 file."})


class AuditConsistencyQuery(Strict):
    """From which older log to the latest checkpoint."""

    old_size = Text(required=True, most=18, pattern="[0-9]+", metadata={"description": "Entries of the older log."})


class AuditConsistencySchema(Strict):
    """The proof that the log only grew."""

    old_size = fields.Integer(required=True)
    size = fields.Integer(required=True)
    hashes = fields.List(Text(), required=True)
    checkpoint = Text(required=True)


class AuditCheckpointSchema(Strict):
    """The latest signed size and root."""

    origin = Text(required=True)
    size = fields.Integer(required=True)
    root = Text(required=True, metadata={"description": "Base64 of 32 bytes."})
    signed_at = Moment(required=True)
    note = Text(required=True, metadata={"description": "The signed note, with the witnesses' signatures."})
