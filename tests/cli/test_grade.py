"""`surdix grade`: what it leaves, what it grades again, who needs a person."""

import csv
import json

import pytest

from tests.cli.conftest import GOOD, SCALE


def grades(out):
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: (row["status"], row["score"]) for row in csv.DictReader(file)}


def results(out):
    """All results but for seconds, which differ between runs."""
    found = {}
    for path in sorted((out / "results").iterdir()):
        result = json.loads(path.read_text(encoding="utf-8"))
        for check in result["checks"]:
            check.pop("seconds")
        found[path.name] = result
    return found


@pytest.fixture
def handed_in(class_folder):
    return class_folder(
        alice=GOOD + SCALE,
        bob=GOOD,
        carl="def double(x):\n    return 3 * x\n" + SCALE,
        dora="x = 1\n",
        emil="import os\nos._exit(1)\nos._exit(1)\nos._exit(1)\n" + GOOD,
        finn="",
    )


def test_a_class_gets_scores_and_those_who_need_a_person_are_named(surdix, handed_in, tmp_path):
    out = tmp_path / "out"
    (handed_in / "gina").mkdir()
    (handed_in / "gina" / "a.py").write_text(GOOD)
    (handed_in / "gina" / "b.py").write_text(GOOD + SCALE.replace("self.k * grad", "grad"))
    done = surdix("grade", "tdm", handed_in, "--out", out)
    assert done.status == 1, done.err
    assert grades(out) == {
        "alice": ("graded", "9"),
        "bob": ("graded", "5"),
        "carl": ("graded", "7.5"),
        "dora": ("graded", "0"),
        "emil": ("crashed", ""),
        "finn": ("empty", "0"),
        "gina": ("unreadable", ""),
    }
    needs = done.out.partition("Needs you")[2]
    page = (out / "report.html").read_text().partition("Needs you")[2].partition("</table>")[0]
    for name in ("dora", "emil", "finn", "gina"):
        assert f"  {name}: " in needs and name in page
    assert "alice:" not in needs and "bob:" not in needs and "alice" not in page
    assert f"surdix pick {out} gina b.py" in done.out
    hint = results(out)["carl.json"]["checks"][0]["hint"]
    assert hint["values"]["mistake"] == "triples" and hint["text"] == "By how much?"
    for name in ("report.html", "feedback/alice.html", "gradebook.sqlite"):
        assert (out / name).stat().st_mode & 0o077 == 0
    assert (out.stat().st_mode & 0o777) == 0o700


def test_what_is_declared_is_reported_and_never_scored(surdix, class_folder, course, tmp_path):
    said = 'TOOLS = "an assistant"\nPARTNERS = ["Ada", "<i>"]\n'
    folder, out = class_folder(alice=GOOD + SCALE, bob=GOOD + SCALE + said, carl=said), tmp_path / "out"
    plain = (course.td / "assignment.toml").read_text()
    for rule in ("declared", "allowed"):
        (course.td / "assignment.toml").write_text(f'assistants = "{rule}"\n{plain}')
        done = surdix("grade", "tdm", folder, "--out", out)
        assert done.status == 0, done.err
        assert done.out.count("3 graded now") == (rule == "declared"), "the rule is no part of the version"
        assert grades(out) == {"alice": ("graded", "9"), "bob": ("graded", "9"), "carl": ("empty", "0")}
        assert ("not declared" in (out / "report.html").read_text()) == (rule == "declared")
    note = {"key": "declaration", "values": {"tools": "an assistant", "partners": "Ada, <i>"}}
    found = results(out)
    assert found["alice.json"]["notes"] == []
    for name in ("bob.json", "carl.json"):
        assert {**note, "text": "Declared: tools “an assistant”, partners “Ada, <i>”."} in found[name]["notes"]
    assert "Ada, &lt;i&gt;" in (out / "feedback" / "bob.html").read_text()
    needs = done.out.partition("Needs you")[2]
    assert "carl: empty" in needs and "bob" not in needs and "an assistant" not in needs


def test_pick_settles_a_doubt(surdix, class_folder, tmp_path):
    folder, out = class_folder(alice=GOOD), tmp_path / "out"
    (folder / "alice" / "other.py").write_text(GOOD.replace("2 *", "3 *") + SCALE)
    assert surdix("grade", "tdm", folder, "--out", out).status == 1
    assert surdix("pick", out, "alice", "nothing.py").status == 2
    picked = surdix("pick", out, "alice", "other.py")
    assert picked.status == 0 and "surdix grade tdm" in picked.out
    done = surdix("grade", "tdm", folder, "--out", out)
    assert done.status == 0 and "Needs you" not in done.out
    assert grades(out) == {"alice": ("graded", "7.5")}
    assert results(out)["alice.json"]["picked"] == "other.py"


def test_what_has_been_graded_is_not_graded_again_unless_it_is_asked_for(surdix, handed_in, tmp_path):
    out = tmp_path / "out"
    surdix("grade", "tdm", handed_in, "--out", out, "--jobs", "1")
    first = results(out)
    again = surdix("grade", "tdm", handed_in, "--out", out, "--jobs", "2")
    assert "1 graded now, 5 as before" in again.out  # a crash is tried again
    assert results(out) == first
    fresh = surdix("grade", "tdm", handed_in, "--out", out, "--jobs", "2", "--fresh")
    assert "6 graded now" in fresh.out and results(out) == first
    (handed_in / "bob" / "tdm.py").write_text(GOOD + SCALE)
    assert "2 graded now" in surdix("grade", "tdm", handed_in, "--out", out).out
    assert grades(out)["bob"] == ("graded", "9")


def test_alone_or_in_company_the_result_is_the_same(surdix, handed_in, tmp_path):
    surdix("grade", "tdm", handed_in, "--out", tmp_path / "all")
    surdix("grade", "tdm", handed_in / "carl", "--out", tmp_path / "alone")  # a folder of files, one of them
    surdix("grade", "tdm", handed_in / "carl" / "tdm.py", "--out", tmp_path / "file")
    together = results(tmp_path / "all")["carl.json"]["checks"]
    assert results(tmp_path / "alone")["tdm.json"]["checks"] == together
    assert results(tmp_path / "file")["tdm.json"]["checks"] == together


def test_without_a_sandbox_it_says_so_everywhere(surdix, class_folder, tmp_path):
    out = tmp_path / "out"
    done = surdix("grade", "tdm", class_folder(alice=GOOD + SCALE), "--out", out, "--sandbox", "none")
    assert done.status == 0 and "WARNING" in done.err
    assert results(out)["alice.json"]["sandbox"] == "none"
    assert grades(out) == {"alice": ("graded", "9")}


def test_tiers_agree(surdix, handed_in, tmp_path):
    def without_tier(out):
        return {name: {**result, "sandbox": ""} for name, result in results(out).items()}

    surdix("grade", "tdm", handed_in, "--out", tmp_path / "warm", "--sandbox", "warm")
    surdix("grade", "tdm", handed_in, "--out", tmp_path / "cold", "--sandbox", "cold")
    assert without_tier(tmp_path / "warm") == without_tier(tmp_path / "cold")
