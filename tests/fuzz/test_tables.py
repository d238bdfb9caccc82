"""Tables of platforms and of people: worksheets and rosters are read or refused, and a worksheet comes back whole."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from grader import csvfile, worksheet
from grader.contract import Manual
from grader.exports import marking, sheets, slots
from grader.intake import roster
from tests.fuzz.harness import bounded, fuzz, sentence
from tests.fuzz.mutated import damaged, text

PARIS = ZoneInfo("Europe/Paris")
STATUSES = (
    "Submitted for grading - ",
    "Draft (not submitted) - Extension granted until: Monday, 23 November 2026, 11:51 AM",
    "No submission",
    "Remis pour évaluation - Prolongation accordée jusqu'au : lundi 23 novembre 0001, 00:00",
    "Submitted for grading - 2 days late - ",
)
MOMENTS = (
    "Monday, 23 November 2026, 11:51 AM",
    "lundi 23 novembre 2026, 11:51",
    "-",
    "x, 1 January 0001, 00:00",
    "x 31 December 9999, 23:59",
)
CELLS = st.sampled_from(
    ["", "Participant 1", "Participant2", "Participant ٣", "Participant " + "9" * 5000, "1.00", "1e999", "No", "Non"]
)
cells = CELLS | st.sampled_from([*STATUSES, *MOMENTS]) | text
ISO = st.sampled_from(["2026-11-23T22:00:00+01:00", "2026-11-23", "0001-01-01T00:00+14:00", "20261123T22Z", "", "x"])


def lines(rows: list[list[str]], mark: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark)
    writer.writerows(rows)
    return out.getvalue().encode(encoding, "replace")


@st.composite
def worksheets(draw: st.DrawFn) -> bytes:
    """A worksheet with anything in its cells, as a spreadsheet may have saved it."""
    titles = worksheet.TITLES[draw(st.sampled_from(["en", "fr"]))]
    columns = ["id", "status", "grade", *draw(st.lists(st.sampled_from(sorted(titles)), max_size=6))]
    rows = [[titles[column] for column in dict.fromkeys(columns)]]
    for number in range(draw(st.integers(0, 4))):
        row = [draw(cells) for _ in rows[0]]
        row[0] = f"Participant {number}" if draw(st.integers(0, 5)) else row[0]
        if draw(st.integers(0, 3)):
            row[1] = draw(st.sampled_from(STATUSES))
        rows.append(row if draw(st.integers(0, 15)) else row[:-1])
    return lines(rows, draw(st.sampled_from(",;\t")), draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])))


@st.composite
def rosters(draw: st.DrawFn) -> bytes:
    """Our own table of a class."""
    columns = draw(st.lists(st.sampled_from([*roster.COLUMNS, *roster.COLUMNS, "x"]), max_size=8))
    rows = [["student_id", *columns]]
    for number in range(draw(st.integers(0, 4))):
        rows.append([str(number), *(draw(ISO | text | st.sampled_from(["yes", "team-1", "1"])) for _ in columns)])
    return lines(rows, draw(st.sampled_from(",;\t")))


GOOD = [
    lines([list(worksheet.TITLES["en"].values()), ["Participant 1", "Ada", *[""] * 13]]),
    lines([list(worksheet.TITLES["fr"].values()), ["Participant1", "Ada", *[""] * 13]], ";", "utf-16"),
    lines([list(roster.COLUMNS), ["1", "Ada", "a@b.c", "team-1", "2026-11-23T22:00:00+01:00", "", "yes"]]),
]


@contextmanager
def written(data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_bytes(data)
        yield path


@fuzz(100)
@given(worksheets() | damaged(GOOD))
def test_any_worksheet_is_refused_or_comes_back_whole(data: bytes) -> None:
    with written(data) as path, bounded("worksheets"), sentence():
        found = worksheet.read(path)
        for row in found.rows:
            for language in ("en", "fr"):
                worksheet.is_late(row, language)
                worksheet.locked(row, language)
                worksheet.folder_name(row["name"])
        path.write_text(found.text(), encoding="utf-8", newline="")
        again = worksheet.read(path)
        assert (again.header, again.table) == (found.header, found.table)
        assert again.text() == found.text()


@fuzz(100)
@given(worksheets() | rosters() | damaged(GOOD))
def test_any_roster_is_read_or_refused_and_its_times_fit_every_zone(data: bytes) -> None:
    with written(data) as path, bounded("rosters"), sentence():
        found = roster.read(path, PARIS, datetime(2026, 1, 1, tzinfo=UTC))
        for student in found.students.values():
            for time in (student.handed_in_at, student.due):
                if time is not None:
                    time.astimezone(UTC)
                    time.astimezone(ZoneInfo("Pacific/Kiritimati"))


# --- tables that people hand back -------------------------------------------------------------------------------------

QUESTIONS = [Manual("1.3", "1.3", 2.0, "Explain."), Manual("clarity", "", 0.5, "Is it clear?")]
JURY = [replace(question, jury=True) for question in QUESTIONS]
ENTRIES = [
    marking.Entry("7", (marking.Member("7", "Ada", {"1.3": marking.Mark(1.0, "good")}),)),
    marking.Entry("team-1", (marking.Member("8", "Emmy"), marking.Member("9", "=Eve")), team=True),
]
SLOTS = b"team,start,minutes,room,examiners,members\n7,2026-11-23T22:00:00+01:00,20,A,Ada; Bob,x\n"
HEARD = [
    sheets.Heard(
        slots.Slot("team-1", datetime(2026, 1, 1, tzinfo=UTC), 20.0, "A", ("Eve", "Bob")),
        "T",
        (sheets.Person("8", "Emmy"), sheets.Person("9", "Sophie")),
    ),
    sheets.Heard(
        slots.Slot("7", datetime(2026, 1, 2, tzinfo=UTC), 20.0, "A", ("Eve",)), "", (sheets.Person("7", "Ada"),)
    ),
]
MARKING = marking.marking_csv(ENTRIES, QUESTIONS).encode()
SHEET = sheets.sheet_csv("Eve", HEARD, JURY).encode()
SITTINGS = b"start,end,room,examiners\n2026-11-23T20:00:00+01:00,2026-11-23T22:00:00+01:00,A,Ada; Bob\n"
NUMBERS = st.sampled_from([b"0", b"1", b"0,5", b"1e5", b"nan", b"inf", b"-0", b"+1", b"9" * 5000, b"\xd9\xa3", b"2."])


def filled(table: bytes) -> st.SearchStrategy[bytes]:
    """The table with marks typed into its empty cells, and then a little damaged."""
    return st.lists(NUMBERS, max_size=6).flatmap(lambda typed: damaged([_typed(table, typed)], 3))


def _typed(table: bytes, typed: list[bytes]) -> bytes:
    for number in typed:
        table = table.replace(b",,", b"," + number + b",", 1)
    return table


@fuzz(60)
@given(filled(MARKING) | filled(SHEET) | damaged([SLOTS, SITTINGS]))
def test_any_marks_and_slots_are_read_or_refused(data: bytes) -> None:
    with written(data) as path, bounded("marks"):
        with sentence():
            read = marking.read(path, ENTRIES, QUESTIONS)
            assert all(0 <= change.points <= 2 for change in read.changes if change.points is not None)
        with sentence():
            heard = sheets.read(path, HEARD, JURY, 5.0)
            assert all(abs(said.points) <= 5 for said in heard.said if said.points is not None)
        with sentence():
            sheets.unread(path, "Eve", HEARD, JURY)
        with sentence():
            found = slots.read_slots(path)
            path.write_text(slots.slots_csv(found, {slot.team: "x" for slot in found}), encoding="utf-8", newline="")
            if found:
                assert {slot.team for slot in slots.read_slots(path)} == {slot.team for slot in found}
        with sentence():
            slots.read_sittings(path)


@fuzz(40)
@given(damaged(GOOD), st.booleans())
def test_any_table_has_its_lines_numbered(data: bytes, strict: bool) -> None:
    with written(data) as path, bounded("tables"), sentence():
        found = csvfile.read(path, "x", strict=strict)
        numbers = [number for number, _ in found.lines]
        assert numbers == sorted(set(numbers)) and numbers[0] >= 1
