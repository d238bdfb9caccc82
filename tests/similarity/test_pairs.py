"""Which pairs are found: copies in disguise, and not what the handout or the whole class explains."""

import ast
import json

import pytest

from grader.authoring import load
from grader.similarity.pairs import compare
from grader.similarity.runs import HandIn
from student_template.runner import reading
from tests.golden.build import SUBMISSIONS, builder
from tests.similarity.disguise import disguised

INDEPENDENT = load.PROJECT / "tests" / "independent"


@pytest.fixture(scope="module")
def td2():
    return load.load(load.PROJECT, "td2").assignment


@pytest.fixture(scope="module")
def golden(td2):
    """The sample class of td2."""
    made = builder()
    by_id = {one.id: one for one in made.data.submission}
    found = []
    for name, one in made.data.sample.items():
        files = {path: data for path, data in made.files(by_id[one]).items() if path.endswith((".py", ".ipynb"))}
        if files:
            found.append(hand_in(name, *next(iter(files.items()))))
    return found


def hand_in(key, path, data):
    cells, _ = reading.read(path, data)
    return HandIn(key, tuple(cell.label for cell in cells), tuple(reading.clean(cell.text)[0] for cell in cells))


def plain(key, text):
    return HandIn(key, ("",), (text,))


def test_the_golden_class_has_no_pair(td2, golden):
    found = compare(golden, td2.stub)
    assert found.above == 0 and found.pairs == ()
    assert found.compared >= 10 and found.compared + found.too_short == len(golden)


@pytest.mark.parametrize("notebook", [False, True])
def test_a_copy_in_disguise_is_found_and_no_other(td2, golden, notebook):
    text = disguised((SUBMISSIONS / "td2" / "bases" / "einsum.py").read_text())
    copy = plain("copy", text)
    if notebook:
        cells = [{"cell_type": "code", "source": f"%time\n{part}"} for part in text.split("\n\n\n")]
        cells.insert(0, {"cell_type": "markdown", "source": text})
        copy = hand_in("copy", "td2.ipynb", json.dumps({"cells": cells, "nbformat": 4}).encode())
        assert len(copy.texts) > 3
    found = compare([*golden, copy], td2.stub)
    ((one),) = found.pairs
    assert {one.left, one.right} == {"copy", "Camille Roux_1234571_assignsubmission_file"}
    assert one.share > 0.6
    assert min(passage.hand_ins for passage in one.passages) == 2


def test_half_a_copy_is_found(td2):
    """Every other function is another's, in disguise."""
    bases = {path.stem: path.read_text() for path in (SUBMISSIONS / "td2" / "bases").glob("*.py")}
    mine, theirs = ast.parse(bases.pop("loops")).body, ast.parse(bases["einsum"]).body
    copied = {node.name: node for node in theirs if hasattr(node, "name")}
    names = [node.name for node in mine if hasattr(node, "name")][1::2]
    half = [copied.get(node.name, node) if getattr(node, "name", "") in names else node for node in mine]
    text = disguised("\n".join(map(ast.unparse, half)))
    found = compare([plain("half", text), *(plain(name, base) for name, base in bases.items())], td2.stub)
    assert [{one.left, one.right} for one in found.pairs] == [{"half", "einsum"}]


@pytest.mark.parametrize("td", ["td1", "td2", "td3", "td4", "td5"])
def test_right_answers_that_were_written_apart_share_little(td):
    """With nobody else to weigh by, two of them are at less than half of the threshold."""
    files = sorted(INDEPENDENT.glob(f"{td}*"))
    hand_ins = [hand_in(file.stem, file.name, file.read_bytes()) for file in files]
    found = compare(hand_ins, load.load(load.PROJECT, td).assignment.stub, threshold=0.15)
    assert (found.above, found.compared, found.too_short) == (0, 2, 0)


def test_the_handout_alone_is_no_sign(td2):
    stub = builder().handed_out["td2.py"].decode()
    two = [plain("one", stub), plain("other", stub + "\nx = 1\n")]
    found = compare(two, td2.stub)
    assert (found.above, found.too_short) == (0, 2)
    own = {name: (SUBMISSIONS / "td2" / "bases" / f"{name}.py").read_text() for name in ("loops", "einsum")}
    assert compare([plain(name, stub + text) for name, text in own.items()], td2.stub).above == 0


def test_what_many_share_counts_for_nothing(td2):
    """The same text by two of twenty is a sign; by six of twenty it is none, by three it is still one."""
    text = (SUBMISSIONS / "td2" / "bases" / "loops.py").read_text()
    others = [plain(f"o{number}", one_of_its_own(number)) for number in range(14)]
    for times, pairs_ in ((2, 1), (3, 3), (6, 0)):
        found = compare([*others, *(plain(f"c{number}", text) for number in range(times))], td2.stub)
        assert found.above == pairs_, times


def one_of_its_own(number):
    return "\n".join(f"def f{i}(x):\n    return x.m{number}_{i}(x, {number}) + g(x)[{i}:{number}]" for i in range(12))


def test_members_of_a_team_are_not_compared_with_each_other(td2):
    text = (SUBMISSIONS / "td2" / "bases" / "loops.py").read_text()
    team = [plain("team-1", text), plain("team-1", disguised(text)), plain("other", one_of_its_own(1))]
    assert compare(team, td2.stub).above == 0
    found = compare([*team, plain("alone", text)], td2.stub)
    assert {(one.left, one.right) for one in found.pairs} <= {("team-1", "alone"), ("alone", "team-1")}
    assert found.above == 2  # each of the two things that the team handed in


def test_passages_are_whole_lines_with_the_part_that_is_shared(td2):
    text = (SUBMISSIONS / "td2" / "bases" / "loops.py").read_text()
    copy = disguised(text)
    (one,) = compare([plain("one", text), plain("two", copy)], td2.stub).pairs
    for passage in one.passages:
        for side, source in ((passage.left, text), (passage.right, copy)):
            for number, row in enumerate(side.rows, side.line - 1):
                assert "".join(row) == source.split("\n")[number]
            assert any(row[1] for row in side.rows)
    assert len(one.passages) > 3


def test_short_answers_and_nobody_are_no_trouble():
    for texts in ([], [""], ["x = 1", "x = 1"]):
        found = compare([plain(str(number), text) for number, text in enumerate(texts)], "")
        assert (found.pairs, found.compared, found.too_short) == ((), 0, len(texts))
