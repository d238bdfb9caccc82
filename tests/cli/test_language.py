"""`--language` chooses what is read, and changes no score."""

import csv
import subprocess
import sys

import pytest

MSE = "import numpy as np\n\ndef mse(y, y_hat):\n    return np.sum((y - y_hat) ** 2)\n"


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "class" / "ada"
    folder.mkdir(parents=True)
    (folder / "td1.py").write_text(MSE)
    return folder.parent


def test_the_same_grades_are_shown_in_either_language(surdix, handed_in, tmp_path):
    scores, pages = {}, {}
    for language in ("en", "fr"):
        done = surdix("grade", "td1", handed_in, "--out", tmp_path / "out", "--language", language, with_course=False)
        assert done.status == 0, done.err
        assert done.out.count("1 graded now") == (language == "en"), "the version is the same: nothing to do again"
        with (tmp_path / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
            scores[language] = [(row["student_id"], row["score"]) for row in csv.DictReader(file)]
        pages[language] = (tmp_path / "out" / "feedback" / "ada.html").read_text(encoding="utf-8")
    assert scores["en"] == scores["fr"]
    assert "mse is the mean of the squared differences." in pages["en"]
    assert '<html lang="fr">' in pages["fr"] and "mse est la moyenne des carrés des différences." in pages["fr"]
    assert "If each sample is written twice" in pages["en"]
    assert "Si chaque point est écrit deux fois" in pages["fr"], "a hint too, though it was found in English"
    assert "If each sample" not in pages["fr"]


def test_a_language_that_nobody_has_written_is_refused(surdix, course, handed_in, tmp_path):
    for command in (["generate", "tdm"], ["grade", "tdm", handed_in, "--out", tmp_path / "out"], ["validate", "tdm"]):
        done = surdix(*command, "--language", "fr")
        assert (done.status, done.out) == (2, "")
        assert "texts.fr.toml: language is 'fr', so this file is needed" in done.err
        assert surdix(*command, "--language", "de").status == 2


def test_validate_looks_at_each_td_and_at_each_language_once(surdix, course):
    done = surdix("validate", "tdm", "tdm", "--secrets", "1")
    assert done.out.count("tdm: Mini") == 1
    course.write("assignments/tdm/texts.fr.toml", "[sentence]\nnobody = 'Personne.'\n")
    done = surdix("validate", "tdm", "--secrets", "1")
    assert done.status == 1
    assert "in fr: " in done.out and "nobody is in neither checks.py nor mistakes.py" in done.out


FRENCH = """
title = "Petit"
[sentence]
doubles = "double rend le double de son argument."
scale_backward = "Scale.backward est la dérivée de son forward."
keeps_signs = "double garde les signes."
proof = "Démontrez que doubler est linéaire."
[docstring]
double = "Le double de x."
Base = "Une base."
Scale = "k fois x."
"Scale.forward" = "k fois x."
"Scale.backward" = "Le gradient."
[advice]
triples = "2, pas 3."
no_k = "La règle de la chaîne."
[reason]
"a sign is wrong" = "un signe est faux"
"""
OPPOSITE = "import numpy as np\n\ndef double(x):\n    return -2 * np.asarray(x)\n"


def test_a_reason_is_given_in_the_language_too_at_home_and_in_feedback(surdix, course, class_folder, tmp_path):
    handout = (course.td / "handout.md").read_text(encoding="utf-8")
    course.write("assignments/tdm/handout.fr.md", handout)
    course.write("assignments/tdm/texts.fr.toml", FRENCH)
    folder = class_folder(ada=OPPOSITE)
    done = surdix("generate", "tdm", "--language", "fr", "--out", tmp_path)
    assert (done.status, done.err) == (0, "")
    (tmp_path / "tdm" / "tdm.py").write_text(OPPOSITE)
    command = [sys.executable, "check.py"]
    home = subprocess.run(command, cwd=tmp_path / "tdm", capture_output=True, text=True, encoding="utf-8", timeout=60)
    assert "un signe est faux" in home.stdout
    assert surdix("grade", "tdm", folder, "--language", "fr", "--out", tmp_path / "out").status == 0
    assert "un signe est faux" in (tmp_path / "out" / "feedback" / "ada.html").read_text(encoding="utf-8")
    course.edit("assignments/tdm/checks.py", "a sign is wrong", "one sign is wrong")
    done = surdix("grade", "tdm", folder, "--language", "fr", "--out", tmp_path / "out")
    assert done.status == 2 and "[reason] 'a sign is wrong' is not what a predicate" in done.err
