"""What is said of bad input is one line of bounded length, whatever it quotes."""

import pytest

from grader.errors import MOST, UserError
from grader.worksheet import read


@pytest.mark.parametrize(
    "given, said",
    [
        ("a.csv: line 2", "a.csv: line 2"),
        ("two\n lines", "two lines"),
        ("\x1b[2J \u202e \ud800 \xa0é “x”", r"\x1b[2J \u202e \ud800 é “x”"),
    ],
)
def test_a_sentence_is_one_line_that_moves_no_cursor(given, said):
    assert str(UserError(given)) == said


def test_a_long_sentence_keeps_where_and_what_to_do():
    said = str(UserError("a.csv: line 2: " + "\x1b" * 100_000 + "; download it again"))
    assert len(said) < MOST and said.startswith("a.csv: line 2: ") and said.endswith("; download it again")


def test_a_cell_that_is_no_number_is_quoted_in_part(tmp_path):
    (tmp_path / "w.csv").write_text("Identifier,Status,Grade\n" + "x" * 100_000 + ",,\n")
    with pytest.raises(UserError, match=r"w\.csv: line 2: 'xxx.* … .*no participant's number; download it") as caught:
        read(tmp_path / "w.csv")
    assert len(str(caught.value)) < MOST
