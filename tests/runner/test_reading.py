"""Reading: whatever was handed in becomes cells, and cells become blocks that lose no more than what is broken."""

import ast
import codecs
import json
import sysconfig
import time
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from student_template.runner import reading
from student_template.runner.reading import Cell, Unreadable, blocks, clean, read


def notebook(*cells, **more):
    """The bytes of a notebook: a cell is its source, or a dictionary."""
    made = [cell if isinstance(cell, dict) else {"cell_type": "code", "source": cell} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": made, **more}).encode()


def text_of(name, data):
    cells, notes = read(name, data)
    return "\n".join(cell.text for cell in cells), [key for key, _ in notes]


def names(found):
    """Names that the blocks without error define."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bodies = [node for block in found if not block.error for node in ast.parse(block.text).body]
    defined = [getattr(node, "name", None) for node in bodies]
    defined += [target.id for node in bodies if isinstance(node, ast.Assign) for target in node.targets]
    return sorted(name for name in defined if name)


def broken(text):
    """(lines of the broken blocks, names that still count)"""
    found = blocks([Cell("", text)])
    return [(block.line, block.end) for block in found if block.error], names(found)


# --- bytes to text ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text", "keys"),
    [
        (b"x = 1\n", "x = 1\n", []),
        (b"", "", []),
        (codecs.BOM_UTF8 + "é = 1".encode(), "é = 1", []),
        ("é = 1".encode("cp1252"), "é = 1", ["encoding"]),
        (b"x = '\x81'", "x = '\x81'", ["encoding"]),  # what cp1252 does not have, latin-1 has
        ("# coding: latin-1\né = 1".encode("latin-1"), "# coding: latin-1\né = 1", []),
        (
            "#!/bin/python\n# -*- coding: cp1252 -*-\né".encode("cp1252"),
            "#!/bin/python\n# -*- coding: cp1252 -*-\né",
            [],
        ),
        ("# coding: ascii\né = 1".encode(), "# coding: ascii\né = 1", []),  # the line is wrong, the file is UTF-8
        ("# coding: klingon\né = 1".encode(), "# coding: klingon\né = 1", ["unknown_coding"]),
        (b"# coding: unicode_escape\nx = '\\u00e9'", "# coding: unicode_escape\nx = '\\u00e9'", ["unknown_coding"]),
        (b"x = 1\n\n# coding: latin-1\n", "x = 1\n\n# coding: latin-1\n", []),
        ("é = 1\n".encode("utf-16"), "é = 1\n", []),
        (codecs.BOM_UTF16_BE + "é = 1\n".encode("utf-16-be"), "é = 1\n", []),
        ("é = 1\n".encode("utf-32"), "é = 1\n", []),
        ("import numpy\n".encode("utf-16-le"), "import numpy\n", []),
        ("import numpy\n".encode("utf-16-be"), "import numpy\n", []),
        (b"import numpy as np\nx =\0 1", "import numpy as np\nx = 1", ["nul_removed"]),
        (b"a = 1\r\nb = 2\rc = 3\n", "a = 1\nb = 2\nc = 3\n", []),
        (b"a = 1\n\fdef f(): pass\n\tx", "a = 1\n\fdef f(): pass\n\tx", []),
        (b"x = 1\r\n\x1a", "x = 1\n", []),
    ],
)
def test_a_py_is_decoded_as_python_does_and_a_little_more(data, text, keys):
    assert text_of("td2.py", data) == (text, keys)


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("td2.py", b"%PDF-1.4 ...", "other_kind"),
        ("td2.py", b"PK\x03\x04....", "other_kind"),
        ("td2.ipynb", b"\n<!DOCTYPE html><html>", "other_kind"),
        ("td2.py", b"{\\rtf1\\ansi def f(): pass}", "other_kind"),
        ("td2.py", bytes(100), "not_text"),
        ("td2.py", bytes(range(32)) * 10, "not_text"),
        ("td2.py", b"x" * (reading.MAX_BYTES + 1), "file_too_large"),
        ("td2.ipynb", notebook("x = 1")[:-20], "not_a_notebook"),
        ("td2.ipynb", b"[1, 2]", "not_a_notebook"),
        ("td2.ipynb", b'{"a": 1}', "not_a_notebook"),
        ("td2.ipynb", b'{"a":' * 100_000, "not_a_notebook"),
        ("td2.ipynb", b"Bonjour, voici mon devoir.", "not_a_notebook"),
    ],
)
def test_what_cannot_be_read_says_why(name, data, key):
    with pytest.raises(Unreadable) as caught:
        read(name, data)
    assert caught.value.key == key
    assert name in str(caught.value)
    json.dumps(caught.value.values)


@given(st.binary(max_size=300), st.sampled_from(["a.py", "a.ipynb"]))
def test_bytes_never_raise_anything_else(data, name):
    for content in (data, b'{"cells": [' + data, codecs.BOM_UTF16_LE + data, data.replace(b"a", b"def f(\n")):
        try:
            cells, notes = read(name, content)
        except Unreadable as error:
            assert str(error)
        else:
            for key, values in notes:
                assert reading.SENTENCES[key].format(**values)
            blocks(cells)


json_trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "cell_type", "source", "input", "metadata", "language_info", "name"]
            ),
            inner | st.just("code"),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["cells", "worksheets", "metadata"]), json_trees))
def test_a_notebook_of_any_shape_never_raises_anything_else(tree):
    try:
        cells, _ = read("a.ipynb", json.dumps(tree).encode())
    except Unreadable:
        return
    blocks(cells)


# --- notebooks --------------------------------------------------------------------------------------------------------


def test_code_cells_are_read_and_named_by_their_place():
    data = notebook(
        {"cell_type": "markdown", "source": "# Title"},
        "x = 1",
        {"cell_type": "raw", "source": "y = 1"},
        "  \n",
        {"cell_type": "code", "source": ["def f():\n", "    return 1"], "metadata": {"id": "k3", "colab": {}}},
        metadata={"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    assert read("td2.ipynb", data) == (
        [Cell("cell 2", "x = 1"), Cell("cell 5", "def f():\n    return 1")],
        [],
    )
    shown, _ = read("td2.ipynb", data, prose=True)
    assert [(cell.label, cell.text, cell.code) for cell in shown] == [
        ("cell 1", "# Title", False),
        ("cell 2", "x = 1", True),
        ("cell 3", "y = 1", False),
        ("cell 5", "def f():\n    return 1", True),
    ]


def test_nbformat_3_has_worksheets_and_inputs():
    cells = [
        {"cell_type": "heading", "source": "T"},
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python", "prompt_number": 7, "outputs": []},
    ]
    data = json.dumps({"nbformat": 3, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}).encode()
    assert read("old.ipynb", data) == ([Cell("cell 2", "x = 1\ny = 2")], [])
    assert read("old.ipynb", data, prose=True)[0][0] == Cell("cell 1", "# T", code=False)


def test_lines_without_their_ends_are_still_lines():
    data = notebook({"cell_type": "code", "source": ["x = 1", "y = 2"]})
    assert read("a.ipynb", data)[0] == [Cell("cell 1", "x = 1\ny = 2")]


def test_a_notebook_with_a_mark_and_a_lone_surrogate_and_windows_lines():
    data = codecs.BOM_UTF8 + notebook("x = '\ud800'\r\ny = 1")
    (cell,), notes = read("a.ipynb", data)
    assert cell.text == "x = '\ufffd'\ny = 1"
    assert notes == []
    assert names(blocks([cell])) == ["x", "y"]


def test_a_notebook_of_another_language_is_told():
    _, notes = read("a.ipynb", notebook("x <- 1", metadata={"kernelspec": {"language": "R", "name": "ir"}}))
    assert notes == [("other_language", {"file": "a.ipynb", "language": "R"})]


def test_files_are_what_they_hold_not_what_they_are_called():
    assert text_of("td2.py", notebook("x = 1")) == ("x = 1", ["is_a_notebook"])
    assert text_of("td2.ipynb", b"import numpy as np\n") == ("import numpy as np\n", ["is_python"])
    assert text_of("td2.py", b'{"cells": 3}\nx = 1\n') == ('{"cells": 3}\nx = 1\n', [])
    assert text_of("td2.ipynb", b"") == ("", [])


# --- IPython ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("!pip install torch\nx = 1", "# !pip install torch\nx = 1"),
        ("!!ls", "# !!ls"),
        ("pip install torch", "# pip install torch"),
        ("?help\nhelp?\nobj.f??\nnp.*load*?", "# ?help\n# help?\n# obj.f??\n# np.*load*?"),
        ("!pip install a \\\n  b c\nx = 1", "# !pip install a \\\n#   b c\nx = 1"),
        ("if True:\n    !ls\n    x = 1", "if True:\n    pass  # !ls\n    x = 1"),
        ("for i in []:\n\t%time f()\n\t%cd ..", "for i in []:\n\tf()\n\tpass  # %cd .."),
        ("%time x = f(1)", "x = f(1)"),
        ("%time x = f(1,\n  2)\ny = 1", "x = f(1,\n  2)\ny = 1"),
        ("%timeit f(1)\n%time", "# %timeit f(1)\n# %time"),
        ("files = !ls *.py\ny = files", "files = []  # files = !ls *.py\ny = files"),
        ("here = %pwd", "here = None  # here = %pwd"),
        ("x = %time f(2)", "x = f(2)"),
        ("a, b = !ls", "a, b = []  # a, b = !ls"),
        ("%%time\nx = 1\n%matplotlib inline", "# %%time\nx = 1\n# %matplotlib inline"),
        ("# mine\n\n%%timeit -n 3\nx = 1", "# mine\n\n# %%timeit -n 3\nx = 1"),
        ("%%capture out\nx = 1", "# %%capture out\nx = 1"),
        ("%%bash\nls\nx = 1", "# %%bash\n# ls\n# x = 1"),
        ("%%html\n<b>\n", "# %%html\n# <b>\n# "),
        ("%%writefile a.py\nx = 1", "# %%writefile a.py\n# x = 1"),
        ("%%nothing_known\nx = 1", "# %%nothing_known\nx = 1"),
        ("%%nothing_known\nx y z", "# %%nothing_known\n# x y z"),
        ("  x = 1\n  if x:\n    y = 2", "x = 1\nif x:\n  y = 2"),
        (">>> x = 1\n>>> if x:\n...     y = 2", "x = 1\nif x:\n    y = 2"),
        ("x = (a\n % b)\n!ls", "x = (a\n % b)\n# !ls"),
        ('s = """\n!not a command\n%nor this\nor?\n"""\n%cd', 's = """\n!not a command\n%nor this\nor?\n"""\n# %cd'),
        ("a = b \\\n % c\n!ls", "a = b \\\n % c\n# !ls"),
        ("s = 'a\\\n!b'\n!ls", "s = 'a\\\n!b'\n# !ls"),
        ("print('a =!b', 'what?')  # why?\n!ls", "print('a =!b', 'what?')  # why?\n# !ls"),
        ("f(\n!ls\ndef g():\n    pass\n!ls", "f(\n!ls\ndef g():\n    pass\n# !ls"),
        ("get_ipython().system('ls')\nx = 1", "# get_ipython().system('ls')\nx = 1"),
        ("get_ipython().run_line_magic('time', 'x = 1')", "x = 1"),
        ("get_ipython().magic('matplotlib inline')", "# get_ipython().magic('matplotlib inline')"),
        ("v = get_ipython().getoutput('ls')", "v = []  # v = get_ipython().getoutput('ls')"),
        (
            "get_ipython().run_cell_magic('time', '', 'x = 1\\ny = 2\\n')\n",
            "exec('# %%time\\nx = 1\\ny = 2\\n')\n",
        ),
        (
            "get_ipython().run_cell_magic('bash', '', 'ls -l\\n')\nx = 1",
            "# get_ipython().run_cell_magic('bash', '', 'ls -l\\n')\nx = 1",
        ),
        ("if 'colab' in str(get_ipython()):\n    x = 1", "if 'colab' in str(get_ipython()):\n    x = 1"),
    ],
)
def test_magics_become_python_of_as_many_lines(text, plain):
    cleaned, _ = clean(text)
    assert cleaned == plain
    assert len(cleaned.split("\n")) == len(text.split("\n"))
    assert clean(cleaned)[0] == cleaned


def test_pylab_is_what_it_imports():
    assert clean("%pylab inline\nx = array([1])")[0].startswith("import numpy, numpy as np; from numpy import *;")


def test_notes_tell_what_did_not_run_and_are_few():
    _, notes = clean("%matplotlib inline\nx = 1\n!pip install torch\n")
    assert notes == [("command_left_out", {"command": "!pip install torch", "where": "line 3"})]
    assert reading.remarks([Cell("cell 2", "x = 1\n!ls")]) == [
        ("command_left_out", {"command": "!ls", "where": "cell 2, line 2"})
    ]
    _, notes = clean("\n%%bash\nls")
    assert notes == [("cell_left_out", {"magic": "%%bash", "where": "line 2"})]
    assert len(clean("!ls\n" * 1000)[1]) == reading.MAX_NOTES
    for key, values in notes:
        assert reading.SENTENCES[key].format(**values)


def test_a_notebook_downloaded_as_py_still_works():
    text = (
        "#!/usr/bin/env python\n# coding: utf-8\n\n# # Title\n\n# In[1]:\n\n\n"
        "get_ipython().run_line_magic('matplotlib', 'inline')\nimport numpy as np\n\n\n# In[3]:\n\n\n"
        "get_ipython().run_cell_magic('time', '', 'def f():\\n    return 1\\n')\n"
    )
    cells, notes = read("td2.py", text.encode())
    found = blocks(cells)
    assert notes == []
    assert [(block.line, block.error) for block in found] == [(10, ""), (16, "")]
    space = {}
    for block in found:
        exec(block.text, space)
    assert space["f"]() == 1


@given(st.text(alphabet="ab =%!?\\\n\t \"'()#[]>", max_size=60))
@settings(max_examples=300)
def test_clean_keeps_the_number_of_lines_and_valid_python(text):
    cleaned, _ = clean(text)
    assert cleaned.count("\n") == text.count("\n")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError):
        return
    assert cleaned == text


# --- blocks -----------------------------------------------------------------------------------------------------------

STATEMENTS = [
    "x = 1",
    "a = 1; b = 2",
    "a = 1; \\\n  b = 2",
    "x = 1 \\\n\ny = 1",
    "'''one\ndef two():\n'''",
    "'''one\n'''; y = 1",
    "@a\n@b(1,\n2)\n# c\ndef f(x):\n    '''doc\nat column 0\n    '''\n    return x",
    "@(\na)\ndef f(): pass",
    "@a\nclass C:\n\n    x = 1\n# comment\n\n    def g(self):\n        pass",
    "if x:\n    y\n# c\nelif z:\n    y\n\nelse:\n    w",
    "try:\n    x\nexcept A: y\nexcept B:\n    z\nfinally:\n    w",
    "for i in x:\n    i\nelse:\n  j",
    "x = (\n1,\n)",
    "f(\na=1,\nb=[\n2])",
    "x = f'{a!r:>{b}}' \"#\" '\\''",
    "s = 'a\\\nb'",
    "# only a comment",
    "\f",
    "\fdef f():\n\tif x:\n\t\treturn",
    "(a\n@ b)",
    "async def f():\n    await g()",
    "s = r'\\\\'; t = '\\d'",
    "from a import (b,\nc)",
    "x: int = 3  # type: ignore \\",
    "lambda: (yield)",
]


@given(st.lists(st.sampled_from(STATEMENTS), max_size=8), st.sampled_from(["\n", "\n\n", "\n# c\n"]))
@settings(max_examples=300)
def test_blocks_joined_are_the_same_program(statements, joint):
    text = joint.join(statements)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want = ast.dump(ast.parse(text))
    assert clean(text)[0] == text
    found = blocks([Cell("", text)])
    lines = text.split("\n")
    assert all(not block.error for block in found)
    assert all(block.text.rstrip("\n") == "\n".join(lines[block.line - 1 : block.end]).rstrip("\n") for block in found)
    for joined in (found, blocks([Cell("", text + "\n)(")])[:-1]):  # and so where Python's parser does not help
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert ast.dump(ast.parse("\n".join(block.text for block in joined))) == want


@pytest.mark.parametrize("name", ["argparse", "ast", "typing", "dataclasses", "turtle", "statistics", "inspect"])
def test_the_standard_library_is_cut_well_even_when_broken(name):
    text = (Path(sysconfig.get_path("stdlib")) / f"{name}.py").read_text(encoding="utf-8")
    want = ast.dump(ast.parse(text))
    assert ast.dump(ast.parse("\n".join(block.text for block in blocks([Cell("", text)])))) == want
    *found, last = blocks([Cell("", text + "\n)(\n")])
    assert last.error
    assert ast.dump(ast.parse("\n".join(block.text for block in found))) == want


def test_blocks_say_where_they_stand():
    found = blocks([Cell("cell 2", "\n# c\nx = 1\n"), Cell("cell 4", "@d\ndef f():\n    pass\n\n\ny = 2")])
    assert [(block.cell, block.label, block.line, block.end) for block in found] == [
        (0, "cell 2", 3, 3),
        (1, "cell 4", 1, 3),
        (1, "cell 4", 6, 6),
    ]


F = "def f():\n    return 1\n"
G = "def g():\n    '''Doc.'''\n    return 2\n"


@pytest.mark.parametrize(
    ("text", "lines", "kept"),
    [
        (F + "def h(x)\n    return x\n" + G, [(3, 4)], ["f", "g"]),
        (F + "def h(x):\n    y = (1,\n    return x\n" + G, [(3, 5)], ["f", "g"]),
        (F + "x = np.array([1,\n2\n" + G, [(3, 4)], ["f", "g"]),
        ("x = foo(1,\ny = 5\nfor i in []:\n    i\nz = 1\n", [(1, 1)], ["y", "z"]),
        (F + "def h():\n    '''Doc.\n    return 1\n\n\n" + G + "z = 1\n", [(3, 5)], ["f", "g", "z"]),
        (F + 'def h():\n    """Doc.\n\n@d\n' + G.replace("'''", '"""') + "z = 1\n", [(3, 4)], ["f", "g", "z"]),
        ("import numpy\n import math\nx = 1", [(2, 2)], ["x"]),
        ("x = 1\nelse:\n    y = 1\nz = 2", [(2, 3)], ["x", "z"]),
        ("<<<<<<< HEAD\nx = 1\n=======\ny = 1\n>>>>>>> b\n", [(1, 1), (3, 3), (5, 5)], ["x", "y"]),
        ("print 'hello'\nx = 1", [(1, 1)], ["x"]),
        (F + "def h():\n    # TODO\n\n\n" + G, [(3, 4)], ["f", "g"]),
        (F + "def h():\n    if 1:\n\tx\n" + G, [(3, 5)], ["f", "g"]),
        ("x = 'unclosed\ny = 1", [(1, 1)], ["y"]),
        ("dfe f():\n    return 1\nx = 1", [(1, 2)], ["x"]),
        ("x = 1)\ny = 2\n", [(1, 1)], ["y"]),
        ("@d\nx = 1\ny = 1", [(1, 1)], ["x", "y"]),
        ("s = '''\ndef kept(): pass\n'''\n)(\n" + F, [(4, 4)], ["f", "s"]),
        ("x = 5 5\n%matplotlib inline\n" + F, [(1, 1)], ["f"]),
        ("a b", [(1, 1)], []),
        ("", [], []),
    ],
)
def test_a_broken_block_costs_itself_only(text, lines, kept):
    assert broken(text) == (lines, kept)


