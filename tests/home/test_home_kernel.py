"""In a notebook's kernel: the handout's notebook executed, on a laptop and where there is nothing but the notebook."""

import functools
import http.server
import json
import os
import re
import threading
from collections import Counter

import pytest

from tests.authoring.test_tds import TDS as ALL
from tests.home.home_desk import Desk, notebook

TDS = ALL if os.environ.get("NOTEBOOKS") == "all" else ("td2",)  # a kernel takes seconds for each
LATER = {("td3", "3.3")}  # the reference's powers take the log that question 3.4 asks for

pytest.importorskip("ipykernel", reason="no ipykernel here: pip install -e '.[dev]'")


def results(cells):
    """What the cells that check something show, by their source."""
    return {source: shown for source, shown in cells if source.startswith("check.")}


@pytest.mark.parametrize("td", TDS)
def test_the_handouts_notebook_with_the_solution_in_it(made, td, tmp_path):
    """It runs to its end, each question's checks pass, and each picture is there."""
    handout = made(td)
    loaded, desk = handout.loaded, Desk(tmp_path)
    for name in ("check.py", *loaded.data):
        desk.write(name, (handout.folder / name).read_bytes())
    desk.write(f"{td}.ipynb", handout.notebook())
    cells = desk.execute(f"{td}.ipynb")
    assert cells[0][1] == ""  # the first cell finds all that it needs
    assert "Traceback" not in "".join(shown for _, shown in cells)
    plots = [plot.text for plot in loaded.prose.plots]
    pictures = [shown for source, shown in cells if source in plots]
    assert len(pictures) == len(plots) and all("<Figure size" in shown for shown in pictures)
    shown = results(cells)
    counts = Counter(check.question for check in loaded.checks)
    assert len(shown) == len(counts) + 1
    for question, count in counts.items():
        if (td, question) in LATER:
            continue
        text = shown[f'check.question("{question}")']
        assert text.count("ok  ") == count
        assert re.search(rf"\nAll {count} checks of question {re.escape(question)} pass \(\d+ cases\)\.\n$", text), text
    assert f"\n{len(loaded.checks)} of {len(loaded.checks)} checks pass here." in shown["check.all()"]
    desk.check(f"{td}.ipynb")
    assert desk.status == 0, desk.said


def test_the_untouched_notebook_runs_through(desk):
    cells = desk.execute("tdh.ipynb")
    assert "Traceback" not in "".join(shown for _, shown in cells)
    assert results(cells)['check.question("1.1")'] == (
        "..  1.1   Your double returns twice its argument.\n"
        "..  1.1   Your double does not write into its argument.\n"
        "Still to be written:\n"
        "  question 1.1: double\n"
        "0 of 2 checks of question 1.1 pass.\n"
    )


