"""Notebooks with anything at any place, and JSON that breaks: read, or refused in a sentence, never a fault of ours."""

from hypothesis import given
from hypothesis import strategies as st

from grader.contract import Status
from tests.fuzz.harness import bounded, fuzz
from tests.fuzz.mutated import damaged, trees
from tests.fuzz.one_file import read_whole
from tests.fuzz.samples import as_json, notebook

GOOD = [notebook(4), notebook(3)]
broken = damaged([as_json(tree) for tree in GOOD])
wrong = trees(GOOD).map(as_json)
DEEP = [b'{"cells":' + b"[" * 100_000, b'{"cells":[' * 20_000, b'{"cells":[],"a":' + b"9" * 100_000 + b"}"]


@fuzz(100)
@given(wrong | broken | st.sampled_from(DEEP), st.sampled_from(["td2.ipynb", "td2.py", "td2.ipynb.txt"]))
def test_any_notebook_is_read_or_unreadable(data: bytes, name: str) -> None:
    with bounded("notebooks"):
        submission = read_whole(name, data)
    assert submission.status in (Status.GRADED, Status.EMPTY, Status.UNREADABLE)