def test_an_error_names_its_line_in_the_cell():
    found = blocks([Cell("", F + "\ndef h():\n    x = 1\n    return x x\n")])
    assert found[-1].line == 4
    assert found[-1].error == "invalid syntax (line 6)"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "-" * 100_000 + "1",
        "a" + ".b" * 100_000,
        "x = " + "9" * 10_000,
        "x = '\0'",
        "if x:\n" * 300,
        "\\\n)",
    ],
)
def test_what_python_itself_gives_up_on_is_a_block_with_an_error(text):
    found = blocks([Cell("", text + "\nx = 1\n")])
    assert found[0].error
    assert blocks([Cell("", text)])[0].error


def test_a_megabyte_of_traps_is_read_in_time():
    """Second looks have a budget: a quadratic reader would take hours here, not seconds."""
    for trap in ("x = (\n", "x = '''\ndef f():\n", "x = (\n\"\"\"\ndef f(\n'''\n", "%%x\n", "'\"\n"):
        assert isinstance(blocks([Cell("", trap * (300_000 // len(trap)))]), list)


@pytest.mark.filterwarnings("error")
def test_a_student_s_invalid_escapes_are_no_error_and_print_nothing(capfd):
    found = blocks([Cell("", "x = '\\d'\ny = 1 is 1\n"), Cell("", "x = '\\d'\n%time y = '\\d'")])
    assert not any(block.error for block in found)
    assert capfd.readouterr() == ("", "")


def test_every_sentence_takes_its_values():
    values = dict.fromkeys(
        "file bytes limit what line language encoding read_as count command magic where".split(), "…"
    )
    for sentence in reading.SENTENCES.values():
        assert "{" not in sentence.format(**values)


@pytest.mark.parametrize(
    "line", ["get_ipython().run_line_magic('time')", "%x\nnp.dot?", "%x\na = get_ipython().system('ls')"]
)
def test_spaces_in_front_of_what_is_no_magic_cost_no_time(line):
    start = time.process_time()
    text = line + " " * 100_000 + "x"
    assert reading.clean(text)[0].split("\n")[-1] == text.split("\n")[-1]
    assert time.process_time() - start < 2
