"""The official formats: what is read, and that every cut or malformed file is refused with its reason."""

from datetime import date

import pytest

from marketplace.screening.entries import Edition, Entry, EntryKind, ListKind, ListRefused, Name, NameKind
from marketplace.screening.readers import read_list
from tests.builders.lists import sample, trio, zipped

TODAY = date(2026, 9, 29)
PERSON, ENTITY, VESSEL = EntryKind.PERSON, EntryKind.ENTITY, EntryKind.VESSEL
PRIMARY, ALIAS, WEAK, NATIVE = NameKind.PRIMARY, NameKind.ALIAS, NameKind.WEAK, NameKind.NATIVE
HERON = "GOLDEN HERON MINERALS SARL"
REGIME = "The Made-up Regime Regulations 2020"


def read(kind: str, raw: bytes, **more: date) -> Edition:
    return read_list(ListKind(kind), raw, today=TODAY, **more)


def why(kind: str, raw: bytes, **more: date) -> str:
    with pytest.raises(ListRefused) as refused:
        read(kind, raw, **more)
    problem = refused.value.fields["file"]
    return problem.message % problem.params if problem.params else problem.message


def test_ofacs_xml_is_read_whole() -> None:
    assert read("ofac", sample("ofac.xml")) == Edition(
        date(2026, 9, 24),
        (
            Entry(
                "90001",
                PERSON,
                (Name("Davor Ilyich KRASNOV", PRIMARY), Name("Davor KRASNOFF", ALIAS), Name("THE MINER", WEAK)),
                ("1962-05-14", "1963"),
                ("RU", "CD"),
                "MADEUP1, MADEUP2",
            ),
            Entry("90002", ENTITY, (Name(HERON, PRIMARY),), (), (), "MADEUP1"),
            Entry("90003", VESSEL, (Name("MV HERON", PRIMARY),), (), ("PA",), "MADEUP1"),
        ),
    )


def test_ofacs_three_csv_files_are_joined() -> None:
    edition = read("ofac", trio(), published_on=date(2026, 9, 24))
    assert edition == Edition(
        date(2026, 9, 24),
        (
            Entry(
                "90001",
                PERSON,
                (Name("Davor Ilyich KRASNOV", PRIMARY), Name("Davor KRASNOFF", ALIAS)),
                ("1962-05-14", "1963"),
                ("RU", "CD"),
                "MADEUP1",
            ),
            Entry("90002", ENTITY, (Name(HERON, PRIMARY),), (), ("CD",), "MADEUP1"),
            Entry("90003", VESSEL, (Name("MV HERON", PRIMARY),), (), (), "MADEUP1"),
        ),
    )


def test_the_list_of_the_united_nations_is_read_with_its_native_names() -> None:
    person, entity = read("un", sample("un.xml")).entries
    assert person == Entry(
        "7000001",
        PERSON,
        (
            Name("SAHR BELLO TUNKARA", PRIMARY),
            Name("ساهر بيلو تونكارا", NATIVE),
            Name("Sahr Bello", ALIAS),
            Name("Bello le Vieux", WEAK),
        ),
        ("1970", "1971", "1972"),
        ("ML", "TZ"),
        "Made up",
        date(2016, 11, 30),
    )
    names = (Name("COMPTOIR DU LAC PERDU", PRIMARY), Name("CLP Mining", ALIAS))
    assert entity == Entry("7000002", ENTITY, names, (), ("CD",), "Made up", date(2009, 4, 24))


def test_the_list_of_the_european_union_is_read() -> None:
    edition = read("eu", sample("eu.xml"))
    assert edition.published_on == date(2026, 9, 26)
    assert edition.entries == (
        Entry(
            "EU.9001.1",
            PERSON,
            (
                Name("Милорад Зимин", NATIVE),
                Name("Milorad Zimin", PRIMARY),
                Name("Miloš J. Zimin", ALIAS),
                Name("Zima", WEAK),
            ),
            ("1971-02-03", "1972"),
            ("RS",),
            "MADE",
            date(2014, 7, 31),
        ),
        Entry("EU.9002.2", ENTITY, (Name("Silver Otter Trading Company", PRIMARY),), (), (), "MADE"),
    )


