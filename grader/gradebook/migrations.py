"""The gradebook's tables, one SQL script a version: script n brings a file from version n to n + 1.

A script that was released is never edited; a change is a further script. Rows are added, never replaced: a new name, a
later submission, a regrade or a second thought is a new row, and triggers refuse the rest, so that the file is also
the history. Of what is said twice the last row counts (the highest `seq`).

Columns of text hold bytes where the text is not UTF-8, and those commented "tree" hold `values.dumps`.
"""

from __future__ import annotations

import re

VERSION_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE students (
  student_id TEXT NOT NULL,
  name TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (student_id, name)
);

CREATE TABLE teams (team TEXT PRIMARY KEY, since TEXT NOT NULL);

CREATE TABLE files (
  sha256 TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  content BLOB -- NULL: too large to keep
);

CREATE TABLE submissions (
  seq INTEGER PRIMARY KEY,
  submission_id TEXT NOT NULL,
  student_id TEXT NOT NULL,
  name TEXT NOT NULL,
  team TEXT REFERENCES teams (team),
  status TEXT NOT NULL,
  picked TEXT NOT NULL,
  candidates TEXT NOT NULL, -- tree
  notes TEXT NOT NULL, -- tree
  handed_in_at TEXT, -- ISO 8601 with offset; NULL: unknown
  late INTEGER NOT NULL,
  draft INTEGER NOT NULL,
  adjustments TEXT NOT NULL, -- tree; by policy: those made by hand are events
  since TEXT NOT NULL,
  FOREIGN KEY (student_id, name) REFERENCES students (student_id, name)
);
CREATE INDEX submissions_of ON submissions (student_id, seq);
CREATE INDEX submissions_by_id ON submissions (submission_id);

CREATE TABLE submission_files (
  submission INTEGER NOT NULL REFERENCES submissions (seq),
  path TEXT NOT NULL,
  picked INTEGER NOT NULL,
  sha256 TEXT NOT NULL REFERENCES files (sha256),
  PRIMARY KEY (submission, path, picked)
);

CREATE TABLE gradings (
  seq INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (seq),
  status TEXT NOT NULL,
  raw_score REAL,
  score REAL,
  out_of REAL NOT NULL,
  notes TEXT NOT NULL, -- tree
  assignment_version TEXT NOT NULL,
  grader_version TEXT NOT NULL,
  limits TEXT NOT NULL, -- tree
  sandbox TEXT NOT NULL,
  started TEXT NOT NULL,
  ended TEXT NOT NULL,
  run TEXT -- tree: loaded, printed, seconds, tier, died, crashed, fault; NULL: nothing was run
);
CREATE INDEX gradings_of ON gradings (submission, seq);

CREATE TABLE check_runs (
  grading INTEGER NOT NULL REFERENCES gradings (seq),
  check_id TEXT NOT NULL,
  seconds REAL NOT NULL,
  printed TEXT NOT NULL,
  PRIMARY KEY (grading, check_id)
);

CREATE TABLE answers (
  grading INTEGER NOT NULL REFERENCES gradings (seq),
  check_id TEXT NOT NULL,
  hidden INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL, -- of the case
  outcome TEXT, -- NULL: there is a value
  key TEXT NOT NULL,
  "values" TEXT NOT NULL, -- tree
  size INTEGER NOT NULL, -- of the value and extra together, bytes
  value BLOB, -- the runner's codec; NULL: larger than 64 KiB
  extra BLOB,
  PRIMARY KEY (grading, check_id, hidden, position)
);

