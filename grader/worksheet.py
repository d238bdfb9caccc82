"""Moodle's grading worksheet: a csv table whose titles say in which language it was downloaded.

Every cell is kept as it was, so that what is written back differs in grades and comments alone. Moodle reads the
titles in the uploader's language only, commas only, and rows of the right length only; all else (BOM, line ends,
quotes, the order of columns) is free. What a spreadsheet saves (semicolons, a lost BOM, another encoding) is read here
too, and said: Moodle would refuse it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from grader import csvfile
from grader.csvfile import CsvFile
from grader.errors import UserError

# By language: column → title. From real worksheets of Moodle 4.5 and 5.1.
TITLES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "id": "Identifier",
        "name": "Full name",
        "email": "Email address",
        "status": "Status",
        "team": "Group",
        "marker": "Marker",
        "grade": "Grade",
        "maximum": "Maximum grade",
        "scale": "Scale",
        "workflow": "Marking workflow state",
        "changeable": "Grade can be changed",
        "handed_in": "Last modified (submission)",
        "text": "Online text",
        "graded": "Last modified (grade)",
        "comment": "Feedback comments",
    },
    "fr": {
        "id": "Identifiant",
        "name": "Nom complet",
        "email": "Adresse de courriel",
        "status": "Statut",
        "team": "Groupe",
        "marker": "Évaluateur",
        "grade": "Note",
        "maximum": "Note maximale",
        "scale": "Barème",
        "workflow": "Statut du flux d’évaluation",
        "changeable": "La note peut être modifiée",
        "handed_in": "Dernière modification (travail remis)",
        "text": "Texte en ligne",
        "graded": "Dernière modification (note)",
        "comment": "Feedback par commentaires",
    },
}
NEEDED = ("id", "status", "grade")  # without these it is no worksheet that grades can be written into
# How a status begins, by language: what was handed in and when is told from it.
DRAFT = {"en": "Draft", "fr": "Brouillon"}
NOTHING = {"en": ("No submission", "No attempt"), "fr": ("Pas de travail remis", "Aucun")}
NO = {"en": "No", "fr": "Non"}
DEFAULT_TEAM = {"en": "Default group", "fr": "Groupe par défaut"}
MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
# "Monday, 23 November 2026, 11:51 AM", "lundi 23 novembre 2026, 11:51"
_MOMENT = re.compile(r"[^\W\d]+,? (\d{1,2})(?:er)? ([^\W\d]+) (\d{4}), (\d{1,2}):(\d{2})(?: ([AP])M)?")
EXTENDED = {"en": "Extension granted until: ", "fr": "Prolongation accordée jusqu'au : "}
LATE = {"en": re.compile(r" - (?!Extension)[^-]* late(?: -|$)"), "fr": re.compile(r" - En retard de ")}
PREFIX = {"en": "Participant ", "fr": "Participant"}  # of a number
PARTICIPANT = re.compile(r"Participant\s*(\d+)")
_QUOTED = re.compile(r'[,"\\\n\r\t ]')
# What Moodle takes out of a name when it makes a folder of it.
_VANISHES = re.compile(r"[\x00-\x1f\x7f&<>\"'`|:\\/]")


@dataclass(frozen=True, slots=True)
class Row:
    """One student's row: its cells by column (`TITLES`), as they stand in the file."""

    student_id: str  # the digits of the participant number
    cells: Mapping[str, str]
    line: int  # in the file, from 1

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet as it was downloaded. `header` and `table` are all its cells; `columns` says which is which."""

    file: str
    language: str
    delimiter: str  # a comma, unless a spreadsheet saved it
    encoding: str  # UTF-8, unless a spreadsheet saved it
    header: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    columns: Mapping[str, int]  # column → its place
    rows: tuple[Row, ...]

    def has(self, column: str) -> bool:
        return column in self.columns

    def filled(self, cells: Mapping[int, Mapping[str, str]]) -> Worksheet:
        """The same with new cells: by the row's place from 0, by column. Columns that are not there are left out."""
        table = [list(row) for row in self.table]
        for place, changes in cells.items():
            for column, text in changes.items():
                if column in self.columns:
                    table[place][self.columns[column]] = text
        return replace(self, table=tuple(tuple(row) for row in table))

    def text(self) -> str:
        """As Moodle writes it, whatever the file's own form was: a BOM, LF, commas, and quotes where PHP puts them."""
        return "\ufeff" + "".join(",".join(map(_quoted, row)) + "\n" for row in (self.header, *self.table))