def test_the_list_of_the_united_kingdom_is_read_as_xml() -> None:
    edition = read("uk", sample("uk.xml"))
    assert edition.published_on == date(2026, 9, 23)
    assert edition.entries[0] == Entry(
        "MUP0001",
        PERSON,
        (
            Name("JABARI OMARI NGOWI", PRIMARY),
            Name("Jabari wa Ngowi", ALIAS),
            Name("Mzee Jabari", WEAK),
            Name("جباري عمري نغوي", NATIVE),
        ),
        ("1945", "1946-06-05"),
        ("TZ", "KE"),
        REGIME,
        date(2020, 2, 1),
    )
    assert [(each.uid, each.kind) for each in edition.entries[1:]] == [("MUP0002", ENTITY), ("MUP0003", VESSEL)]


def test_the_list_of_the_united_kingdom_is_read_as_csv() -> None:
    edition = read("uk", sample("uk.csv"))
    assert edition.published_on == date(2026, 9, 23)
    assert edition.entries == (
        Entry(
            "MUP0001",
            PERSON,
            (
                Name("JABARI OMARI NGOWI", PRIMARY),
                Name("Mzee Jabari", WEAK),
                Name("جباري عمري نغوي", NATIVE),
            ),
            ("1945", "1946-06-05"),
            ("TZ", "KE"),
            REGIME,
            date(2020, 2, 1),
        ),
        Entry("MUP0002", ENTITY, (Name("RED BAOBAB HOLDINGS LIMITED", PRIMARY),), (), (), REGIME, date(2021, 4, 3)),
    )


def test_an_older_column_of_the_uk_csv_is_known_too() -> None:
    older = sample("uk.csv").replace(b"Designation Type", b'"Individual, Entity, Ship"')
    assert read("uk", older) == read("uk", sample("uk.csv"))


@pytest.mark.parametrize(("kind", "name"), [("ofac", "ofac.xml"), ("un", "un.xml"), ("eu", "eu.xml"), ("uk", "uk.xml")])
def test_a_zip_holds_one_list(kind: str, name: str) -> None:
    assert read(kind, zipped({f"folder/{name}": sample(name)})) == read(kind, sample(name))


@pytest.mark.parametrize(
    ("kind", "name"),
    [("ofac", "ofac.xml"), ("un", "un.xml"), ("eu", "eu.xml"), ("uk", "uk.xml")],
)
def test_every_cut_of_an_xml_list_is_refused(kind: str, name: str) -> None:
    raw = sample(name).rstrip()
    for length in range(0, len(raw), 7):
        why(kind, raw[:length])
    assert why(kind, raw[:-1]).startswith("The file is cut or malformed at line ")


def test_a_csv_that_lost_half_a_line_is_refused() -> None:
    raw = sample("uk.csv").rstrip()
    assert why("uk", raw[: raw.rindex(b",Entity")]) == (
        "Line 5 has 12 columns instead of 17. The file is cut or malformed."
    )


def test_a_file_that_lost_an_entry_is_refused_by_its_own_count() -> None:
    raw = sample("ofac.xml").replace(b"<Record_Count>3<", b"<Record_Count>4<")
    assert why("ofac", raw) == "The file says that it has 4 entries, but it has 3. It is cut."
    without = sample("ofac.xml").replace(b"Record_Count", b"Count")
    assert why("ofac", without) == (
        "The file does not say how many entries it has. It is not OFAC’s list, or it is cut."
    )


