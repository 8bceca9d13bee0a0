"""The journey of a lot and the form of one event: the same for a cooperative and for staff."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask import render_template, request

from marketplace.compliance.queries import cooperative_by_id, sites_of
from marketplace.core.errors import FieldError, InvalidInput, NotFound
from marketplace.core.money import EXPONENT
from marketplace.custody.answers import ROWS, read_happening
from marketplace.custody.chains import chain_of
from marketplace.custody.kinds import CHOICES, FIELDS, KIND_WORDS
from marketplace.custody.queries import events_of_lot, model_of, steps_of
from marketplace.custody.rules.chain import OF_SEVERAL_LOTS, RECORDERS, ChainBroken, Recorder, open_kinds, standing
from marketplace.custody.rules.tags import TagRefused
from marketplace.custody.services.recording import MOST_PHOTOS, Capacity, record_event
from marketplace.http.context import current_uow, file_store, settings
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.models import Lot
from marketplace.lots.queries import listing_of
from marketplace.web import custody_words as words
from marketplace.web.account.places import country_choices, field_errors


class Places(NamedTuple):
    """Where the pages of a lot's journey are, for one kind of reader."""

    journey: str
    form: Callable[[str], str]
    back: str
    back_words: str
    icglr: str = ""


def journey_page(lot: Lot, places: Places, *, capacities: Mapping[str, Capacity]) -> str:
    """Return the journey with links to what may be recorded now; `capacities` are those of the reader, by title."""
    session = current_uow().session
    events = events_of_lot(session, lot_id=lot.id)
    steps = words.steps_of(steps_of(session, events), lot.kind or "gem")
    model = model_of(lot, events)
    journey = words.Journey(steps, _(words.MODEL_NAMES[model]), _(words.MODEL_WORDS[model]))
    path = chain_of(session, lot)
    is_listed = lot.state == "sold" or listing_of(session, lot.id) is not None
    kinds = {
        title: [(kind, _(KIND_WORDS[kind])) for kind in open_kinds(path, capacity.recorder, is_listed=is_listed)]
        for title, capacity in capacities.items()
    }
    may = {kind for kind, who in RECORDERS.items() for each in capacities.values() if each.recorder in who}
    return render_template(
        "custody/journey.html",
        lot=lot,
        journey=journey,
        standing=standing(path),
        is_listed=is_listed,
        is_sold=lot.state == "sold",
        kinds=kinds,
        places=places,
        capacities=capacities,
        correctable=may - OF_SEVERAL_LOTS,
        own_ids={str(event.id) for event in events if event.order_id is None and event.lot_id == lot.id},
        correct_url=lambda step: f"{places.form(step.kind)}?corrects={step.id}",
    )


def form_page(
    lot: Lot, kind: str, places: Places, *, values: Mapping[str, Any], errors: Mapping[str, str], capacity: Capacity
) -> str:
    """Return the form of one event; raise NotFound for a kind this reader does not record."""
    check_kind(kind, capacity)
    uow = current_uow()
    cooperative = cooperative_by_id(uow.session, lot.cooperative_id)
    here = {
        "place_country": cooperative.country,
        "place_district": cooperative.district,
        "unit": "g" if lot.kind == "gold" else "ct",
        "happened_at": uow.now.strftime("%Y-%m-%dT%H:%M"),
        "currency": cooperative.payout_currency,
        "issuer": "Pact" if capacity.recorder is Recorder.STAFF else "",
        "corrects": request.args.get("corrects", ""),
    }
    return render_template(
        "custody/form.html",
        lot=lot,
        kind=kind,
        title=_(KIND_WORDS[kind]),
        fields=FIELDS[kind],
        has_weight=any(field.kind in {"weight", "lots", "parts"} for field in FIELDS[kind]),
        choices={name: [{"value": code, "label": _(label)} for code, label in found.items()]
                 for name, found in CHOICES.items()},
        sites=[(site.reference, f"{site.name}, {site.district}") for site in sites_of(uow.session, cooperative.id)],
        countries=country_choices(),
        currencies=[(code, code) for code in sorted(EXPONENT)],
        models=[(model, f"{_(name)}: {_(words.MODEL_WORDS[model])}") for model, name in words.MODEL_NAMES.items()],
        rows=range(1, ROWS + 1),
        places=places,
        capacity=capacity,
        values=values or here,
        errors=errors,
    )  # fmt: skip


def record_from_form(lot: Lot, kind: str, capacity: Capacity) -> dict[str, str]:
    """Record the event the form tells; return the errors to show, nothing when it is recorded."""
    check_kind(kind, capacity)
    uow = current_uow()
    most = settings().max_upload_bytes
    files = request.files.getlist("photo")[: MOST_PHOTOS + 1]
    photos = [content for file in files if file.filename and (content := file.read(most + 1))]
    sites = [site.reference for site in sites_of(uow.session, lot.cooperative_id)]
    try:
        told = read_happening(kind, request.form, sites=sites, has_photo=bool(photos))
        record_event(uow, lot=lot, told=told, capacity=capacity, photos=photos, store=file_store())
    except InvalidInput as error:
        return field_errors(error)
    except ChainBroken as error:
        return {"happened_at": translate_error(FieldError(error.message, **error.params))}
    except TagRefused as error:
        field = "tag_number" if any(each.name == "tag_number" for each in FIELDS[kind]) else "out_1_tag"
        return {field: translate_error(FieldError(error.message, **error.params))}
    return {}


def check_kind(kind: str, capacity: Capacity) -> None:
    """Raise NotFound unless this is an event that somebody in this capacity records."""
    if kind not in RECORDERS or capacity.recorder not in RECORDERS[kind]:
        raise NotFound
