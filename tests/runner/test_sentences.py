"""Findings in words, in each language."""

import string

import pytest

from student_template.runner import french, reading, sentences
from student_template.runner.sentences import place, say

VALUE = {"part": "", "index": [0, 1], "got": 0.25, "relative": 0.5, "wrong": 1, "size": 4}
BLOCK = {"label": "", "line": 12, "text": "class Scale:", "why": "raised", "error": "KeyError: 3", "names": ["Scale"]}
TRACE = [{"label": "cell 3", "line": 2, "function": "f", "text": "return 1 / 0"}]


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_sentence_is_there_in_both_languages():
    english = {**sentences.ENGLISH, **reading.SENTENCES}
    assert {key: places(text) for key, text in english.items()} == {
        key: places(text) for key, text in french.SENTENCES.items()
    }


@pytest.mark.parametrize(
    ("key", "values", "english", "said"),
    [
        (
            "value",
            VALUE,
            "Your answer is wrong in 1 of 4 entries; furthest off at index (0, 1): yours is 0.25, a relative error of "
            "0.5.",
            "Votre réponse est fausse pour 1 de ses 4 coefficients ; le pire à l'indice (0, 1) : le vôtre vaut 0,25, "
            "soit une erreur relative de 0,5.",
        ),
        (
            "gradient",
            {**VALUE, "part": "W", "index": [], "factor": -1.5, "own": "no", "follows": ["2.1", "2.3", "2.4"]},
            "Your gradient `W` is wrong in 1 of 4 entries; furthest off: yours is 0.25, a relative error of 0.5. "
            "It is -1.5 times what it should be, everywhere. It does not agree with central differences of your own "
            "forward pass either. This may follow from questions 2.1, 2.3 and 2.4.",
            "Votre gradient `W` est faux pour 1 de ses 4 coefficients ; le pire : le vôtre vaut 0,25, soit une erreur "
            "relative de 0,5. C'est -1,5 fois ce qu'il faudrait, partout. Il ne s'accorde pas non plus avec les "
            "différences centrées de votre propre propagation avant. Cela vient peut-être des questions 2.1, 2.3 et "
            "2.4.",
        ),
        (
            "shape",
            {"part": "", "got": [2], "want": [2, 1], "follows": ["2.1"]},
            "Your answer has the shape (2,); it should be (2, 1). This may follow from question 2.1.",
            "Votre réponse est de forme (2,) ; il faudrait (2, 1). Cela vient peut-être de la question 2.1.",
        ),
        (
            "value",
            {"part": "W", "index": [0, 1], "relative": 0.5, "factor": -1.0},
            "Your answer `W` is wrong; its largest relative error at index (0, 1) is about 0.5. It is -1 times what it "
            "should be, everywhere.",
            "Votre réponse `W` est fausse ; sa plus grande erreur relative à l'indice (0, 1) est d'environ 0,5. C'est "
            "-1 fois ce qu'il faudrait, partout.",
        ),
        (
            "gradient",
            {"part": "", "index": [], "relative": 2.0},
            "Your gradient is wrong; its largest relative error is about 2.",
            "Votre gradient est faux ; sa plus grande erreur relative est d'environ 2.",
        ),
        (
            "shape",
            {"part": "", "want": [2, 1]},
            "Your answer should have the shape (2, 1), and has another.",
            "Votre réponse devrait être de forme (2, 1), et elle est d'une autre.",
        ),
        (
            "not_data",
            {},
            "Your answer cannot be compared. Return numbers or arrays.",
            "Votre réponse ne peut pas être comparée. Renvoyez des nombres ou des tableaux.",
        ),
        (
            "error",
            {"error": "an exception of your own", "trace": [{"label": "", "line": 3}]},
            "Your code raises an exception of your own at line 3.",
            "Votre code lève une exception de votre cru à la ligne 3.",
        ),
        (
            "predicate_no",
            {"got": "an array"},
            "Your answer, an array, is not one of those that are right.",
            "Votre réponse, un tableau, n'est pas de celles qui conviennent.",
        ),
        (
            "type",
            {"part": "y", "got": "a list of unequal parts", "want": "an array of shape (2, 2)"},
            "Your answer `y` is a list of unequal parts; it should be an array of shape (2, 2).",
            "Votre réponse `y` est une liste de parties inégales ; il faudrait un tableau de forme (2, 2).",
        ),
        (
            "type",
            {"part": "", "got": "text", "want": ""},
            "Your answer is text, which is not the kind of thing that was asked.",
            "Votre réponse est du texte, et ce n'est pas le genre de chose qui était demandé.",
        ),
        (
            "accuracy_none",
            {"accuracy": 0.4625, "none": 0.5, "full": 0.975},
            "It is right on 46.25 % of the samples only: points begin above 50 %, all of them come from 97.5 % on.",
            "Ce n'est juste que pour 46,25 % des exemples : les points commencent au-dessus de 50 %, et tous sont "
            "acquis à partir de 97,5 %.",
        ),
        (
            "not_data",
            {"why": "an object of type Tensor"},
            "Your answer cannot be compared: an object of type Tensor. Return numbers or arrays.",
            "Votre réponse ne peut pas être comparée : un objet de type Tensor. Renvoyez des nombres ou des tableaux.",
        ),
        (
            "error",
            {"error": "ZeroDivisionError: division by zero", "trace": TRACE},
            "Your code raises ZeroDivisionError: division by zero at cell 3, line 2: `return 1 / 0`.",
            "Votre code lève ZeroDivisionError: division by zero à la cellule 3, ligne 2 : `return 1 / 0`.",
        ),
        (
            "missing_because",
            {"name": "Scale", "block": BLOCK},
            "There is no `Scale`: The block at line 12 (`class Scale:`) raised KeyError: 3; what it had not yet done "
            "was left out.",
            "Il n'y a pas de `Scale`. Le bloc à la ligne 12 (`class Scale:`) a levé KeyError: 3 ; ce qu'il n'avait "
            "pas encore fait a été laissé de côté.",
        ),
        (
            "left_out",
            {"block": {**BLOCK, "why": "syntax", "error": "invalid syntax (line 13)"}},
            "The block at line 12 (`class Scale:`) is not Python: invalid syntax (line 13). It was left out.",
            "Le bloc à la ligne 12 (`class Scale:`) n'est pas du Python : invalid syntax (ligne 13). Il a été laissé "
            "de côté.",
        ),
        (
            "error",
            {"error": "ModuleNotFoundError: the grader does not have 'torch'"},
            "Your code raises ModuleNotFoundError: the grader does not have 'torch'.",
            "Votre code lève ModuleNotFoundError: la correction n'a pas 'torch'.",
        ),
        (
            "not_written",
            {"what": "NotImplementedError: question 2.1: softmax"},
            "Still to be written: question 2.1: softmax.",
            "Reste à écrire : question 2.1: softmax.",
        ),
        ("not_written", {"what": "NotImplementedError"}, "Still to be written.", "Reste à écrire."),
        (
            "predicate",
            {"why": "forward returns an array of another shape than x"},
            "Your answer is not right: forward returns an array of another shape than x.",
            "Votre réponse ne convient pas : forward returns an array of another shape than x.",
        ),
        (
            "predicate",
            {"why": "are all rows the same array?"},
            "Your answer is not right: are all rows the same array?",
            "Votre réponse ne convient pas : are all rows the same array?",
        ),
        (
            "timeout",
            {"seconds": 0.5},
            "Your code took longer than the 0.5 s that it has: is there a loop that never ends?",
            "Votre code a dépassé les 0,5 s permises : y a-t-il une boucle sans fin ?",
        ),
        (
            "timeout",  # of a result that was kept before it had its limit in it
            {},
            "Your code took longer than the time it has: is there a loop that never ends?",
            "Votre code a dépassé le temps permis : y a-t-il une boucle sans fin ?",
        ),
        (
            "crashed",
            {"how": "the process ended"},
            "Your code made the Python interpreter crash (the process ended).",
            "Votre code a fait planter l'interpréteur Python (le processus s'est terminé).",
        ),
        (
            "command_left_out",
            {"command": "!ls", "where": "cell 1, line 3"},
            "The command !ls (cell 1, line 3) is not Python and was not run.",
            "La commande !ls (cellule 1, ligne 3) n'est pas du Python et n'a pas été exécutée.",
        ),
        (
            "other_kind",
            {"file": "td.py", "what": "office document"},
            "td.py is not Python: by its content it is a file of the kind office document.",
            "td.py n'est pas du Python : par son contenu, c'est un fichier de type document de bureautique.",
        ),
    ],
)
def test_word_for_word(key, values, english, said):
    assert say(key, values) == english
    assert say(key, values, "fr") == said


def test_what_a_student_wrote_stays_as_it_is():
    assert "Votre réponse est 'a number', et" in say("not_equal", {"got": "'a number'"}, "fr")
    assert "[0.5, 1.5]" in say("predicate_no", {"got": "[0.5, 1.5]"}, "fr")


@pytest.mark.parametrize(
    ("label", "where"), [("", "ligne 7"), ("cell 2", "cellule 2, ligne 7"), ("In [3]", "cellule In [3], ligne 7")]
)
def test_places_in_french_are_feminine(label, where):
    """Sentences write "à la" before them."""
    assert place({"label": label, "line": 7}, "fr") == where


def test_a_language_that_is_not_known_is_english():
    assert say("pass", {}, "de") == "Right."
