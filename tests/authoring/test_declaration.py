"""A handout says what the TD's rule on AI assistants is, and ends with a declaration that is nobody's work."""

import ast
import json

import pytest

from grader.authoring import cells, handout, load
from grader.errors import AssignmentError
from student_template.runner import declaring, home, reading
from tests.cli.test_language import FRENCH

RULES = {
    ("en", "allowed"): "AI assistants are allowed. ",
    ("en", "declared"): "AI assistants are allowed if you declare them: ",
    ("en", "forbidden"): "AI assistants are not allowed. ",
    ("fr", "allowed"): "Les assistants d'IA sont permis. ",
    ("fr", "declared"): "Les assistants d'IA sont permis, à condition de les déclarer : ",
    ("fr", "forbidden"): "Les assistants d'IA ne sont pas permis. ",
}


@pytest.fixture
def files(course):
    """The handout's files as texts, in a language, with a rule (None: what the TD does not say)."""
    course.write("assignments/tdm/texts.fr.toml", FRENCH)
    course.write("assignments/tdm/handout.fr.md", (course.td / "handout.md").read_text(encoding="utf-8"))
    plain = (course.td / "assignment.toml").read_text(encoding="utf-8")

    def make(language="en", assistants=None):
        line = f'assistants = "{assistants}"\n' if assistants else ""
        (course.td / "assignment.toml").write_text(line + plain, encoding="utf-8")
        made = handout.files(load.load(course.folder, "tdm", language), "")
        return {name: made[name].decode() for name in ("tdm.py", "tdm.ipynb", "README.md")}

    return make


def joined(text):
    return " ".join(text.split())


@pytest.mark.parametrize(("language", "assistants"), RULES)
def test_each_form_states_the_rule(files, language, assistants):
    made = files(language, assistants)
    rule = RULES[language, assistants]
    assert joined(ast.get_docstring(ast.parse(made["tdm.py"]))).count(rule.strip()) == 1
    assert joined(made["README.md"]).count(rule.strip()) == 1
    first = json.loads(made["tdm.ipynb"])["cells"][0]
    assert first["cell_type"] == "markdown" and f"\n\n{rule}" in "".join(first["source"])
    others = [other for key, other in RULES.items() if key != (language, assistants)]
    assert not any(other.strip() in joined(text) for other in others for text in made.values())


def test_a_td_that_says_nothing_asks_for_a_declaration(files):
    assert files() == files(assistants="declared")


@pytest.mark.parametrize(("language", "comment"), [("en", "# Declaration: "), ("fr", "# Déclaration : ")])
def test_each_form_ends_with_the_declaration(files, language, comment):
    made = files(language)
    last = "".join(json.loads(made["tdm.ipynb"])["cells"][-1]["source"])
    assert made["tdm.py"].endswith(f"\n\n# %%\n{last}\n")
    assert last.startswith(comment) and last.endswith('\nTOOLS = ""\nPARTNERS = ""')
    assert joined(made["tdm.py"]).count("TOOLS") == 1
    names = {}
    exec(last, names)
    assert (names["TOOLS"], names["PARTNERS"]) == ("", "")


def test_the_rule_changes_no_score(course, files):
    versions, stubs = set(), set()
    for assistants in ("allowed", "declared", "forbidden"):
        files(assistants=assistants)
        loaded = load.load(course.folder, "tdm")
        assert loaded.assignment.assistants == assistants
        versions.add(loaded.assignment.version)
        stubs.add('TOOLS = ""' in loaded.assignment.stub)
    assert len(versions) == 1 and stubs == {True}


@pytest.mark.parametrize("name", ["tdm.py", "tdm.ipynb"])
def test_at_home_a_filled_in_declaration_is_no_work(files, name):
    text = files()[name]
    quote = '\\"' if name.endswith("ipynb") else '"'
    filled = text.replace(f"TOOLS = {quote}{quote}", f"TOOLS = [{quote}an assistant{quote}]")
    assert filled != text
    untouched, declared, worked = (
        home.code_digest(reading.read(name, t.encode())[0])
        for t in (text, filled, filled.replace("TOOLS = [", "MODELS = ["))
    )
    assert untouched == declared != worked


def test_the_names_of_the_declaration_are_taken(course):
    course.edit("reference/mini.py", "class Base:", "TOOLS = 3\n\n\nclass Base:")
    course.edit("assignments/tdm/handout.md", '{{ stub("Base") }}', '{{ stub("TOOLS") }}\n\n{{ stub("Base") }}')
    with pytest.raises(AssignmentError, match="the names TOOLS and PARTNERS are the declaration's"):
        load.load(course.folder, "tdm")


def test_what_is_handed_out_declares_nothing(files):
    _, statements = declaring.split(files()["tdm.py"].split("\n"))
    assert len(statements) == 2 and declaring.read(statements) == {"TOOLS": "", "PARTNERS": ""}
    assert cells.template("declaration.py.j2", {"language": "fr"}).endswith('TOOLS = ""\nPARTNERS = ""\n')