ADVICE = "download it with “Download grading worksheet”, in English or French"


def read(path: Path) -> Worksheet:
    """Read a worksheet. Raises `UserError`, naming what is missing, where it is none."""
    found = of(path, csvfile.read(path, ADVICE))
    if found is None:
        raise UserError(
            f"{path}: this is no grading worksheet of Moodle (its first line has no {TITLES['en']['id']!r} or "
            f"{TITLES['fr']['id']!r}); {ADVICE}"
        )
    return found


def of(path: Path, file: CsvFile) -> Worksheet | None:
    """The worksheet that a csv file is; None where its first line has no identifier. Raises `UserError` as `read`.

    Titles and numbers that a spreadsheet or a person wrote a little differently, Moodle would not know again: in what
    is returned they are Moodle's own.
    """
    titles = file.lines[0][1]
    plain = [_plain(title) for title in titles]
    language = next((one for one, words in TITLES.items() if _plain(words["id"]) in plain), "")
    if not language:
        return None
    words = TITLES[language]
    known = {_plain(title): column for column, title in words.items()}
    twice = next((known[title] for title in plain if title in known and plain.count(title) > 1), "")
    if twice:
        raise UserError(f"{path}: the column {words[twice]!r} is there twice; {ADVICE}")
    columns = {known[title]: place for place, title in enumerate(plain) if title in known}
    missing = [words[column] for column in NEEDED if column not in columns]
    if missing:
        raise UserError(f"{path}: the column {missing[0]!r} is missing; {ADVICE}")
    csvfile.same_lengths(path, file, ADVICE)
    header = [words[known[name]] if name in known else title for name, title in zip(plain, titles, strict=True)]
    table: list[tuple[str, ...]] = []
    rows: dict[str, Row] = {}
    for line, given in file.lines[1:]:
        cells = list(given)
        found = PARTICIPANT.fullmatch(cells[columns["id"]].strip())
        if not found:
            what = cells[columns["id"]]
            raise UserError(f"{path}: line {line}: {what!r} is no participant's number; {ADVICE}")
        if found[1] in rows:
            raise UserError(f"{path}: line {line}: participant {found[1]} is there twice; {ADVICE}")
        cells[columns["id"]] = PREFIX[language] + found[1]
        table.append(tuple(cells))
        rows[found[1]] = Row(found[1], {column: cells[place] for column, place in columns.items()}, line)
    form = (path.name, language, file.delimiter, file.encoding)
    return Worksheet(*form, tuple(header), tuple(table), columns, tuple(rows.values()))


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def _plain(title: str) -> str:
    """A title to compare by: spreadsheets change apostrophes and spaces."""
    return " ".join(unicodedata.normalize("NFC", title).replace("’", "'").replace("\xa0", " ").split()).casefold()


def is_draft(row: Row, language: str) -> bool:
    return row["status"].startswith(DRAFT[language])


def handed_nothing(row: Row, language: str) -> bool:
    return row["status"].startswith(NOTHING[language])


def moment(text: str, language: str, zone: tzinfo) -> datetime | None:
    """A date as Moodle writes it, in the time zone of the teacher's profile, which no worksheet names; None: none."""
    found = _MOMENT.match(text.replace("\xa0", " "))
    if not found or found[2] not in MONTHS[language] or not 1900 <= int(found[3]) < 9000:  # as `moments` has it
        return None
    hour = int(found[4]) % 12 + 12 * (found[6] == "P") if found[6] else int(found[4])
    try:
        return datetime(
            int(found[3]), MONTHS[language].index(found[2]) + 1, int(found[1]), hour, int(found[5]), tzinfo=zone
        )
    except ValueError:
        return None


def extension(row: Row, language: str, zone: tzinfo) -> datetime | None:
    """Until when a student was given time, by the status."""
    plain = row["status"].replace("\xa0", " ").replace("’", "'")
    _, found, until = plain.partition(EXTENDED[language])
    return moment(until, language, zone) if found else None


def is_late(row: Row, language: str) -> bool:
    """Does the status say that it was handed in late?"""
    return bool(LATE[language].search(row["status"].replace("\xa0", " ")))


def locked(row: Row, language: str) -> bool:
    """Is the grade closed to changes (overridden or locked in the gradebook)?"""
    return row["changeable"].strip() == NO[language]


def folder_name(name: str) -> str:
    """A student's or team's name as Moodle writes it in front of `_ID_assignsubmission_file`."""
    return _VANISHES.sub("", name).replace("_", " ")
