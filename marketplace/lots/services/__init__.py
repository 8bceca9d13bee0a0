"""Changes of lots: drafts, photos, versions, and what is on sale."""

from marketplace.lots.services.availability import LotTaken, mark_available, mark_reserved, mark_sold, take_off
from marketplace.lots.services.drafts import DraftChanged, LotClaimed, TooManyDrafts, save_step, start_draft
from marketplace.lots.services.editing import confirm_correction, drop_edit, expire, start_edit, undo_correction
from marketplace.lots.services.photos import add_photo, remove_photo
from marketplace.lots.services.publication import BagListedAgain, publish, refuse, reopen, send_back, withdraw
from marketplace.lots.services.stock import give_back_part, sell_part, take_part
from marketplace.lots.services.submission import LotOfferedOn, NothingChanged, OffersLike, no_offers, submit

__all__ = [
    "BagListedAgain",
    "DraftChanged",
    "LotClaimed",
    "LotOfferedOn",
    "LotTaken",
    "NothingChanged",
    "OffersLike",
    "TooManyDrafts",
    "add_photo",
    "confirm_correction",
    "drop_edit",
    "expire",
    "give_back_part",
    "mark_available",
    "mark_reserved",
    "mark_sold",
    "no_offers",
    "publish",
    "refuse",
    "remove_photo",
    "reopen",
    "save_step",
    "sell_part",
    "send_back",
    "start_draft",
    "start_edit",
    "submit",
    "take_off",
    "take_part",
    "undo_correction",
    "withdraw",
]