CREATE TABLE verdicts (
  grading INTEGER NOT NULL REFERENCES gradings (seq),
  position INTEGER NOT NULL,
  check_id TEXT NOT NULL,
  question TEXT NOT NULL,
  points REAL NOT NULL,
  max_points REAL NOT NULL,
  outcome TEXT NOT NULL,
  public_outcome TEXT NOT NULL,
  public_passed INTEGER NOT NULL,
  public_cases INTEGER NOT NULL,
  public_credit REAL NOT NULL,
  hidden_outcome TEXT NOT NULL,
  hidden_passed INTEGER NOT NULL,
  hidden_cases INTEGER NOT NULL,
  hidden_credit REAL NOT NULL,
  message_key TEXT NOT NULL,
  message_values TEXT NOT NULL, -- tree
  hint_key TEXT,
  hint_values TEXT, -- tree
  seconds REAL NOT NULL,
  PRIMARY KEY (grading, position)
);

CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  student_id TEXT, -- NULL: everybody
  kind TEXT NOT NULL CHECK (kind IN ('override', 'void', 'comment', 'pick', 'extension')),
  check_id TEXT, -- NULL: the whole submission
  points REAL,
  value TEXT, -- pick: the file; extension: the new due time
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  why TEXT NOT NULL
);
CREATE INDEX events_of ON events (student_id, seq);
"""

# A submission that was graded before counts again: by its grading of then, which need not be its last (a TD that was
# changed and put back). NULL: by the last grading of this submission.
VERSION_2 = "ALTER TABLE submissions ADD COLUMN grading INTEGER REFERENCES gradings (seq)"

# What people decide beyond the first kinds; due times, the policy, and what a run was asked, so that every score can
# be worked out again from this file alone, and a check be judged again without anything being run.
VERSION_3 = """
ALTER TABLE submissions ADD COLUMN due TEXT; -- ISO 8601 with offset; NULL: unknown
ALTER TABLE gradings ADD COLUMN asked TEXT; -- tree: by check a digest of probe and cases; NULL: unknown
ALTER TABLE gradings ADD COLUMN judged_from INTEGER REFERENCES gradings (seq); -- whose run was judged again
CREATE TABLE policies (
  seq INTEGER PRIMARY KEY,
  content TEXT NOT NULL, -- tree: `contract.Policy`
  since TEXT NOT NULL
);
DROP TRIGGER events_no_UPDATE;
DROP TRIGGER events_no_DELETE;
DROP INDEX events_of;
ALTER TABLE events RENAME TO events_1;
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  student_id TEXT, -- NULL: everybody
  kind TEXT NOT NULL, -- `events.KINDS`
  check_id TEXT, -- NULL: the whole submission
  points REAL,
  value TEXT, -- pick: the file; extension: the new due time; void: give or drop
  who TEXT NOT NULL,
  at TEXT NOT NULL,
  why TEXT NOT NULL
);
INSERT INTO events SELECT seq, student_id, kind, check_id, points, value, who, at, why FROM events_1;
DROP TABLE events_1;
CREATE INDEX events_of ON events (student_id, seq);
"""

# Rows of what a student had handed in before their last hand-in, so that rows of both can be added in any order. Older
# files have them too, always before the last one's: there 0 says as much.
VERSION_4 = "ALTER TABLE submissions ADD COLUMN earlier INTEGER NOT NULL DEFAULT 0"

# The answers to a check as one value, kept once for all who answer the same. `answers` has those of older files.
VERSION_5 = """
CREATE TABLE contents (
  sha256 BLOB PRIMARY KEY,
  content BLOB NOT NULL -- the runner's codec: `answers.pack`
);
ALTER TABLE check_runs ADD COLUMN answers BLOB REFERENCES contents (sha256); -- NULL: in the table `answers`
"""

TABLES_1 = re.findall(r"CREATE TABLE (\w+)", VERSION_1)


def _statements(script: str) -> list[str]:
    return [part for part in re.split(r";(?: *--.*)?\n", script) if part.strip()]


def _guards(*tables: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'rows are added, never replaced'); END"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    ]


SCRIPTS: tuple[tuple[str, ...], ...] = (
    (
        *_statements(VERSION_1),
        *_guards(*TABLES_1),
    ),
    (VERSION_2,),
    (*_statements(VERSION_3), *_guards("policies", "events")),
    (VERSION_4,),
    (*_statements(VERSION_5), *_guards("contents")),
)
