"""A branch's programme out to Excel and in from it: what is right is added once, what is wrong is told line by line."""

import asyncio
import csv
import io
import zipfile
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook, load_workbook

from shared.events import SessionPublished
from tests.integration.catalog.conftest import ADMIN, COORDINATOR, KISTA, RINKEBY, Answer, Catalog, Json

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAY = datetime.now(STOCKHOLM).date() + timedelta(days=30)
HEAD = "aktivitet;datum;börjar;slutar;platser"


def table(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join((head, *lines, "")).encode("utf-8-sig")


def workbook(rows: Iterable[Sequence[object]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def send(
    catalog: Catalog,
    file: bytes | AsyncIterator[bytes],
    *,
    preview: bool = False,
    media: str = CSV,
    by: tuple[str, ...] | None = KISTA,
    branch: str = "kista",
) -> Answer:
    address = f"{catalog.url}/v1/branches/{branch}/programme{'?preview=true' if preview else ''}"
    headers = {"Content-Type": media} | (catalog.issuer.headers(*by) if by else {})
    body = io.BytesIO(file) if isinstance(file, bytes) else file
    async with catalog.http.post(address, data=body, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


async def exported(catalog: Catalog, form: str = "csv", by: tuple[str, ...] | None = KISTA, query: str = "") -> bytes:
    headers = catalog.issuer.headers(*by) if by else {}
    async with catalog.http.get(f"{catalog.url}/v1/branches/kista/programme.{form}{query}", headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.read()


def read(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig")), delimiter=";"))


async def planned(catalog: Catalog) -> list[Json]:
    return [(await catalog.get(f"/v1/sessions/{id_}"))[1] for id_ in await catalog.listed(limit=100)]


async def test_a_table_is_previewed_added_and_told(catalog: Catalog) -> None:
    """Fails when a preview adds something, a line becomes another session than it says, or nobody hears of it."""
    await catalog.activity()
    file = table(
        f"Språkcafé;{DAY};17:00;18:30;12;hörsalen;Mat",
        f"language café;{DAY + timedelta(days=7)};17.00;;;;",
        "",
        head="Aktivitet;Datum;Börjar;slutar;platser;rum;tema",
    )

    status, preview = await send(catalog, file, preview=True)
    assert (status, preview) == (
        200,
        {"rows": 2, "to_create": 2, "unchanged": 0, "errors": [], "sessions": []},
    )
    assert await catalog.told() == []

    status, done = await send(catalog, file)
    assert (status, done["to_create"], len(done["sessions"])) == (200, 2, 2)
    first, second = await planned(catalog)
    assert [first["id"], second["id"]] == done["sessions"]
    starts = datetime.combine(DAY, time(17), STOCKHOLM)
    assert datetime.fromisoformat(first["starts_at"]) == starts
    assert datetime.fromisoformat(first["ends_at"]) == starts + timedelta(minutes=90)
    assert (first["seats"]["capacity"], first["room"], first["theme"]) == (12, "hörsalen", {"sv": "Mat"})
    assert (second["seats"]["capacity"], second["queue"]["capacity"]) == (15, 8)
    assert [type(event) for event in await catalog.told()] == [SessionPublished] * 2


async def test_the_same_file_again_adds_nothing(catalog: Catalog) -> None:
    """Fails when a double click, or a file sent again with lines added, plans sessions twice."""
    await catalog.activity()
    line = f"Språkcafé;{DAY};17:00;18:30;12"

    answers = await asyncio.gather(send(catalog, table(line)), send(catalog, table(line)))
    assert sorted((body["to_create"], body["unchanged"]) for _, body in answers) == [(0, 1), (1, 0)]
    status, again = await send(catalog, table(line, f"Språkcafé;{DAY};19:00;20:00;12"))
    assert (status, again["to_create"], again["unchanged"]) == (200, 1, 1)
    assert len(await planned(catalog)) == 2


WRONG: list[tuple[str, str, str]] = [
    ("Kaffestund;{day};17:00;18:30;12", "aktivitet", "no activity"),
    (";{day};17:00;18:30;12", "aktivitet", "needed"),
    ("Språkcafé;2027-02-31;17:00;18:30;12", "datum", "day of the calendar"),
    ("Språkcafé;31/1 2027;17:00;18:30;12", "datum", "2027-01-31"),
    ("Språkcafé;;17:00;18:30;12", "datum", "needed"),
    ("Språkcafé;2020-01-07;17:00;18:30;12", "börjar", "past"),
    ("Språkcafé;2099-01-07;17:00;18:30;12", "börjar", "two years"),
    ("Språkcafé;{day};25:00;18:30;12", "börjar", "17:30"),
    ("Språkcafé;{day};17:00;16:30;12", "slutar", "not after the start"),
    ("Språkcafé;{day};17:00;half past;12", "slutar", "17:30"),
    ("Språkcafé;{day};17:00;18:30;12,5", "platser", "whole number"),
    ("Språkcafé;{day};17:00;18:30;-1", "platser", "whole number"),
    ("Språkcafé;{day};17:00;18:30;10001", "platser", "10000"),
    ("Språkcafé;{day};17:00;18:30;99999999999999999999", "platser", "whole number"),
]


async def test_what_is_wrong_is_told_by_line_and_column(catalog: Catalog) -> None:
    await catalog.activity()
    for line, column, detail in WRONG:
        file = table(f"Språkcafé;{DAY};10:00;11:00;12", line.format(day=DAY))

        status, preview = await send(catalog, file, preview=True)
        assert (status, preview["to_create"]) == (200, 1), line
        (error,) = preview["errors"]
        assert (error["line"], error["column"]) == (3, column), line
        assert detail in error["detail"], line

        status, problem = await send(catalog, file)
        assert (status, problem["type"], problem["field"], problem["lines"]) == (422, "unfit-lines", column, [error])
    assert await planned(catalog) == []


async def test_every_wrong_line_is_told_at_once(catalog: Catalog) -> None:
    """Fails when somebody has to correct and send a table once for each of its mistakes."""
    await catalog.activity()

    _, preview = await send(catalog, table("Kaffe;2027-02-31;99:00;;x", f"Kaffe;{DAY};17:00;;"), preview=True)

    assert [(error["line"], error["column"]) for error in preview["errors"]] == [
        (2, "aktivitet"),
        (2, "datum"),
        (2, "platser"),
        (3, "aktivitet"),
    ]


async def test_two_lines_of_one_session_are_one_too_many(catalog: Catalog) -> None:
    await catalog.activity()
    line = f"Språkcafé;{DAY};17:00;18:30;12"

    _, preview = await send(catalog, table(line, f"Språkcafé;{DAY};19:00;;", line), preview=True)

    assert preview["errors"] == [
        {"line": 4, "column": "aktivitet", "detail": "line 2 has the same activity, start and place"}
    ]


async def test_a_session_that_is_there_otherwise_is_not_changed_by_a_table(catalog: Catalog) -> None:
    """Fails when a corrected number in Excel is silently ignored, or silently changes what people booked."""
    await catalog.activity()
    await send(catalog, table(f"Språkcafé;{DAY};17:00;18:30;12"))

    _, preview = await send(catalog, table(f"Språkcafé;{DAY};17:00;18:30;20"), preview=True)

    (error,) = preview["errors"]
    assert (error["line"], error["column"]) == (2, "platser")
    assert "there already" in error["detail"]
    (session,) = await planned(catalog)
    assert session["seats"]["capacity"] == 12
    assert (await catalog.patch(session, room="A"))[0] == 200
    _, same = await send(catalog, table(f"Språkcafé;{DAY};17:00;18:30;12"))
    assert same["unchanged"] == 1


async def test_what_was_called_off_is_not_planned_again_by_an_old_table(catalog: Catalog) -> None:
    await catalog.activity()
    file = table(f"Språkcafé;{DAY};17:00;18:30;12")
    _, done = await send(catalog, file)
    await catalog.cancel({"id": done["sessions"][0]})

    status, problem = await send(catalog, file)

    assert (status, problem["type"], problem["field"]) == (422, "unfit-lines", "status")


async def test_two_activities_of_one_title_are_told_apart_by_id(catalog: Catalog) -> None:
    one, other = await catalog.activity(), await catalog.activity()

    _, preview = await send(catalog, table(f"Språkcafé;{DAY};17:00;18:30;"), preview=True)
    (error,) = preview["errors"]
    assert one in error["detail"]
    assert other in error["detail"]
    status, _ = await send(catalog, table(f"{one};{DAY};17:00;18:30;"))
    assert status == 200
    (row,) = read(await exported(catalog))
    assert row["aktivitet"] == one


async def test_a_time_that_the_clocks_skip_is_no_time(catalog: Catalog) -> None:
    await catalog.activity()
    spring = next(
        day
        for day in (DAY + timedelta(days=offset) for offset in range(370))
        if day.month == 3 and day.weekday() == 6 and day.day > 24
    )

    _, preview = await send(catalog, table(f"Språkcafé;{spring};02:30;04:00;"), preview=True)

    (error,) = preview["errors"]
    assert (error["column"], "clocks" in error["detail"]) == ("börjar", True)


UNREADABLE: list[tuple[bytes, str, str]] = [
    (table(f"Språkcafé;{DAY};17:00;18:30;").decode("utf-8-sig").encode("cp1252"), "unreadable-file", "CSV UTF-8"),
    (table(f"Språkcafé;{DAY};17:00;18:30;").decode("utf-8-sig").encode("utf-16"), "unreadable-file", "CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "unreadable-file", ".xlsx"),
    (b"PK\x03\x04 and then nothing", "unreadable-file", ".xlsx"),
    (b'aktivitet;datum;b\xc3\xb6rjar\n"never closed', "unreadable-file", "CSV"),
    (table("Språkcafé;2027-01-01;17:00;18:30;12;what is this"), "unreadable-file", "line 2"),
    (b"", "wrong-columns", "aktivitet, datum, b\u00f6rjar"),
    (table(head="aktivitet;slutar"), "wrong-columns", "missing: datum, b\u00f6rjar"),
    (table(head="aktivitet;datum;börjar;platserr"), "wrong-columns", "unknown: platserr"),
    (table(head="aktivitet;datum;börjar;datum"), "wrong-columns", "twice: datum"),
]


async def test_what_is_no_table_is_refused_with_what_to_do(catalog: Catalog) -> None:
    for file, type_, detail in UNREADABLE:
        for preview in (True, False):
            status, problem = await send(catalog, file, preview=preview)
            assert (status, problem["type"]) == (422, type_), problem
            assert problem["field"], problem
            assert detail in problem["detail"], problem


async def test_a_wrong_encoding_names_the_line(catalog: Catalog) -> None:
    file = table("Sprakcafe;2027-01-01;17:00;18:30;12") + "Språkcafé;;;;".encode("cp1252")

    _, problem = await send(catalog, file)

    assert problem["detail"].startswith("line 3 ")


@pytest.mark.parametrize(
    ("line", "lines", "answer"),
    [
        ("Språkcafé;2027-01-01;17:00", 2_001, (422, "too-many-lines")),
        ("a;;", 50_000, (422, "too-many-lines")),
        ("Språkcafé;2027-01-01;17:00", 50_000, (413, "too-large")),
    ],
)
async def test_a_table_with_too_many_lines_is_refused_at_once(
    catalog: Catalog, line: str, lines: int, answer: tuple[int, str]
) -> None:
    """Fails when 50,000 lines are checked one by one before they are refused."""
    began = asyncio.get_running_loop().time()
    status, problem = await send(catalog, table(*[line] * lines, head="aktivitet;datum;börjar"))

    assert (status, problem["type"], problem["field"]) == (*answer, "body")
    assert "2000 lines" in problem["detail"]
    assert "months" in problem["detail"]
    assert asyncio.get_running_loop().time() - began < 5


async def test_a_file_that_never_ends_is_refused_when_it_is_too_large(catalog: Catalog) -> None:
    """Fails when the whole of a file is kept before somebody looks at how large it is."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64 * 1024**2:
            sent += 65536
            yield b"x" * 65536

    status, problem = await send(catalog, endless())

    assert (status, problem["type"]) == (413, "too-large")
    assert sent < 32 * 1024**2


async def test_a_workbook_is_read_as_its_author_sees_it(catalog: Catalog) -> None:
    """Fails when dates, times and numbers of Excel are not what they show."""
    await catalog.activity()
    rows: list[list[object]] = [
        ["aktivitet", "datum", "börjar", "slutar", "platser", "rum", None],
        ["Språkcafé", DAY, time(17), time(18, 30), 12.0, 7, None],
        [None] * 7,
        ["Språkcafé", datetime.combine(DAY, time(), None), "19:00", "", "12", None, None],
        ["Språkcafé", "snart", time(17), None, None, None, None],
    ]

    status, preview = await send(catalog, workbook(rows), preview=True, media=XLSX)
    assert (status, preview["rows"], preview["to_create"]) == (200, 3, 2)
    assert [(error["line"], error["column"]) for error in preview["errors"]] == [(5, "datum")]
    status, done = await send(catalog, workbook(rows[:4]), media=XLSX)
    assert (status, done["to_create"]) == (200, 2)
    first, _ = await planned(catalog)
    assert (first["room"], first["seats"]["capacity"]) == ("7", 12)
    assert datetime.fromisoformat(first["starts_at"]) == datetime.combine(DAY, time(17), STOCKHOLM)


async def test_a_line_below_many_empty_ones_counts(catalog: Catalog) -> None:
    """Fails when what stands far below is silently left out."""
    rows: list[Sequence[object]] = [
        ["aktivitet", "datum", "börjar"],
        *([None] for _ in range(3_000)),
        ["Kaffe", "2027-01-01", "17:00"],
    ]

    _, preview = await send(catalog, workbook(rows), preview=True, media=XLSX)

    assert (preview["rows"], preview["errors"][0]["line"]) == (1, 3_002)


async def test_a_workbook_with_too_many_lines_is_refused(catalog: Catalog) -> None:
    rows = [["aktivitet", "datum", "börjar"], *[["Språkcafé", "2027-01-01", "17:00"]] * 2_001]

    status, problem = await send(catalog, workbook(rows), media=XLSX)

    assert (status, problem["type"]) == (422, "too-many-lines")


def packed(**parts: bytes) -> bytes:
    """A workbook with some of its parts replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["aktivitet", "datum", "börjar"]]))) as sound,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as broken,
    ):
        for name in sound.namelist():
            broken.writestr(name, parts.pop(name.rpartition("/")[2].partition(".")[0], sound.read(name)))
        for name, part in parts.items():
            broken.writestr(name, part)
    return file.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
LAUGHS = (
    '<!DOCTYPE worksheet [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
    + SHEET.format('<sheetData><row r="1"><c t="inlineStr"><is><t>&j;</t></is></c></row></sheetData>')
)
BOMBS = {
    "a line at the end of the sheet": packed(
        sheet1=SHEET.format('<sheetData><row r="1"/><row r="1048576"><c t="n"><v>1</v></c></row></sheetData>').encode()
    ),
    "gigabytes of nothing": packed(big=b"\0" * 64 * 1024**2),
    "a sheet of nothing": packed(sheet1=b" " * 40 * 1024**2),
    "a thousand parts": packed(**{f"part{number}": b"" for number in range(1_000)}),
    "a billion laughs": packed(sheet1=LAUGHS.encode()),
    "no sheet": packed(sheet1=b"<html/>"),
    "half a sheet": packed(sheet1=SHEET.format("<sheetData><row>").encode()[:-20]),
    "a book of another kind": packed(workbook=b"<x/>"),
    "numbers that are none": packed(
        sheet1=SHEET.format('<sheetData><row r="one"><c r="!" t="s"><v>many</v></c></row></sheetData>').encode()
    ),
}


async def test_a_workbook_that_means_harm_is_refused(catalog: Catalog) -> None:
    """Fails when a small file takes all memory, or a broken one is an error of ours."""
    for name, file in BOMBS.items():
        status, problem = await send(catalog, file, media=XLSX)
        assert (status, problem["type"]) in {(422, "unreadable-file"), (422, "wrong-columns")}, name


@pytest.mark.parametrize("claim", ["A1:XFD1048576", "A1"])
async def test_a_sheet_is_read_as_far_as_it_is_whatever_it_says(catalog: Catalog, claim: str) -> None:
    """Fails when a claim of a million columns makes us keep a million cells, or one of a single cell hides the rest."""
    head, line = (
        "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
        for cells in (("aktivitet", "datum", "börjar"), ("Kaffe", DAY, "17:00"))
    )
    sheet = f'<dimension ref="{claim}"/><sheetData><row r="1">{head}</row><row r="2">{line}</row></sheetData>'

    status, preview = await send(catalog, packed(sheet1=SHEET.format(sheet).encode()), preview=True, media=XLSX)

    assert (status, preview["rows"]) == (200, 1)


async def test_nothing_in_a_table_is_run(catalog: Catalog) -> None:
    """Fails when a theme that begins like a formula would be one in the Excel of whoever opens the export."""
    await catalog.activity(titles={"sv": "@språk"})
    texts = ['=HYPERLINK("http://example.org")', "+46", "-1+1", "'quoted", "@SUM(1)"]
    rows = [
        ["aktivitet", "datum", "börjar", "tema"],
        *[["@språk", str(DAY + timedelta(days=day)), "17:00", text] for day, text in enumerate(texts)],
    ]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for row in book.active.iter_rows():
        for cell in row:
            cell.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    status, done = await send(catalog, file.getvalue(), media=XLSX)
    assert (status, done["to_create"]) == (200, 5)
    assert [session["theme"]["sv"] for session in await planned(catalog)] == texts

    quoted = ['\'=HYPERLINK("http://example.org")', "'+46", "'-1+1", "'quoted", "'@SUM(1)"]
    written = read(await exported(catalog))
    assert [row["tema"] for row in written] == quoted
    assert {row["aktivitet"] for row in written} == {"'@språk"}
    sheet = load_workbook(io.BytesIO(await exported(catalog, "xlsx"))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    for form, media in (("csv", CSV), ("xlsx", XLSX)):
        _, again = await send(catalog, await exported(catalog, form), media=media)
        assert (again["unchanged"], again["to_create"]) == (5, 0), again


async def test_a_formula_counts_as_what_it_showed_and_is_not_reckoned(catalog: Catalog) -> None:
    await catalog.activity()
    formula = [["aktivitet", "datum", "börjar", "tema"], ["Språkcafé", str(DAY), "17:00", "=1+1"]]

    status, done = await send(catalog, workbook(formula), media=XLSX)

    assert (status, done["to_create"]) == (200, 1)
    (session,) = await planned(catalog)
    assert session["theme"] == {}


async def test_what_is_exported_comes_back_unchanged(catalog: Catalog) -> None:
    """Fails when a column is written in other words than are read, or a draft or a called off session is lost."""
    activity = await catalog.activity(titles={"sv": 'Fika; "och" prat', "en": "Chat"})
    noon = datetime.combine(DAY, time(12), STOCKHOLM)
    wanted: list[Json] = [
        {"mode": "mixed", "capacity": {"seats": 20, "walk_in": 5, "queue": 0}, "room": "Rum 1; bakom"},
        {"place": "online", "theme": {"sv": "Mat", "en": "Food"}},
        {"status": "draft", "place": "outreach", "mode": "drop_in"},
        {"ends_at": (noon + timedelta(days=3, hours=14)).isoformat()},
        {},
    ]
    made = [
        await catalog.session(activity_id=activity, starts_at=(noon + timedelta(days=day)).isoformat(), **values)
        for day, values in enumerate(wanted)
    ]
    await catalog.cancel(made[4])

    file = await exported(catalog)

    assert file.startswith(b"\xef\xbb\xbf")
    rows = read(file)
    assert rows[0] == {
        "aktivitet": 'Fika; "och" prat',
        "datum": f"{DAY}",
        "börjar": "12:00",
        "slutar": "13:30",
        "platser": "20",
        "drop in": "5",
        "kö": "0",
        "bokning": "blandat",
        "var": "bibliotek",
        "rum": "Rum 1; bakom",
        "tema": "",
        "status": "publicerad",
    }
    assert rows[1]["tema"] == "Mat"
    assert rows[3]["slutar"] == f"{DAY + timedelta(days=4)} 02:00"
    assert [row["status"] for row in rows] == ["publicerad", "publicerad", "utkast", "publicerad", "inställd"]
    for form, media in (("csv", CSV), ("xlsx", XLSX)):
        status, again = await send(catalog, await exported(catalog, form), media=media)
        assert (status, again["rows"], again["unchanged"], again["to_create"]) == (200, 5, 5, 0), again


async def test_an_export_goes_by_days(catalog: Catalog) -> None:
    activity = await catalog.activity()
    for day in range(3):
        starts = datetime.combine(DAY + timedelta(days=day), time(23), STOCKHOLM)
        await catalog.session(activity_id=activity, starts_at=starts.isoformat(), ends_at=None)

    days = f"?from={DAY + timedelta(days=1)}&to={DAY + timedelta(days=2)}"
    assert [row["datum"] for row in read(await exported(catalog, query=days))] == [str(DAY + timedelta(days=1))]
    assert len(read(await exported(catalog))) == 3


@pytest.mark.parametrize(
    ("by", "status"), [(None, 401), (RINKEBY, 403), (COORDINATOR, 403), (KISTA, 200), (ADMIN, 200)]
)
async def test_only_the_branch_s_staff_send_and_fetch_tables(
    catalog: Catalog, by: tuple[str, ...] | None, status: int
) -> None:
    assert (await send(catalog, table(), by=by))[0] == status
    headers = catalog.issuer.headers(*by) if by else {}
    for form in ("csv", "xlsx"):
        async with catalog.http.get(f"{catalog.url}/v1/branches/kista/programme.{form}", headers=headers) as answer:
            assert answer.status == status


async def test_a_branch_that_is_none_has_no_programme(catalog: Catalog) -> None:
    status, problem = await send(catalog, table(), by=ADMIN, branch="nowhere")
    assert (status, problem["type"]) == (404, "unknown-branch")
    headers = catalog.issuer.headers(*ADMIN)
    async with catalog.http.get(f"{catalog.url}/v1/branches/nowhere/programme.csv", headers=headers) as answer:
        assert answer.status == 404


async def test_json_is_no_table(catalog: Catalog) -> None:
    status, problem = await send(catalog, b"{}", media="application/json")
    assert (status, problem["type"]) == (415, "unsupported-media-type")


async def test_a_term_of_a_large_library_is_added_in_one_go(catalog: Catalog) -> None:
    """Fails when as many lines as fit take longer than a client waits."""
    await catalog.activity()
    begins = datetime.combine(DAY, time(8), STOCKHOLM)
    slots = [begins + timedelta(minutes=20 * number) for number in range(2_000)]
    lines = [f"Språkcafé;{slot:%Y-%m-%d};{slot:%H:%M};;5" for slot in slots]

    status, done = await send(catalog, table(*lines, head="aktivitet;datum;börjar;slutar;platser"))

    assert (status, done.get("to_create")) == (200, 2_000), done
