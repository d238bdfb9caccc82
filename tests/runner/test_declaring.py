"""The declaration is read from the text, whatever stands in it, and nothing else is taken for it."""

import time

import pytest

from student_template.runner import declaring

LONG = "x" * 1_000_000


def read(text):
    rest, statements = declaring.split(text.split("\n"))
    found = declaring.read(statements)
    return rest, found["TOOLS"], found["PARTNERS"]


@pytest.mark.parametrize(
    ("text", "tools", "partners"),
    [
        ('TOOLS = "an assistant"\nPARTNERS = "Ada"', "an assistant", "Ada"),
        ("TOOLS='a';\nPARTNERS  =  ''", "a", ""),
        ('TOOLS = ["a", "b"]\nPARTNERS = ("Ada", "Emmy")', "a, b", "Ada, Emmy"),
        ('TOOLS = [\n    "a",\n    "b",\n]\nPARTNERS = {"Ada"}', "a, b", "Ada"),
        ('TOOLS = """\nan assistant\n  for 2.3\n"""', "an assistant for 2.3", ""),
        ('TOOLS = ("an "\n    "assistant")', "an assistant", ""),
        ('TOOLS = "a" \\\n    "b"', "ab", ""),
        ('TOOLS = PARTNERS = "none"', "none", "none"),
        ('TOOLS: str = "a"', "a", ""),
        ('TOOLS = "a"\nTOOLS = "b"', "b", ""),
        ('TOOLS = r"\\d\\w"', "\\d\\w", ""),
        ('TOOLS = "\\d"', "\\d", ""),
        ('TOOLS = "<b>é\\u202e"', "<b>é\u202e", ""),
        ('TOOLS = [["a"], "b", None, 3]', "a, b", ""),
        ('TOOLS = f"{1 + 1}"', "", ""),
        ("TOOLS = None\nPARTNERS = 3", "", ""),
        ('TOOLS = open("/etc/passwd").read()', "", ""),
        ('TOOLS = "a" + "b"', "", ""),
        ("TOOLS = ChatGPT", "", ""),
        ("TOOLS = ChatGPT for 2.3", "", ""),
        ('TOOLS = b"a"', "", ""),
        ("TOOLS = " + "[" * 100_000, "", ""),
        ("TOOLS = " + "-" * 100_000 + "1", "", ""),
        ("TOOLS: " + "x" * 10_000 + ' = "a"', "", ""),
        ("TOOLS = " + "," * 2_000_000, "", ""),
    ],
)
def test_what_is_declared(text, tools, partners):
    assert read(text) == ([], tools, partners)


@pytest.mark.parametrize("text", [f'"{LONG}"', f"['{LONG}']", f'"""{LONG}', f'("{LONG}", "b")', f'["a", "{LONG}"]'])
def test_a_long_text_is_cut(text):
    rest, tools, _ = read(f"TOOLS = {text}")
    assert rest == [] and len(tools) == declaring.SHOWN
    assert tools.endswith("x…")


@pytest.mark.parametrize("escape", ["\\\\", "\\n", "\\u00e9", "\\U0001F600", "\\x41"])
def test_a_cut_inside_an_escape(escape):
    assert len(read(f'TOOLS = "{escape * 2000}"')[1]) in (declaring.SHOWN, 0)
    assert read(f'TOOLS = "{"x" * 310}{escape * 2000}"')[1] == "x" * (declaring.SHOWN - 1) + "…"


@pytest.mark.parametrize(
    "work",
    [
        "TOOLS == 'a'",
        "TOOLS += 'a'",
        "    TOOLS = 'a'",
        "TOOLSET = 'a'",
        "MY_TOOLS = 'a'",
        "TOOLS['a'] = 1",
        "def f():\n    TOOLS = 3",
        "class Linear:\n    PARTNERS = ''",
    ],
)
def test_what_is_no_declaration(work):
    assert read(work) == (work.split("\n"), "", "")


@pytest.mark.parametrize("opened", ['"""', "[", "['a',", "(\\"])
def test_what_is_never_closed_swallows_nothing(opened):
    work = ["", "def softmax(x):", "    return x"]
    assert read("\n".join([f"TOOLS = {opened}", *work]))[0] == work
    more = ["x = 1"] * 1000
    assert read("\n".join([f"TOOLS = {opened}", *more]))[0] == more


def test_the_time_is_linear_in_the_text():
    started = time.perf_counter()
    declaring.read(declaring.split(['TOOLS = ["""'] * 100_000)[1][:100])
    declaring.split(["TOOLS = [", *["x"] * 150] * 1000)
    assert time.perf_counter() - started < 5
