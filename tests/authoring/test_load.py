"""An assignment loads as one value; all that does not fit is said in one line that names the file."""

import sys

import numpy as np
import pytest

from grader.authoring import load
from grader.authoring.declare import Mistake
from grader.contract import Limits
from grader.errors import AssignmentError, UserError


def test_an_assignment_as_data(course):
    before = set(sys.modules)
    got = load.load(course.folder, "tdm")
    a = got.assignment
    assert (a.name, a.title, a.module, a.hours, a.limits) == ("tdm", "Mini", "tdm", 1.5, Limits(check_seconds=5.0))
    assert [(c.id, c.question, c.points, c.parameters) for c in a.checks] == [
        ("doubles", "1.1", 3, ("x",)),
        ("scale_backward", "1.2", 4, ("k", "x", "grad")),
        ("keeps_signs", "1.1", 2, ("x",)),
    ]
    assert a.checks[0].sentence == "Your double returns twice its argument."
    assert [(m.id, m.sentence) for m in a.manual] == [("proof", "Prove that doubling is linear.")]
    assert a.interface == ("double", "Scale")
    assert got.items == {"double": "1.1", "Scale.forward": "1.2", "Scale.backward": "1.2"}
    assert "def double" in a.stub and "check.all()" in a.stub and "doubled" not in a.stub
    assert "def loss" in a.probes and "same_sign" not in a.probes and "same_sign" in got.probes_with_predicates
    assert set(got.functions) == {"same_sign"}
    assert got.data == {"numbers.txt": b"1 2 3\n"}
    assert got.reference.double([1, 2]).tolist() == [2, 4]
    assert [m.id for m in got.mistakes] == ["triples", "no_k"]
    assert not {name for name in set(sys.modules) - before if "mini" in name or "checks" in name}


def test_a_rubric_stands_on_the_handout(course):
    checks, handout = course.folder / "assignments/tdm/checks.py", course.folder / "assignments/tdm/handout.md"
    rubric = '"2", points=1, jury=True, rubric={1: "all | of it", 0.5: "half"})'
    checks.write_text(checks.read_text().replace('"2", points=1)', rubric))
    handout.write_text(handout.read_text() + "\n{{ rubric }}\n")
    got = load.load(course.folder, "tdm")
    assert got.assignment.manual[0].levels == ((0.5, "half"), (1.0, "all | of it")) and got.assignment.manual[0].jury
    table = got.prose.parts[-1].text
    assert "| 2 Prove that doubling is linear. | 1 |  |\n|  | 1 | all \\| of it |\n|  | 0.5 | half |" in table


