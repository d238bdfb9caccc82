"""The `.py` and the notebook hold the same questions; the notebook's first cell finds check.py or says what to do."""

import ast
import json
import os
import subprocess
import sys

import nbformat
import pytest

from grader.authoring import cells, prose


def handed(**changes):
    values = {
        "td": "tdm",
        "title": 'Mini "one" \\ two',
        "language": "en",
        "hours": 1.5,
        "file": "tdm.py",
        "packages": ("numpy",),
        "data": (),
        "handout_url": "",
        "tested": ("1.1", "1.2"),
    }
    return cells.Handed(**{**values, **changes})


@pytest.fixture
def template(course):
    return (course.td / "handout.md").read_text()


@pytest.fixture
def render(course):
    sources = {"reference.mini": (course.folder / "reference" / "mini.py").read_text()}
    return lambda template: prose.render(template, "handout.md", sources, {"title": "Mini", "hours": 1.5})


@pytest.fixture
def content(render, template):
    return render(template)


def test_the_script(content):
    text = cells.script(content, handed())
    assert ast.get_docstring(ast.parse(text)).startswith('Mini "one" \\ two (tdm).')
    assert "python -m pytest        or        python check.py" in text
    assert text.index("# %%\nfrom __future__") < text.index("# %% [markdown]\n# # Mini\n#\n# 1.5 hours.\n")
    assert "# ## Question 1.1\n# Write double.\n\n# %%\ndef double(" in text
    compile(text, "tdm.py", "exec")


def test_the_notebook(content):
    text = cells.notebook(content, handed())
    book = nbformat.reads(text, 4)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    firsts = [cell.source.split("\n")[0] for cell in book.cells]
    assert firsts == [
        "# Mini",
        "# Run this cell first: it finds check.py, which tests your answers.",
        "from __future__ import annotations",
        "## Question 1.1",
        "def double(x: np.ndarray | list) -> np.ndarray:",
        'check.question("1.1")',
        "## Question 1.2",
        "class Base:",
        "class Scale(Base):",
        'check.question("1.2")',
        "## Question 2",
        "check.all()",
        '# Declaration: with what and with whom did you work? Write "none" where it is nothing or nobody.',
    ]
    assert text == cells.notebook(content, handed())
    assert len({cell.id for cell in book.cells}) == len(book.cells)


def test_what_draws_is_a_cell_of_the_notebook_and_prose_in_the_script(render, template):
    plot = "import matplotlib.pyplot as plt\n\nplt.plot(double([1, 2]))"
    content = render(template.replace("## Question 1.2", f"```python plot\n{plot}\n```\n\n## Question 1.2"))
    (cell,) = [cell for cell in nbformat.reads(cells.notebook(content, handed()), 4).cells if cell.source == plot]
    assert (cell.cell_type, cell.metadata.tags) == ("code", ["surdix"])
    text = cells.script(content, handed())
    assert "\n# plt.plot(double([1, 2]))\n# ```\n" in text and "\nplt" not in text
    assert plot in cells.code(content, handed()), "an untouched plot is nobody's own work"


def test_a_question_is_checked_after_its_last_stub(render, template):
    content = render(template.replace('"1.2"', '"1.1"'))
    sources = [cell["source"] for cell in json.loads(cells.notebook(content, handed()))["cells"]]
    assert [source[0] for source in sources if source[0].startswith("check.")] == [
        'check.question("1.1")',
        "check.all()",
    ]


def test_a_question_without_checks_has_no_cell_for_them(content):
    assert 'check.question("1.2")' not in cells.notebook(content, handed(tested=("1.1",)))


def test_the_code_is_that_of_both(content):
    code = cells.code(content, handed())
    assert "def double" in code and "check.all()" in code and "import check" in code
    ast.parse(code)


def run(folder, **changes):
    code = cells.first_cell(handed(**changes))
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_cell_finds_check_beside_itself(tmp_path):
    (tmp_path / "check.py").write_text("print('found')\n")
    assert run(tmp_path) == "found\n"


def test_the_first_cell_fetches_what_is_missing(tmp_path):
    site, desk = tmp_path / "site", tmp_path / "desk"
    site.mkdir()
    desk.mkdir()
    (site / "check.py").write_text("print('fetched')\n")
    (site / "digits.npz").write_bytes(b"data")
    assert run(desk, handout_url=site.as_uri(), data=("digits.npz",)) == "fetched\n"
    assert (desk / "digits.npz").read_bytes() == b"data"


@pytest.mark.parametrize(("language", "says"), [("en", "the Upload button"), ("fr", "bouton « Upload »")])
def test_the_first_cell_says_what_to_upload(tmp_path, language, says):
    assert says in run(tmp_path, language=language)
    url = (tmp_path / "nowhere").as_uri()
    assert "check.py " in (shown := run(tmp_path, language=language, handout_url=url, data=("a.npz",)))
    assert says in shown and "URLError" not in shown and "a.npz" in shown


def test_an_error_inside_check_is_not_taken_for_a_missing_file(tmp_path):
    (tmp_path / "check.py").write_text("import a_package_that_nobody_has\n")
    with pytest.raises(AssertionError, match="a_package_that_nobody_has"):
        run(tmp_path)
