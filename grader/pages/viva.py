"""The page for an oral: changes of a student's own code, questions, and the answers folded away for the examiner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.contract import Assignment, Change
from grader.pages.render import Say, render
from student_template.runner import sentences

# What is said of an effect. Values are those of the runner's findings.
ENGLISH: Mapping[str, str] = {
    "viva_value": "The answer{part} changes in {wrong} of {size} entries; most{index}: it was {was} and becomes {got}, "
    "a relative change of {relative}.",
    "viva_gradient": "The gradient{part} changes in {wrong} of {size} entries; most{index}: it was {was} and becomes "
    "{got}, a relative change of {relative}.",
    "viva_factor": "It is {times} times as large, everywhere.",
    "viva_sign": "Its sign is the opposite one, everywhere.",
    "viva_transposed": "It is transposed.",
    "viva_shape": "The answer{part} had the shape {want} and gets {got}.",
    "viva_type": "The answer{part} was {want} and becomes {got}.",
    "viva_not_finite": "The answer{part} then holds {got}{index}.",
    "viva_not_equal": "The answer becomes another one: {got}.",
    "viva_predicate": "It is not right any more: {why}",
    "viva_predicate_no": "The answer becomes {got}, which is not right any more.",
    "viva_predicate_error": "The answer becomes {got}.",
    "viva_accuracy_before": "The accuracy was {accuracy}.",
    "viva_accuracy_after": "It becomes {accuracy}.",
    "viva_not_data": "The answer is no data any more: {why}.",
    "viva_too_large": "The answer is too large to be one.",
    "viva_error": "The code raises {error}{trace}.",
    "viva_missing": "There is no answer any more.",
}
FRENCH: Mapping[str, str] = {
    "viva_value": "La réponse{part} change pour {wrong} de ses {size} coefficients ; le plus{index} : elle valait "
    "{was} et vaut maintenant {got}, soit un changement relatif de {relative}.",
    "viva_gradient": "Le gradient{part} change pour {wrong} de ses {size} coefficients ; le plus{index} : il valait "
    "{was} et vaut maintenant {got}, soit un changement relatif de {relative}.",
    "viva_factor": "Il y a un facteur {times}, partout.",
    "viva_sign": "Le signe est opposé, partout.",
    "viva_transposed": "C'est la transposée.",
    "viva_shape": "La réponse{part} était de forme {want} et devient de forme {got}.",
    "viva_type": "La réponse{part} était {want} et devient {got}.",
    "viva_not_finite": "La réponse{part} contient alors {got}{index}.",
    "viva_not_equal": "La réponse devient une autre : {got}.",
    "viva_predicate": "Elle n'est plus juste : {why}",
    "viva_predicate_no": "La réponse devient {got}, ce qui n'est plus juste.",
    "viva_predicate_error": "La réponse devient {got}.",
    "viva_accuracy_before": "L'exactitude était de {accuracy}.",
    "viva_accuracy_after": "Elle passe à {accuracy}.",
    "viva_not_data": "La réponse n'est plus faite de nombres : {why}.",
    "viva_too_large": "La réponse est trop grande pour en être une.",
    "viva_error": "Le code lève {error}{trace}.",
    "viva_missing": "Il n'y a plus de réponse.",
}
ASKED = ("gradient", "accuracy")  # kinds of comparison that have a question of their own


def viva(
    changes: Sequence[Change], assignment: Assignment, say: Say, *, student_id: str, name: str, picked: str, seed: int
) -> str:
    """The page as HTML that needs nothing else: the same for the same changes."""
    language = assignment.language
    checks = {check.id: check for check in assignment.checks}

    def effects(change: Change) -> list[dict[str, str]]:
        return [
            {
                "question": checks[effect.check].question,
                "sentence": checks[effect.check].sentence,
                "case": effect.case,
                "text": " ".join(say(note.key, note.values, language) for note in effect.notes),
            }
            for effect in change.effects
        ]

    return render(
        "viva.html",
        language,
        assignment=assignment,
        student_id=student_id,
        student=name or student_id,
        picked=picked,
        seed=seed,
        changes=[
            {
                "function": change.function,
                "place": sentences.place({"label": change.label, "line": change.line}, language),
                "code": change.code,
                "asked": [kind for kind in ASKED if kind in change.kinds] or ["value"],
                "effects": effects(change),
            }
            for change in changes
        ],
    )