def test_unknown_tds_are_answered_with_those_there_are(course):
    with pytest.raises(UserError, match=r"no TD 'tdn'; did you mean tdm\? There are tdm"):
        load.load(course.folder, "tdn")
    with pytest.raises(UserError, match=r"no TD '\.\./tdm'"):
        load.load(course.folder, "../tdm")
    with pytest.raises(UserError, match="no folder assignments in it; --course"):
        load.load(course.folder / "reference", "tdm")


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        ("checks.py", "SIZE = 3", "SIZE = 3 / 0", r"checks.py, line \d+: ZeroDivisionError"),
        ("checks.py", "SIZE = 3", "SIZE = (", r"checks.py, line \d+: not Python"),
        ("checks.py", "points=4", "points=4.5", r"checks.py: the points add up to 10.5, not 10"),
        ("checks.py", "def keeps_signs", "def doubles", r"checks.py, line \d+: doubles is defined in line \d+ already"),
        ("checks.py", '"1.2", points', '"7.2", points', "scale_backward is for question 7.2, which the handout"),
        ("checks.py", '@manual("2"', '@manual("9"', "proof is for question 9, which the handout"),
        ("checks.py", '["doubles"]', '["nothing"]', "scale_backward follows 'nothing', which is not another check"),
        ("checks.py", "return td.double(x)", "return close(x)", "needs grader.authoring, and runs where only numpy"),
        ("checks.py", '"""Prove that doubling is linear."""', "pass", "proof has no docstring"),
        (
            "checks.py",
            '"2", points=1)',
            '"2", points=1, rubric={2: "a proof"})',
            "proof: its rubric goes from 2 to 2 poi",
        ),
        (
            "checks.py",
            '"2", points=1)',
            '"2", points=1, rubric={-1: "a", 1: "b"})',
            "its rubric goes from -1 to 1 points",
        ),
        ("mistakes.py", '"no_k", ', '"triples", ', "mistakes.py: two mistakes are called triples"),
        ("mistakes.py", "MISTAKES = [", "MISTAKES = [nothing,", r"mistakes.py, line \d+: NameError"),
        ("assignment.toml", "numbers.txt", "letters.txt", "letters.txt: assignment.toml names this file"),
        ("assignment.toml", "reference.mini", "reference.maxi", "maxi.py: there is no such module"),
        ("assignment.toml", "check_seconds", "seconds", r"unknown key seconds"),
        ("handout.md", '{{ stub("Base") }}\n', "", "handout.md: the handout's code needs Base"),
        ("handout.md", '{{ stub("double", "1.1") }}', "", "a solution in double that the handout does not place"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(course, path, old, new, says):
    course.edit(f"assignments/tdm/{path}", old, new)
    with pytest.raises(AssignmentError, match=says) as caught:
        load.load(course.folder, "tdm")
    assert "\n" not in str(caught.value)


def test_stubs_in_an_order_that_cannot_run_are_refused(course):
    course.edit("assignments/tdm/handout.md", '{{ stub("Base") }}\n', "")
    course.edit("assignments/tdm/handout.md", "## Question 2", '{{ stub("Base") }}\n\n## Question 2')
    with pytest.raises(AssignmentError, match=r"does not run as it is: tdm.py, line \d+: NameError.*Base"):
        load.load(course.folder, "tdm")


@pytest.mark.parametrize(
    ("path", "old", "new", "changes"),
    [
        ("reference/mini.py", "grad * self.k", "self.k * grad", True),
        ("assignments/tdm/checks.py", "zeros", "nothing", True),
        ("assignments/tdm/data/numbers.txt", "1 2 3", "3 2 1", True),
        ("assignments/tdm/assignment.toml", "check_seconds = 5.0", "check_seconds = 6.0", True),
        ("assignments/tdm/assignment.toml", "hours = 1.5", "hours = 2", False),
        ("assignments/tdm/handout.md", "A layer.", "One layer.", False),
    ],
)
def test_the_version_says_whether_a_score_may_change(course, path, old, new, changes):
    before = load.load(course.folder, "tdm").assignment.version
    assert before == load.load(course.folder, "tdm").assignment.version
    course.edit(path, old, new)
    assert (load.load(course.folder, "tdm").assignment.version != before) is changes


def test_a_mistake_makes_another_reference(course):
    got = load.load(course.folder, "tdm")
    assert load.mutated(got, got.mistakes[0]).double([1, 2]).tolist() == [3, 6]
    assert got.reference.double([1, 2]).tolist() == [2, 4]
    assert load.edited(got, got.mistakes[0])["reference.mini"].count("np.multiply(3,") == 1


@pytest.mark.parametrize(
    ("old", "new", "module", "says"),
    [
        ("not there", "x", "", "mistake m: 'not there' stands 0 times in reference.mini"),
        ("self.seen", "x", "mini", "stands 3 times"),
        ("doubled = ", "doubled = ", "", "changes nothing"),
        ("doubled = ", "doubled = (", "", "the reference does not load with it .*mini.py, line"),
        ("doubled = ", "x = ", "other", "reference.other is not a module that this TD is made of"),
    ],
)
def test_a_mistake_must_change_one_place(course, old, new, module, says):
    got = load.load(course.folder, "tdm")
    with pytest.raises(AssignmentError, match=says):
        load.mutated(got, Mistake("m", old, new, hint="", advice="", module=module))


def test_several_modules_make_one_file(course):
    course.write("reference/more.py", "from reference.mini import double\n\n\ndef four(x):\n"
                 "    ### BEGIN SOLUTION\n    return double(double(x))\n    ### END SOLUTION\n")  # fmt: skip
    course.edit("assignments/tdm/assignment.toml", '["reference.mini"]', '["reference.mini", "reference.more"]')
    course.edit("assignments/tdm/handout.md", "## Question 2", '{{ stub("four", "1.3") }}\n\n## Question 2')
    got = load.load(course.folder, "tdm")
    assert got.reference.four(1) == 4 and got.reference.Scale(2)(np.ones(1)) == 2
    assert "from reference" not in got.assignment.stub
    assert load.mutated(got, got.mistakes[0]).four(1) == 9


FRENCH = """
    [sentence]
    doubles = "Votre double rend deux fois son argument."
    scale_backward = "Scale.backward est la dérivée."
    keeps_signs = "Votre double garde les signes."
    proof = "Montrez que doubler est linéaire."
    [docstring]
    double = "Deux fois x."
    Base = "Ce qui s'appelle."
    Scale = "Multiplie par k."
    "Scale.forward" = "k fois x."
    "Scale.backward" = "dL/dx."
    [advice]
    triples = "2, pas 3."
    no_k = "Règle de la chaîne."
    [hint]
    no_k = "Que fait k ?"
    [reason]
    "a sign is wrong" = "un signe est faux"
"""


def test_french(course):
    course.edit("assignments/tdm/assignment.toml", "hours", 'language = "fr"\nhours')
    with pytest.raises(AssignmentError, match=r"texts.fr.toml: language is 'fr', so this file is needed"):
        load.load(course.folder, "tdm")
    course.write("assignments/tdm/texts.fr.toml", FRENCH)
    with pytest.raises(AssignmentError, match=r"handout.fr.md: cannot be read"):
        load.load(course.folder, "tdm")
    (course.td / "handout.md").rename(course.td / "handout.fr.md")
    got = load.load(course.folder, "tdm")
    assert got.assignment.checks[0].sentence == "Votre double rend deux fois son argument."
    assert got.assignment.manual[0].sentence == "Montrez que doubler est linéaire."
    assert '"""k fois x."""' in got.assignment.stub and "Twice x" not in got.assignment.stub
    assert [m.advice for m in got.mistakes] == ["2, pas 3.", "Règle de la chaîne."]
    assert [m.hint for m in got.mistakes] == ["By how much?", "Que fait k ?"]
    assert load.mutated(got, got.mistakes[0]).double([1]).tolist() == [3]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('    doubles = "Votre double rend deux fois son argument."\n', "", r"\[sentence\] has nothing for doubles"),
        ("    no_k = \"Règle", "    no_l = \"Règle", r"\[advice\] no_l is in neither"),
        ('    double = "Deux fois x."\n', "", r"\[docstring\] has nothing for double"),
        ("    Base = ", "    Bass = ", "translate the docstring of Bass, which has none"),
        ("[hint]", "[hints]", "unknown key hints; did you mean hint"),
    ],
)  # fmt: skip
def test_texts_that_are_missing_or_too_many(course, old, new, says):
    course.edit("assignments/tdm/assignment.toml", "hours", 'language = "fr"\nhours')
    (course.td / "handout.md").rename(course.td / "handout.fr.md")
    assert old in FRENCH
    course.write("assignments/tdm/texts.fr.toml", FRENCH.replace(old, new))
    with pytest.raises(AssignmentError, match=says):
        load.load(course.folder, "tdm")


def test_the_points_of_a_bonus_come_on_top(course):
    course.edit("assignments/tdm/checks.py", "points=4, cases", "points=4, bonus=True, cases")
    with pytest.raises(AssignmentError, match="add up to 6, not 10"):
        load.load(course.folder, "tdm")
    course.edit("assignments/tdm/checks.py", "points=3, cases", "points=7, cases")
    checks = {check.id: (check.points, check.bonus) for check in load.load(course.folder, "tdm").assignment.checks}
    assert checks == {"doubles": (7, False), "scale_backward": (4, True), "keeps_signs": (2, False)}
