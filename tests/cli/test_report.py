"""`surdix report`: pages made anew from the gradebook, and the page that names nobody."""

import stat

import pytest

from tests.cli.conftest import GOOD, SCALE
from tests.cli.test_bad_usage import one_line
from tests.cli.test_language import FRENCH

TRIPLES = "import numpy as np\ndef double(x):\n    return 3 * np.asarray(x)\n"  # the mistake `triples`
FAILS = "def double(x):\n    raise ValueError('secret-word ' + __file__)\n"


@pytest.fixture
def command(surdix, course):
    return lambda *arguments: surdix(*arguments, "--course", course.folder)


@pytest.fixture
def graded(surdix, class_folder, tmp_path):
    class_folder(**{f"zoe-{n}": TRIPLES + SCALE for n in range(6)})
    folder = class_folder(**{f"yann-{n}": (GOOD if n else FAILS) + SCALE for n in range(6)})
    roster = tmp_path / "roster.csv"
    ids = [f"{name}-{n}" for name in ("zoe", "yann") for n in range(6)]
    roster.write_text("student_id,name\n" + "".join(f"{one},Person Of {one.upper()}\n" for one in ids))
    done = surdix("grade", "tdm", folder, "--out", tmp_path / "out", "--roster", roster)
    assert done.status == 0, done.err
    return tmp_path / "out"


def written(out):
    return {path.relative_to(out): path.read_bytes() for path in out.rglob("*.html")}


def test_pages_are_written_anew_and_are_the_same(command, graded):
    before = written(graded)
    assert len(before) == 13
    for path in before:
        (graded / path).unlink()
    done = command("report", graded)
    assert done.status == 0, done.err
    assert written(graded) == before
    assert "12 results." in done.out and str(graded / "report.html") in done.out


def test_pages_in_another_language(command, graded, course):
    course.write("assignments/tdm/texts.fr.toml", FRENCH)
    course.write("assignments/tdm/handout.fr.md", (course.td / "handout.md").read_text())
    assert command("report", graded, "--language", "fr").status == 0
    assert '<html lang="fr">' in (graded / "report.html").read_text()
    assert '<html lang="fr">' in (graded / "feedback" / "zoe-1.html").read_text()


def test_the_page_for_others_names_nobody(command, graded, tmp_path):
    before, to = written(graded), tmp_path / "shared" / "class.html"
    to.parent.mkdir(mode=0o755)
    to.parent.chmod(0o755)
    done = command("report", graded, "--shareable", "--to", to)
    assert done.status == 0 and "names nobody" in done.out, done.err
    page = to.read_text()
    people = [f"{name}-{n}" for name in ("zoe", "yann") for n in range(6)]
    words = [*people, *(f"Person Of {one.upper()}" for one in people), "Person", "tdm.py", "secret-word", "feedback"]
    assert not [word for word in (*words, str(graded), str(tmp_path)) if word.casefold() in page.casefold()]
    assert "graded" in page and "By how much?" in page, "what six did"
    assert written(graded) == before
    assert stat.S_IMODE(to.parent.stat().st_mode) == 0o755, "it is somebody else's folder"


def test_what_goes_together(command, graded, tmp_path):
    one_line(command("report", graded, "--shareable"), "--shareable and --to FILE go together")
    one_line(command("report", graded, "--to", tmp_path / "x.html"), "--shareable and --to FILE go together")
    one_line(command("report", tmp_path / "class"), "nothing was graded here")


def test_the_page_takes_no_place_of_ours(command, graded, tmp_path):
    before = written(graded)
    for to, why in (
        (graded / "report.html", "this is where results are"),
        (graded / "feedback" / "zoe-1.html", "this is where results are"),
        (graded / "similar" / "pairs.html", "this is where results are"),
        (graded / "gradebook.sqlite", "ends in .html"),
        (tmp_path / "nowhere" / "x.html", "there is no such folder"),
    ):
        one_line(command("report", graded, "--shareable", "--to", to), why)
    assert written(graded) == before