def test_another_publishers_list_is_refused() -> None:
    told = "The file begins with “CONSOLIDATED_LIST” instead of “sdnList”. It is another list."
    assert why("ofac", sample("un.xml")) == told
    assert why("uk", sample("sdn.csv")) == (
        "The first line must be “Report Date:” with a day. This is not the UK’s list."
    )


DOUBLE = sample("un.xml").replace(b"7000002", b"7000001")


@pytest.mark.parametrize(
    ("kind", "raw", "message"),
    [
        ("un", b"", "The file is empty."),
        ("un", b"name,country\n", "The file is not XML. Choose the list in its XML format."),
        ("ofac", sample("sdn.csv"), "Send OFAC’s SDN.CSV, ADD.CSV and ALT.CSV together, in one ZIP file."),
        ("un", DOUBLE, "Entry 7000001 stands twice in the list."),
        (
            "un",
            sample("un.xml").replace(b"2026-09-25T", b"2026-09-30T"),
            "The list is from a day that is still to come.",
        ),
        (
            "un",
            sample("un.xml").replace(b"dateGenerated", b"made"),
            "The file does not say of which day the list is. Enter the day it was published.",
        ),
        (
            "un",
            sample("un.xml").replace(b"<DATAID>7000002</DATAID>", b""),
            "Entry number 2 of the file has no number or is malformed.",
        ),
        (
            "un",
            sample("un.xml").replace(b"COMPTOIR DU LAC PERDU", b"").replace(b"CLP Mining", b""),
            "Entry 7000002 has no name.",
        ),
        (
            "un",
            sample("un.xml").replace(b"COMPTOIR", b"C" * 600),
            "Entry 7000002 is longer than any entry can be.",
        ),
        (
            "un",
            b'<CONSOLIDATED_LIST dateGenerated="2026-09-25"/>',
            "The list is empty or cut: it holds no entry.",
        ),
        (
            "eu",
            sample("eu.xml").replace(b'classificationCode="E"', b'classificationCode="X"'),
            "Entry EU.9002.2 is neither a person, an organisation nor a vessel.",
        ),
        (
            "uk",
            sample("uk.xml").replace(b">Ship<", b">Tree<"),
            "Entry MUP0003 is neither a person, an organisation nor a vessel.",
        ),
        (
            "ofac",
            sample("ofac.xml").replace(b">Vessel<", b">Tree<"),
            "Entry 90003 is neither a person, an organisation nor a vessel.",
        ),
        (
            "uk",
            sample("uk.csv").replace(b",Entity,", b",Tree,"),
            "Entry MUP0002 is neither a person, an organisation nor a vessel.",
        ),
        ("uk", sample("uk.csv").replace(b"Regime Name", b"Regime"), "The second line lacks the column “regime name”."),
        (
            "uk",
            sample("uk.csv").replace(b"Designation Type", b"Kind"),
            "The second line lacks the column “designation type”.",
        ),
        (
            "uk",
            sample("uk.csv").replace(b"23-Sep", b"23-Six"),
            "The day in the first line cannot be read: 23-Six-2026.",
        ),
        ("uk", b"\xff" + sample("uk.csv"), "The file is no CSV in UTF-8, or it is cut."),
        ("uk", b"Report Date: 23-Sep-2026\n", "The second line lacks the column “unique id”."),
    ],
)
def test_a_wrong_file_is_refused_with_the_reason(kind: str, raw: bytes, message: str) -> None:
    assert why(kind, raw) == message


