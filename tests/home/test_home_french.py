"""A handout in French speaks French to its last word, but for what Python itself says."""

import shutil

import pytest

from tests.home.home_desk import Desk, notebook

DOUBLE = "return 2 * np.asarray(x)"
MEAN = "return float(np.mean(x))"


@pytest.fixture
def desk(tiny_in_french, tmp_path):
    return Desk(shutil.copytree(tiny_in_french.folder, tmp_path / "desk"), tiny_in_french)


def line_of(path, text):
    return path.read_text(encoding="utf-8").splitlines().index(text) + 1


def test_what_check_py_says_word_for_word(desk):
    text = desk.made.script.replace(DOUBLE, "return np.zeros(len(x))").replace(MEAN, "return missing_name")
    path = desk.write("tdh.py", text.replace("class Scale:", "class Scale(:"))
    raised, lost = line_of(path, "    return missing_name"), line_of(path, "class Scale(:")
    left_out = (
        f"Le bloc à la ligne {lost} (`class Scale(:`) n'est pas du Python : invalid syntax (ligne {lost}). "
        "Il a été laissé de côté."
    )
    first, *lines = desk.check().splitlines()
    assert desk.status == 1 and desk.errors == ""
    assert first.startswith("Fichier examiné : tdh.py (vous y avez travaillé), enregistré le 2")
    assert lines == [
        left_out,
        "--  1.1   Votre double renvoie deux fois son argument.",
        "      Votre réponse est fausse pour 3 de ses 3 coefficients ; le pire à l'indice 0 : le vôtre vaut 0, soit "
        'une erreur relative de 1. (cas "three" ; cas réussis : 0 sur 3)',
        "      entrées :       x = array([-0.5837, 0.8251, -1.8303])",
        "      votre réponse : array([0., 0., 0.])",
        "      attendu :       array([-1.1674, 1.6501, -3.6607])",
        '      Pour le revoir : import check; check.replay("doubles", "three")',
        "ok  1.1   Votre double n'écrit pas dans son argument.",
        "--  1.10  Votre mean est la somme divisée par le nombre.",
        f"      Votre code lève NameError: name 'missing_name' is not defined à la ligne {raised} : "
        '`return missing_name`. (cas "three" ; cas réussis : 0 sur 3)',
        "      entrées :       x = array([0.8137, 1.29 , 0.1131])",
        '      Pour le revoir : import check; check.replay("means", "three")',
        "--  1.2   Votre Scale multiplie par k.",
        f'      Il n\'y a pas de `Scale`. {left_out} (cas "row" ; cas réussis : 0 sur 1)',
        "--  1.2   Le backward de votre Scale est la dérivée de son forward.",
        f'      Il n\'y a pas de `Scale`. {left_out} (cas "row" ; cas réussis : 0 sur 1)',
        "",
        "Tests réussis ici : 1 sur 5. La note vient des mêmes tests sur d'autres données.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (DOUBLE, "return 3 * np.asarray(x)", "C'est 1,5 fois ce qu'il faudrait, partout."),
        (DOUBLE, "return 3 * np.asarray(x)", "\n      Piste : Fois combien ?\n"),
        ("def double", "def triple", "\n      Il n'y a pas de `double` dans votre fichier. (cas "),
        (DOUBLE, "return 'deux'", "Votre réponse est du texte ; il faudrait un tableau de forme (3,)."),
        (DOUBLE, "2 * x", "Votre fonction renvoie None : manque-t-il un `return` ?"),
        (DOUBLE, 'raise NotImplementedError("question 1.1: double")', "\nReste à écrire :\n  question 1.1: double\n"),
        (
            "import numpy as np",
            "import numpy as np\nimport torch",
            "ModuleNotFoundError: la correction n'a pas 'torch'",
        ),
    ],
)
def test_other_things_that_check_py_says(desk, old, new, says):
    desk.solve(old, new)
    assert says in desk.check("1.1")


def test_cells_of_a_notebook(desk):
    desk.write("tdh.ipynb", notebook("!ls\nimport numpy as np", "def double(x):\n    return 2 * x + z", "z = 1 / 0"))
    said = desk.check("1.1")
    assert "La commande !ls (cellule 1, ligne 1) n'est pas du Python et n'a pas été exécutée." in said
    assert "Le bloc à la cellule 3, ligne 1 (`z = 1 / 0`) a levé ZeroDivisionError: division by zero ;" in said
    assert "NameError: name 'z' is not defined à la cellule 2, ligne 2 : `return 2 * x + z`. Le bloc à la" in said


def test_bad_usage(desk):
    desk.check("9.9")
    assert desk.errors == (
        "9.9 n'est ni une question ni un fichier .py ou .ipynb.\n"
        "usage : python check.py [FICHIER] [QUESTION ...] [--html [PAGE.html]] [--json]    questions : 1.1 1.10 1.2\n"
    )


def test_under_pytest(desk):
    desk.solve(DOUBLE, "return z")
    desk.pytest()
    for words in (" ce qui ne réussit pas encore ", " ce que cela veut dire ", "Fichier examiné : tdh.py"):
        assert words in desk.said
    desk.solve(DOUBLE, 'raise NotImplementedError("question 1.1: double")')
    assert "À ÉCRIRE" in desk.pytest() and "2 à écrire" in desk.said
