"""Photos of the demonstration's lots: drawn in processes beside the loading, and kept for a loading begun again."""

import io
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

from PIL import Image

from marketplace.cli.demo.photos import render_gold, render_stone
from marketplace.cli.demo.scenario import LotPlan

PROCESSES: Final = 2
SENT_WIDTH: Final = 960


class Picture(NamedTuple):
    """What is to be drawn."""

    kind: str
    variety: str
    form: str
    view: str
    seed: int
    tag: str


class Album:
    """Give each photo when it is asked for; drawing begins with the album, in the order given."""

    def __init__(self, lots: Iterable[LotPlan], *, seed: int, folder: Path) -> None:
        self._folder, self._seed = folder, seed
        # Not forked: a fork would share this process's database connections.
        self._pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))
        self._drawn: dict[tuple[str, str], Future[bytes]] = {}
        for lot in lots:
            for view in dict.fromkeys((*lot.photo_views, *lot.evidence_views)):
                self._drawn[lot.key, view] = self._pool.submit(draw, picture_of(lot, view, seed=seed), folder)

    def photo(self, lot: LotPlan, view: str) -> bytes:
        """Return a JPEG, waiting until it is drawn."""
        return self._drawn[lot.key, view].result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def picture_of(lot: LotPlan, view: str, *, seed: int) -> Picture:
    """Return what is to be drawn of a lot; the bag lies in the picture with the ruler."""
    shown = "seal" if view == "scale" and lot.kind == "gold" else view
    return Picture(
        kind=lot.kind,
        variety=lot.row.get("variety", ""),
        form=lot.row["form"],
        view=shown,
        seed=seed * 1000 + int(lot.key),
        tag=lot.tag,
    )


def draw(picture: Picture, folder: Path) -> bytes:
    """Return the picture, drawn now or kept from an earlier loading."""
    name = "-".join([picture.kind, picture.variety or "gold", picture.form, picture.view, str(picture.seed)])
    path = folder / f"{name}.jpg"
    if path.exists():
        return path.read_bytes()
    if picture.kind == "gold":
        content = render_gold(picture.form, picture.view, picture.seed, seal=picture.tag)
    else:
        content = render_stone(picture.variety, picture.form, picture.view, picture.seed, seal=picture.tag)
    content = as_sent(content)
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(path)
    return content


def as_sent(content: bytes) -> bytes:
    """Return a picture as a phone sends it after shrinking it for a slow network."""
    with Image.open(io.BytesIO(content)) as opened:
        small = opened.resize((SENT_WIDTH, SENT_WIDTH * opened.height // opened.width), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    small.save(written, "JPEG", quality=88)
    return written.getvalue()
