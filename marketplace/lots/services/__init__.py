"""Changes of lots: drafts, photos, versions, and what is on sale."""

from marketplace.lots.services.availability import LotTaken, mark_available, mark_reserved, mark_sold, take_off
from marketplace.lots.services.drafts import DraftChanged, LotClaimed, TooManyDrafts, save_step, start_draft
from marketplace.lots.services.photos import add_photo, remove_photo
from marketplace.lots.services.publication import BagListedAgain, publish, refuse, reopen, send_back, withdraw
from marketplace.lots.services.stock import give_back_part, sell_part, take_part
from marketplace.lots.services.submission import NothingChanged, submit

__all__ = [
    "BagListedAgain",
    "DraftChanged",
    "LotClaimed",
    "LotTaken",
    "NothingChanged",
    "TooManyDrafts",
    "add_photo",
    "give_back_part",
    "mark_available",
    "mark_reserved",
    "mark_sold",
    "publish",
    "refuse",
    "remove_photo",
    "reopen",
    "save_step",
    "sell_part",
    "send_back",
    "start_draft",
    "submit",
    "take_off",
    "take_part",
    "withdraw",
]
