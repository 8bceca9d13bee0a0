"""Lists of conflict-affected areas: what is refused, and which place lies in one on which day."""

from datetime import date

import pytest

from marketplace.incidents.cahra import LARGEST_BYTES, Area, CahraRefused, Edition, area_of, read_edition
from marketplace.incidents.services.areas import shipped_edition

HEADER = "country,region,region_name,from,to,source,published_on"
KIVU = "CD,CD-NK,Nord-Kivu,2021-01-01,,A list,2026-09-01"
MALI = "ML,,,2022-01-01,2026-12-31,A list,2026-09-01"
TODAY = date(2026, 9, 1)


def listed(*rows: str, end: str | None = None) -> bytes:
    return "\n".join([HEADER, *rows, end or f"end,{len(rows)}"]).encode() + b"\n"


def why(raw: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(CahraRefused) as refused:
        read_edition(raw, today=TODAY)
    problem = refused.value.fields["file"]
    return problem.message, dict(problem.params)


def test_a_whole_list_is_read() -> None:
    assert read_edition(listed(KIVU, MALI), today=TODAY) == Edition(
        TODAY,
        (
            Area("CD", "CD-NK", "Nord-Kivu", date(2021, 1, 1), None, "A list"),
            Area("ML", "", "", date(2022, 1, 1), date(2026, 12, 31), "A list"),
        ),
    )


def test_every_cut_of_a_list_is_refused() -> None:
    raw = listed(KIVU, MALI).rstrip(b"\n")
    for length in range(len(raw)):
        why(raw[:length])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("CD,CD-NK", "Line %(line)s does not have seven short fields."),
        ("CD," + "x" * 201 + ",,2021-01-01,,A list,2026-09-01", "Line %(line)s does not have seven short fields."),
        ("Cd,,,2021-01-01,,A list,2026-09-01", "Line %(line)s: the country must be two letters, such as CD."),
        ("CDR,,,2021-01-01,,A list,2026-09-01", "Line %(line)s: the country must be two letters, such as CD."),
        ("CD,,,2021-01-01,,,2026-09-01", "Line %(line)s names no source."),
        ("CD,,,2021-13-01,,A list,2026-09-01", "Line %(line)s: %(field)s must be a day such as 2026-09-29."),
        ("CD,,,20210101,,A list,2026-09-01", "Line %(line)s: %(field)s must be a day such as 2026-09-29."),
        ("CD,,,2021-01-02,2021-01-01,A list,2026-09-01", "Line %(line)s ends before it begins."),
        ("CD,,,2021-01-01,,A list,2026-09-02", "Every row must have the same day in published_on."),
    ],
)
def test_a_wrong_row_is_named(row: str, message: str) -> None:
    found, params = why(listed(MALI, row))
    assert found == message
    assert params.get("line", 3) == 3


def test_the_frame_of_the_file_is_checked() -> None:
    assert why(b"a,b\n")[0] == "The first line must be: %(header)s."
    assert why(listed())[0] == "The list is empty or cut."
    assert why(listed(KIVU, end="end,2"))[0].startswith("The file is cut")
    assert why(b"\xff\xfe")[0] == "The file is no CSV in UTF-8."
    assert why(b"x" * (LARGEST_BYTES + 1))[0] == "The file is too large: at most 1 MB."
    assert why(listed(KIVU, KIVU))[0] == "An area stands twice in the list."
    assert why(listed(KIVU.replace("2026-09-01", "2026-09-02")))[0] == "The list is from a day that is still to come."


AREAS = read_edition(listed(KIVU, MALI), today=TODAY).areas


@pytest.mark.parametrize(
    ("country", "region", "on", "found"),
    [
        ("CD", "nord kivu", date(2021, 1, 1), "CD-NK"),
        ("CD", "CD-NK", date(2030, 1, 1), "CD-NK"),
        ("CD", "Nord-Kivu", date(2020, 12, 31), None),
        ("CD", "Kasaï", date(2026, 1, 1), None),
        ("TZ", "Nord-Kivu", date(2026, 1, 1), None),
        ("ML", "Kayes", date(2026, 12, 31), ""),
        ("ML", "Kayes", date(2027, 1, 1), None),
    ],
)
def test_a_place_lies_in_an_area_by_country_region_and_day(
    country: str, region: str, on: date, found: str | None
) -> None:
    area = area_of(AREAS, country=country, region=region, on=on)
    assert (area.region if area else None) == found


def test_the_narrowest_area_is_named() -> None:
    wide = Area("CD", "", "", date(2021, 1, 1), None, "Wide")
    found = area_of([wide, *AREAS], country="CD", region="Nord-Kivu", on=TODAY)
    assert found is not None
    assert found.region == "CD-NK"


def test_the_shipped_list_names_itself_indicative() -> None:
    assert {area.source for area in shipped_edition().areas} == {"Indicative list of this project; not the EU list"}
