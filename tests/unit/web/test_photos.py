"""The demonstration's pictures open, differ, and come out the same twice."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from marketplace.cli.demo.photos import GOLD_FORMS, VIEWS, render_gold, render_stone
from marketplace.cli.demo.photos.colours import LOOKS
from marketplace.web.varieties import VARIETIES


@pytest.mark.parametrize("view", VIEWS)
def test_a_stone_is_drawn_from_every_side(view: str) -> None:
    photo = Image.open(BytesIO(render_stone("tanzanite", "cut", view, 1)))

    assert (photo.format, photo.size) == ("JPEG", (1200, 900))


@pytest.mark.parametrize("form", GOLD_FORMS)
def test_gold_is_drawn_in_every_form(form: str) -> None:
    photo = Image.open(BytesIO(render_gold(form, "front", 1))).convert("RGB")
    red, _, blue = photo.getpixel((590, 440))

    assert red > blue + 40


def test_the_same_seed_draws_the_same_photo_and_another_one_does_not() -> None:
    first = render_stone("ruby", "rough", "front", 1)

    assert render_stone("ruby", "rough", "front", 1) == first
    assert render_stone("ruby", "rough", "front", 2) != first


def test_every_variety_of_the_vocabulary_has_its_own_look() -> None:
    assert set(LOOKS) == set(VARIETIES)


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(ValueError, match="no picture"):
        render_gold("bar", "behind", 1)
