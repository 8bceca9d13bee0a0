"""The journey of a lot as the API writes it: the public record, without names of people and without prices."""

from marshmallow import fields

from marketplace.api.v1.schemas.fields import Code, Flag, Moment, Strict, Text, Whole
from marketplace.custody.record import KINDS, MODELS


class PartySchema(Strict):
    """Who acted: an organisation or an office. A buyer has no name here."""

    role = Text(required=True)
    name = Text(required=True)
    reference = Text(required=True)
    country = Text(required=True)


class JourneyPlaceSchema(Strict):
    """Where it was, never nearer than the district."""

    country = Text(required=True)
    region = Text(required=True)
    district = Text(required=True)
    site_reference = Text(required=True)


class LotAmountSchema(Strict):
    """A lot that went in or came out."""

    lot_reference = Text(required=True)
    weight_mg = Whole(required=True)
    pieces = Whole(required=True)
    tag_number = Text(required=True)


class EventDocumentSchema(Strict):
    """A paper of an event: kind, number, SHA-256 of its file."""

    kind = Text(required=True)
    number = Text(required=True)
    sha256 = Text(required=True)


class JourneyStepSchema(Strict):
    """One custody event. `corrects` names the event it puts right; `audit_event_id` its entry in the signed log."""

    id = Text(required=True)
    number = Whole(required=True)
    kind = Code(KINDS, required=True)
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)
    party = fields.Nested(PartySchema, required=True)
    place = fields.Nested(JourneyPlaceSchema, required=True)
    receiver = fields.Nested(PartySchema, required=True, allow_none=True)
    destination = fields.Nested(JourneyPlaceSchema, required=True, allow_none=True)
    entered_for = Flag(required=True)
    weight_before_mg = Whole(required=True, allow_none=True)
    weight_after_mg = Whole(required=True, allow_none=True)
    loss_mg = Whole(required=True)
    pieces = Whole(required=True, allow_none=True)
    tag_numbers = fields.List(Text(), required=True)
    seal_number = Text(required=True)
    inputs = fields.List(fields.Nested(LotAmountSchema), required=True)
    outputs = fields.List(fields.Nested(LotAmountSchema), required=True)
    documents = fields.List(fields.Nested(EventDocumentSchema), required=True)
    photo_sha256s = fields.List(Text(), required=True)
    facts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    corrects = Text(required=True, allow_none=True)
    audit_event_id = Text(required=True, allow_none=True)


class JourneySchema(Strict):
    """A lot's model of ISO 22095 and its events in the order of recording."""

    reference = Text(required=True)
    version_sha256 = Text(required=True)
    model = Code(MODELS, required=True)
    steps = fields.List(fields.Nested(JourneyStepSchema), required=True)