def test_words_for_what_fails_in_a_kernel(desk, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "torch.py").write_text("def tensor(x): return x\n")
    desk.write("helper.py", "def helps(x):\n    return x\n")
    sources = [
        "import check\nimport numpy as np\nfrom helper import helps\nimport matplotlib",
        "check.question('1.1')",
        "def double(x):\n    y = 2 * x\n    return y[:, 0]",
        "check.question(1.1)",
        "check.replay('doubles', 'three')",
        "def double(x):\n    print('inside')\n    return 3 * x",
        "check.question('1.1')",
        "answer = check.replay('doubles', 'one')",
        "from torch import tensor",
        "check.question('1.10')",
        "check.question('7')",
        "import time\ndef mean(x):\n    end = time.process_time() + 1.2\n    while time.process_time() < end: pass",
        "check.question('1.10')",
    ]
    (tmp_path / "site" / "matplotlib").mkdir()
    (tmp_path / "site" / "matplotlib" / "__init__.py").write_text("")
    desk.write("tdh.ipynb", notebook(*sources))
    cells = desk.execute("tdh.ipynb", PYTHONPATH=str(tmp_path / "site"))
    shown = [text for _, text in cells]
    assert shown[0] == ""
    assert "There is no `double` here yet: run the cell that defines it." in shown[1] and "Warning" not in shown[1]
    error = "IndexError: too many indices for array: array is 1-dimensional, but 2 were indexed"
    assert f"Your code raises {error} at In [3], line 3: `return y[:, 0]`." in shown[3]
    assert shown[4].splitlines()[0] == "On the functions as they are here, in the notebook or shell:"
    assert "x = array([" in shown[4] and error in shown[4] and "return y[:, 0]" in shown[4]
    assert (
        "inside" in shown[6] and "Hint: Times what?" in shown[6] and "1 of 2 checks of question 1.1 pass." in shown[6]
    )
    assert re.search(r"your answer: array\(\[.*\]\)\nexpected:    array\(\[", shown[7])
    assert shown[9].startswith("Warning: the grader does not have torch: functions that use it fail there.\n")
    assert (
        "means has been running for 1 s, now at In [12], line 4: `while time.process_time() < end: pass`" in shown[12]
    )
    assert "longer than the 1 s that it has" in shown[12]
    assert shown[10] == "There is no question 7: there are 1.1, 1.10, 1.2.\n"


@pytest.fixture
def site(tiny):
    """The handout's files at an address, as a teacher puts them there; the address, and what was asked for."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(tiny.folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_notebook_alone_fetches_the_rest(tiny, site, tmp_path):
    url, asked = site
    desk = Desk(tmp_path)
    desk.write("tdh.ipynb", tiny.notebook(handout_url=url))
    cells = desk.execute("tdh.ipynb")
    assert cells[0][1] == "" and sorted(asked) == ["/check.py", "/numbers.txt"]
    assert "\n5 of 5 checks pass here." in results(cells)["check.all()"]
    assert (tmp_path / "numbers.txt").read_bytes() == (tiny.folder / "numbers.txt").read_bytes()
    asked.clear()
    desk.write("tdh.ipynb", tiny.notebook(handout_url=url))
    assert "\n5 of 5 checks pass here." in results(desk.execute("tdh.ipynb"))["check.all()"] and asked == []


def test_a_notebook_alone_says_what_to_upload(tiny, tmp_path):
    desk = Desk(tmp_path)
    desk.write("tdh.ipynb", tiny.notebook())
    first = desk.execute("tdh.ipynb")[0][1]
    assert first.startswith("check.py and numbers.txt must be beside this notebook, and cannot be found.\n")
    assert "In Colab: the folder icon on the left, then the upload arrow." in first
    desk.write("check.py", (tiny.folder / "check.py").read_bytes())
    desk.write("tdh.ipynb", tiny.notebook())
    cells = desk.execute("tdh.ipynb")
    assert cells[0][1].startswith("numbers.txt must be beside this notebook, and cannot be found.\n")
    assert "\n5 of 5 checks pass here." in results(cells)["check.all()"]


def test_an_address_that_gives_something_else(tiny, site, tmp_path):
    """Nothing there, or the page of a log-in: said in words, and nothing is kept."""
    url, _ = site
    (tiny.folder.parent / "login").mkdir(exist_ok=True)
    book = json.loads(tiny.notebook(handout_url=f"{url}/nowhere"))
    source = "".join(next(cell["source"] for cell in book["cells"] if cell["cell_type"] == "code"))
    desk = Desk(tmp_path)
    desk.run("-c", source)
    assert desk.status == 0 and "check.py could not be downloaded: HTTP Error 404" in desk.said
    assert "must be beside this notebook" in desk.said
    page = source.replace(f'"{url}/nowhere/" + urllib.parse.quote(_name)', f'"{url}/"')
    assert page != source
    desk.run("-c", page)
    assert "check.py could not be downloaded: a web page came in its place" in desk.said
    assert not (tmp_path / "check.py").exists()
