"""The pattern of a photo: the same for copies, another for other pictures, none for a blank one."""

from io import BytesIO

import pytest
from PIL import Image, ImageEnhance

from marketplace.core.likeness import ALIKE_WITHIN, bits_apart, likeness_of


def rising() -> Image.Image:
    """Return 17 x 16 points, each row brighter to the right up to the middle, then darker."""
    picture = Image.new("L", (17, 16))
    picture.putdata([value for _ in range(16) for value in (*range(0, 90, 10), *range(70, -10, -10))])
    return picture.convert("RGB")


def gem(seed: int) -> Image.Image:
    """Return a picture of coloured blocks."""
    small = Image.new("RGB", (7, 6))
    small.putdata([((seed * 37 + n * n * 11) % 256, (n * seed * 53) % 256, (n * 91 + seed) % 256) for n in range(42)])
    return small.resize((700, 600), Image.Resampling.BICUBIC)


def stored_anew(picture: Image.Image) -> Image.Image:
    """Return the picture after a poor JPEG."""
    file = BytesIO()
    picture.save(file, "JPEG", quality=50)
    return Image.open(file)


def test_each_pair_of_neighbours_gives_one_bit_from_left_to_right() -> None:
    assert likeness_of(rising()) == "1111111100000000" * 16


def test_a_picture_without_a_pattern_has_none() -> None:
    assert likeness_of(Image.new("RGB", (640, 480), "white")) is None
    assert likeness_of(Image.linear_gradient("L").rotate(90)) is None, "brighter everywhere says too little"


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_copy_that_was_changed_a_little_looks_alike(seed: int) -> None:
    picture = gem(seed)
    mine = likeness_of(picture)
    assert mine is not None
    for copy in (
        picture.resize((210, 180)),
        ImageEnhance.Brightness(picture).enhance(0.8),
        stored_anew(picture),
        stored_anew(picture.crop((7, 6, 693, 594))),
    ):
        other = likeness_of(copy)
        assert other is not None
        assert bits_apart(mine, other) <= ALIKE_WITHIN


def test_other_pictures_do_not() -> None:
    found = [likeness_of(gem(seed)) for seed in range(1, 9)]
    assert all(each is not None for each in found)
    pairs = [bits_apart(a, b) for n, a in enumerate(found) for b in found[n + 1 :] if a is not None and b is not None]
    assert min(pairs) > ALIKE_WITHIN


@pytest.mark.parametrize(("one", "other", "apart"), [("0101", "0101", 0), ("1111", "0000", 4), ("101", "110", 2)])
def test_patterns_are_compared_bit_by_bit(one: str, other: str, apart: int) -> None:
    assert bits_apart(one, other) == apart
