"""Changes of lots: drafts, photos, versions, and what is on sale."""

from marketplace.lots.services.availability import LotTaken, mark_available, mark_reserved, mark_sold, take_off
from marketplace.lots.services.drafts import DraftChanged, LotClaimed, TooManyDrafts, save_step, start_draft
from marketplace.lots.services.photos import add_photo, remove_photo
from marketplace.lots.services.publication import publish, refuse, send_back, withdraw
from marketplace.lots.services.submission import NothingChanged, submit

__all__ = [
    "DraftChanged",
    "LotClaimed",
    "LotTaken",
    "NothingChanged",
    "TooManyDrafts",
    "add_photo",
    "mark_available",
    "mark_reserved",
    "mark_sold",
    "publish",
    "refuse",
    "remove_photo",
    "save_step",
    "send_back",
    "start_draft",
    "submit",
    "take_off",
    "withdraw",
]
