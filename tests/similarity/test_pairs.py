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


def test_the_golden_class_has_the_rings_that_it_was_made_of(td2, golden):
    """Its hand-ins are a few texts with a mistake here and there: those of one text are groups, and no others."""
    made = builder()
    bases = {one.id: one.base for one in made.data.submission}
    found = compare(golden, td2.stub)
    of = [[bases[made.data.sample[key]] for key in one.members] for one in found.groups]
    assert sorted(of) == [["first_part"] * 2, ["unfinished"] * 4, ["vectorised"] * 3]
    assert min(one.least for one in found.groups) >= 0.9
    assert found.compared >= 10 and found.compared + len(found.short) == len(golden)


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
    (one,) = (one for one in found.groups if "copy" in one.members)
    assert set(one.members) == {"copy", "Camille Roux_1234571_assignsubmission_file"}
    assert one.least == one.most > 0.6
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
    assert [set(one.members) for one in found.groups] == [{"half", "einsum"}]


@pytest.mark.parametrize("td", ["td1", "td2", "td3", "td4", "td5", "td7"])
def test_right_answers_that_were_written_apart_share_little(td):
    """With nobody else to weigh by, two of them are at less than half of the threshold."""
    files = sorted(INDEPENDENT.glob(f"{td}*"))
    hand_ins = [hand_in(file.stem, file.name, file.read_bytes()) for file in files]
    found = compare(hand_ins, load.load(load.PROJECT, td).assignment.stub, threshold=0.15)
    assert (found.above, found.compared, found.short) == (0, 2, ())


def test_the_handout_alone_is_no_sign(td2):
    stub = builder().handed_out["td2.py"].decode()
    two = [plain("one", stub), plain("other", stub + "\nx = 1\n")]
    found = compare(two, td2.stub)
    assert (found.above, found.short) == (0, ("one", "other"))
    own = {name: (SUBMISSIONS / "td2" / "bases" / f"{name}.py").read_text() for name in ("loops", "einsum")}
    assert compare([plain(name, stub + text) for name, text in own.items()], td2.stub).above == 0


def test_what_many_share_counts_for_nothing(td2):
    """The same half of what each wrote is a sign in two or three of twenty, and none in six."""
    text = (SUBMISSIONS / "td2" / "bases" / "loops.py").read_text()
    others = [plain(f"o{number}", one_of_its_own(number)) for number in range(14)]
    for times, members in ((2, [2]), (3, [3]), (6, [])):
        with_it = [plain(f"c{number}", text + one_of_its_own(100 + number, 60)) for number in range(times)]
        found = compare([*others, *with_it], td2.stub)
        assert [len(one.members) for one in found.groups] == members, times


@pytest.mark.parametrize(("times", "others"), [(8, 1), (4, 6), (4, 8), (4, 11), (6, 14), (26, 74), (9, 0), (2, 0)])
@pytest.mark.parametrize("change", [lambda text, number: text, lambda text, number: text + f"\nlast = [{number}, 0]\n"])
def test_a_ring_is_told_once_however_much_of_the_class_it_is(td2, times, others, change):
    text = (SUBMISSIONS / "td2" / "bases" / "compact.py").read_text()
    ring = [plain(f"c{number:02}", change(text, number)) for number in range(times)]
    found = compare([*ring, *(plain(f"o{number}", one_of_its_own(number)) for number in range(others))], td2.stub)
    (one,) = found.groups
    assert found.above == 1 and sorted(one.members) == [hand_in.key for hand_in in ring]
    assert one.least >= 0.9 and one.passages[0].hand_ins == times


def test_a_ring_in_disguise_is_one_group(td2):
    """In a class of thirty, by weight: three that change names and order each in their own way."""
    text = (SUBMISSIONS / "td2" / "bases" / "loops.py").read_text()
    ring = [text, disguised(text), disguised(text).replace("var_", "mine_")]
    others = [plain(f"o{number}", one_of_its_own(number)) for number in range(27)]
    (one,) = compare([*others, *(plain(f"c{number}", text) for number, text in enumerate(ring))], td2.stub).groups
    assert sorted(one.members) == ["c0", "c1", "c2"]


def test_few_lines_that_all_have_are_no_ring(td2):
    short = "\n".join(one_of_its_own(1, 5).split("\n"))
    found = compare([plain(str(number), short) for number in range(8)], td2.stub)
    assert (found.above, found.compared) == (0, 8)


def test_who_could_not_be_read_to_the_end_is_told_apart_from_who_wrote_little(td2):
    long = one_of_its_own(1)
    found = compare(
        [
            plain("short", "x = 1"),
            plain("broken", "if 1:\n        x = 1\n    y = 1\n"),
            plain("broken and long", "'''\n" + long),
            plain("long", long),
            HandIn("binary", (), (), whole=False),
        ],
        td2.stub,
    )
    assert (found.short, found.partly) == (("short",), ("binary", "broken", "broken and long"))
    assert found.compared == 2 and [sorted(one.members) for one in found.groups] == [["broken and long", "long"]]


def one_of_its_own(number, functions=12):
    lines = (f"def f{i}(x):\n    return x.m{number}_{i}(x, {number}) + g(x)[{i}:{number}]" for i in range(functions))
    return "\n".join(lines)


def test_members_of_a_team_are_not_compared_with_each_other(td2):
    text = (SUBMISSIONS / "td2" / "bases" / "loops.py").read_text()
    team = [plain("team-1", text), plain("team-1", disguised(text)), plain("other", one_of_its_own(1))]
    assert compare(team, td2.stub).above == 0
    found = compare([*team, plain("alone", text)], td2.stub)
    assert {one.members for one in found.groups} <= {("team-1", "alone"), ("alone", "team-1")}
    assert found.above == 2  # each of the two things that the team handed in


def test_passages_are_whole_lines_with_the_part_that_is_shared(td2):
    text = (SUBMISSIONS / "td2" / "bases" / "loops.py").read_text()
    copy = disguised(text)
    (one,) = compare([plain("one", text), plain("two", copy)], td2.stub).groups
    for passage in one.passages:
        for side, source in zip(
            (passage.left, passage.right), map({"one": text, "two": copy}.get, one.members), strict=True
        ):
            for number, row in enumerate(side.rows, side.line - 1):
                assert "".join(row) == source.split("\n")[number]
            assert any(row[1] for row in side.rows)
    assert len(one.passages) > 3


def test_short_answers_and_nobody_are_no_trouble():
    for texts in ([], [""], ["x = 1", "x = 1"]):
        found = compare([plain(str(number), text) for number, text in enumerate(texts)], "")
        assert (found.groups, found.compared, len(found.short)) == ((), 0, len(texts))