def test_the_three_files_must_belong_together() -> None:
    day = date(2026, 9, 24)
    assert why("ofac", trio()) == "The file does not say of which day the list is. Enter the day it was published."
    assert why("ofac", zipped({"sdn.csv": sample("sdn.csv")}), published_on=day) == "The ZIP lacks ALT.CSV, ADD.CSV."
    assert why("ofac", trio(alt=b'90009,1,"aka","X",-0- \r\n'), published_on=day) == (
        "ALT.CSV names entry 90009, which SDN.CSV does not have. A file is cut, or of another day."
    )
    assert why("ofac", trio(sdn=sample("sdn.csv").replace(b'"vessel"', b'"tree"')), published_on=day) == (
        "Entry 90003 is neither a person, an organisation nor a vessel."
    )
    assert why("ofac", trio(add=b"90001,7,-0-\r\n"), published_on=day) == (
        "ADD.CSV, line 1: 6 columns are needed, the first one a number."
    )
    assert why("ofac", trio(alt=b"x,1,a,b,c\r\n"), published_on=day) == (
        "ALT.CSV, line 1: 5 columns are needed, the first one a number."
    )
    assert why("ofac", trio(alt=b'90001,1,"aka","KRAS'), published_on=day) == "ALT.CSV is no CSV, or it is cut."
    older = trio(alt="90001,1,aka,Müller,-0-".encode("cp1252"))
    assert Name("Müller", ALIAS) in read("ofac", older, published_on=day).entries[0].names


def test_a_broken_zip_is_refused() -> None:
    whole = zipped({"un.xml": sample("un.xml")})
    assert why("un", whole[:-30]) == "The ZIP is cut or damaged."
    assert why("un", zipped({f"{number}.xml": b"<a/>" for number in range(7)})) == (
        "The ZIP holds more files than a list has."
    )
    assert why("un", zipped({"a.xml": b"<a/>", "b.xml": b"<a/>"})) == (
        "The ZIP must hold one list, or SDN.CSV, ADD.CSV and ALT.CSV."
    )


def test_an_xml_with_a_document_type_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>'
    assert why("un", bomb) == "The file declares a document type. Official lists do not."
    assert why("un", b'<?xml version="1.0" encoding="klingon"?><CONSOLIDATED_LIST/>') == (
        "The file names an unknown encoding."
    )


def test_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = sample("un.xml")
    monkeypatch.setattr("marketplace.screening.readers.LARGEST_BYTES", len(raw))
    monkeypatch.setattr("marketplace.screening.readers.archives.LARGEST_BYTES", len(raw))
    assert len(read("un", raw).entries) == 2
    assert why("un", raw + b" ") == "The file is too large: at most 100 MB."
    assert len(read("un", zipped({"un.xml": raw})).entries) == 2
    assert why("un", zipped({"un.xml": raw + b" "})) == "The file is too large: at most 100 MB."
    monkeypatch.setattr("marketplace.screening.readers.xml_rows.MOST_ENTRIES", 2)
    assert len(read("un", raw).entries) == 2
    monkeypatch.setattr("marketplace.screening.readers.xml_rows.MOST_ENTRIES", 1)
    assert why("un", raw) == "The list has more than 1 entries."
    monkeypatch.setattr("marketplace.screening.readers.ofac_csv.MOST_ENTRIES", 2)
    assert why("ofac", trio()) == "The list has more than 2 entries."
    monkeypatch.setattr("marketplace.screening.readers.uk_csv.MOST_LINES", 4)
    assert why("uk", sample("uk.csv")).startswith("The list has more than ")


def test_days_of_birth_of_the_united_nations_come_in_several_fields() -> None:
    spans = b"<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1970</FROM_YEAR><TO_YEAR>1972</TO_YEAR>"
    assert spans in sample("un.xml")
    exact = sample("un.xml").replace(spans, b"<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1965-03-12</DATE>")
    assert read("un", exact).entries[0].births == ("1965-03-12",)
    year = sample("un.xml").replace(spans, b"<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1965</YEAR>")
    assert read("un", year).entries[0].births == ("1965",)


def test_an_entry_goes_by_its_main_name() -> None:
    assert read("eu", sample("eu.xml")).entries[0].primary == "Milorad Zimin"
    nameless = read("eu", sample("eu.xml").replace(b'strong="true"', b'strong="false"'))
    assert nameless.entries[1].primary == "Silver Otter Trading Company"
