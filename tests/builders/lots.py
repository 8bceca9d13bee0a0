"""Lots in every state, made through the services."""

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from PIL import Image, ImageDraw

from marketplace.accounts.models import User
from marketplace.compliance.models import MineSite
from marketplace.core.actor import StaffRole
from marketplace.core.storage import FileStore, LocalStore
from marketplace.lots import services
from marketplace.lots.models import PHOTO_SLOTS, Lot, LotVersion
from marketplace.unit_of_work import UnitOfWork
from tests.builders.approvals import approve_by_hand
from tests.builders.cooperatives import approved_cooperative
from tests.people import actor, person

Steps = Mapping[str, Mapping[str, str]]

STONE: Final[Steps] = MappingProxyType(
    {
        "kind": {"form": "rough"},
        "weight": {"weight": "3,42", "weight_unit": "ct", "pieces": "1"},
        "quality": {
            "variety": "tanzanite",
            "treatment": "N",
            "colour": "violet blue",
            "clarity": "clean",
            "shape": "crystal",
            "dimensions": "9 x 8 x 6",
            "grade": "fine",
            "natural": "yes",
        },
        "origin": {
            "mined_from": "2026-08-01",
            "mined_to": "2026-08-20",
            "group": "Market day of 22 August",
            "miners": "6",
            "miners_women": "4",
        },
        "price": {"wanted": "930", "wanted_currency": "USD", "reason": "A clean crystal of deep colour."},
    }
)
GOLD: Final[Steps] = MappingProxyType(
    {
        "kind": {"form": "dore"},
        "weight": {"weight": "250", "weight_unit": "g", "pieces": "1"},
        "quality": {
            "fineness": "920",
            "fineness_method": "fire_assay",
            "report_number": "GL-2291",
            "standard": "none",
            "mercury": "mercury_free",
            "no_worst_practice": "yes",
        },
        "origin": STONE["origin"],
        "price": {"wanted": "27,500", "wanted_currency": "USD", "reason": "The buyer fetches it from the mine."},
    }
)


def photo(number: int = 1, *, size: tuple[int, int] = (320, 320)) -> bytes:
    """Return a sharp JPEG; every number gives another one."""
    picture = Image.new("RGB", size, (90 + number % 120, 120, 160))
    draw = ImageDraw.Draw(picture)
    for line in range(0, size[0], 9):
        draw.line([(line, 0), (size[0] - line, size[1])], fill=(line % 255, (number * 37) % 255, 40), width=2)
    for block in range(12):  # so that two numbers look like two pictures, not like one in two colours
        left, top = (number * 151 + block * 97) % size[0], (number * 83 + block * 61) % size[1]
        shade = (number * 29 + block * 71) % 256
        draw.rectangle([left, top, left + size[0] // 5, top + size[1] // 5], fill=(shade, 255 - shade, 60))
    draw.text((20, 20), f"photo {number}", fill="white")
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()


def store_of(uow: UnitOfWork) -> FileStore:
    """Return the store that the test's application serves from."""
    return LocalStore(uow.settings.files_dir)


def draft_lot(
    uow: UnitOfWork, *, seller: tuple[MineSite, User], steps: Steps = STONE, photos: int = 4, number: int = 1
) -> Lot:
    """Make a draft of the steps given, a complete one by default; `number` makes its bag and photos its own."""
    site, secretary = seller
    as_secretary = uow.acting_as(actor(uow.session, secretary))
    lot = services.start_draft(as_secretary, cooperative_id=site.cooperative_id)
    for step, answers in steps.items():
        more = {"site": site.reference, "tag_number": f"TZ-{104880 + number}"} if step == "origin" else {}
        services.save_step(as_secretary, lot=lot, step=step, answers={**more, **answers})
    for place, slot in enumerate(PHOTO_SLOTS[:photos]):
        content = photo(number * 10 + place)
        services.add_photo(as_secretary, lot=lot, slot=slot, content=content, store=store_of(uow))
    return lot


def seller(uow: UnitOfWork, country: str = "TZ") -> tuple[MineSite, User]:
    """Make an approved cooperative; return its site and its secretary."""
    _cooperative, site, secretary = approved_cooperative(uow, country)
    return site, secretary


def published_lot(
    uow: UnitOfWork, *, of: tuple[MineSite, User] | None = None, steps: Steps = STONE, number: int = 1
) -> tuple[Lot, LotVersion, User]:
    """Put a lot on sale; return it with its version and the secretary who sent it."""
    site, secretary = of or seller(uow)
    lot = draft_lot(uow, seller=(site, secretary), steps=steps, number=number)
    version = services.submit(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    moderator = person(uow, f"zawadi of pact {lot.reference}", StaffRole.MODERATOR)
    approve_by_hand(uow, lot, version, reviewer_id=moderator.id)
    services.publish(uow.acting_as(actor(uow.session, moderator)), lot=lot, version=version)
    return lot, version, secretary
