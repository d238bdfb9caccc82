"""The gradebook's notes in words: people's own, and which of several hand-ins counts."""

from __future__ import annotations

from grader.gradebook.corrections import SAID

SENTENCES: dict[str, str] = {
    **dict.fromkeys(SAID, "{text}"),
    "best_of": "{count} submissions were graded, and the best of them counts: this one.",
    "best_of_at": "{count} submissions were graded, and the best of them counts: this one, of {at}.",
    "last_unscored": "The last submission has no score ({why}): as long as it has none, the best of those before it "
    "counts.",
    "why_unreadable": "no file of it could be read, or several could be meant",
    "why_crashed": "its code ended the process three times",
    "why_grader_fault": "the grader failed; it will be graded again",
}
FRENCH: dict[str, str] = {
    **dict.fromkeys(SAID, "{text}"),
    "best_of": "{count} remises ont été notées, et la meilleure compte : celle-ci.",
    "best_of_at": "{count} remises ont été notées, et la meilleure compte : celle-ci, du {at}.",
    "last_unscored": "La dernière remise n'a pas de note ({why}) : tant qu'elle n'en a pas, la meilleure des "
    "précédentes compte.",
    "why_unreadable": "aucun fichier n'a pu être lu, ou plusieurs pourraient être le bon",
    "why_crashed": "son code a interrompu le processus trois fois",
    "why_grader_fault": "la correction a échoué ; elle sera refaite",
}
