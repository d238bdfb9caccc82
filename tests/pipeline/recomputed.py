"""Scores worked out from the gradebook's file alone, in exact arithmetic, by the rules that docs/instructor.md tells.

It shares no code with the grader: it reads SQLite's tables and adds up fractions.
"""

import json
import sqlite3
from datetime import datetime, timedelta
from fractions import Fraction as F


def exact(number):
    """A float as the decimal that a person wrote: shares of points are within 1e-9 of what they are on paper."""
    return F(number).limit_denominator(10**6)


def scores(path):
    """Student → score, None where there is none; of everybody in `path`, teams left out."""
    book = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    book.row_factory = sqlite3.Row
    policy = dict(json.loads(book.execute("SELECT content FROM policies ORDER BY seq DESC").fetchone()[0])["d"])
    events = sorted(book.execute("SELECT * FROM events ORDER BY seq"), key=lambda e: datetime.fromisoformat(e["at"]))
    students = [row[0] for row in book.execute("SELECT DISTINCT student_id FROM submissions ORDER BY student_id")]
    found = {}
    for student in students:
        rows = book.execute(
            "SELECT * FROM submissions WHERE seq IN (SELECT max(seq) FROM submissions WHERE student_id = ?"
            " GROUP BY submission_id) ORDER BY seq",
            (student,),
        ).fetchall()
        tries = [_score(book, row, events, policy) for row in rows]
        scored = [score for score in tries if score is not None]
        found[student] = max(scored) if policy["counts"] == "best" and scored else tries[-1]
    book.close()
    return found


def _score(book, row, events, policy):
    grading = book.execute(
        "SELECT g.* FROM gradings g JOIN submissions s ON g.submission = s.seq"
        " WHERE s.submission_id = ? AND s.student_id = ? ORDER BY g.seq DESC",
        (row["submission_id"], row["student_id"]),
    ).fetchone()
    if grading is None:
        return None
    assert grading["status"] in ("graded", "empty", "absent"), "this term has no others"
    if grading["status"] == "absent" and policy["absent"] != "zero":
        return None
    points, worth = {}, {}
    for verdict in book.execute("SELECT * FROM verdicts WHERE grading = ?", (grading["seq"],)):
        points[verdict["check_id"]] = exact(verdict["points"])
        worth[verdict["check_id"]] = exact(verdict["max_points"])
    mine = [event for event in events if event["student_id"] in (None, row["student_id"], row["team"] or "-")]
    whole = -_lateness(row, mine, policy) if grading["status"] == "graded" else F(0)
    dropped, given_to_all, marks, person, settled = set(), set(), {}, {}, None
    slots = [event["value"].split(" | ")[3].split("; ") for event in mine if event["kind"] == "defence"]

    def total():
        gone = sum((worth[check] for check in dropped), F(0))
        left = sum((points[check] for check in points if check not in dropped), F(0))
        mean = sum(person.values(), F(0)) / len(person) if person else F(0)
        return left * F(10) / (F(10) - gone) + whole + (mean if settled is None else settled)

    for event in mine:
        check, given = event["check_id"], event["points"]
        if event["kind"] == "override" and check:
            points[check] = exact(given)
        elif event["kind"] == "override":
            whole += exact(given) - total()
        elif event["kind"] == "mark" and (not slots or event["who"] in slots[-1]):
            marks.setdefault(check, {})[event["who"]] = exact(given)
            if check not in given_to_all:
                points[check] = sum(marks[check].values()) / len(marks[check])
        elif event["kind"] == "adjust" and event["value"] == "jury" and (not slots or event["who"] in slots[-1]):
            person[event["who"]], settled = exact(given), None
        elif event["kind"] == "adjust" and event["value"] != "jury":
            settled = exact(given)
        elif event["kind"] == "void" and grading["status"] == "graded" and event["value"] == "give":
            points[check] = worth[check]
            given_to_all.add(check)
        elif event["kind"] == "void" and grading["status"] == "graded":
            assert event["value"] == "drop"
            dropped.add(check)
    step = exact(policy["rounding"])
    steps = (total() / step + F(1, 2)).__floor__()
    return float(min(max(steps * step, F(0)), exact(policy["maximum"])))


def _lateness(row, events, policy):
    if row["handed_in_at"] is None or row["due"] is None:
        return F(0)
    given = [datetime.fromisoformat(event["value"]) for event in events if event["kind"] == "extension"]
    due = max([datetime.fromisoformat(row["due"]), *given[-1:]])
    over = datetime.fromisoformat(row["handed_in_at"]) - due - timedelta(minutes=policy["grace_minutes"])
    days = max(0, -(-over // timedelta(days=1)))
    return min(exact(policy["late_cap"]), exact(policy["late_per_day"]) * days)
