"""What the class's pages say beyond the words that all pages share, by language."""

from __future__ import annotations

from collections.abc import Mapping

from grader.pages.words import Languages

ENGLISH: Mapping[str, str] = {
    "on_this_page": "On this page",
    "glance": "At a glance",
    "hardest": "Hardest, by the share of the points of those who wrote it",
    "unwritten": "{count} did not write it",
    "voided": "voided",
    "parts_left_out": "Parts of the file were left out, which were no Python, raised, ended Python, or did not end",
    "most_made": "Most frequent mistake",
    "middle_half": "middle half of the scores",
    "box_text": "a quarter scored at most {low}, half at most {middle}, a quarter at least {high}",
    "discrimination": "Discrimination",
    "how_discrimination": "Discrimination is the correlation of a check’s points with the points of all other checks, "
    "from −1 to 1. Where it is near 0 or below, whoever is strong elsewhere is not strong here: look at the check.",
    "too_few": "Whether a check tells strong work from weak is said from {least} graded submissions on; there are "
    "{works}.",
    "alike": "hardly any difference",
    "weak": "look at it",
    "checks_short": "Checks",
    "mistakes": "Most frequent mistakes",
    "seen_in": "Seen in",
    "by_students": "students",
    "one_student": "student",
    "no_mistakes": "No mistake was made twice.",
    "trouble": "Slow and failing code",
    "no_trouble": "No code failed or took longer than a second.",
    "failed": "Code that failed rather than answered, in one check at least:",
    "slowest": "The slowest, in seconds of all checks:",
    "seconds": "Seconds",
    "slowest_check": "Slowest check",
    "without": "Without submission",
    "search": "Search",
    "search_how": "name, id, status",
    "shown": "{shown} of {all} students",
    "id": "Id",
    # the version that can be shown to others
    "shareable": "This page names nobody: no number on it is of fewer than {least} students. Smaller groups are "
    "joined or left out.",
    "too_small": "Too few students for numbers that name nobody.",
    "area": "The area of a bar stands for its students.",
    "or": "or",
    "share": "Points won",
}

FRENCH: Mapping[str, str] = {
    "on_this_page": "Sur cette page",
    "glance": "En bref",
    "hardest": "Les plus difficiles, selon la part des points de ceux qui l’ont écrit",
    "unwritten": "non écrit par {count}",
    "voided": "annulé",
    "parts_left_out": "Des parties du fichier ont été écartées : pas du Python, une exception, un arrêt de Python, ou "
    "sans fin",
    "most_made": "Erreur la plus fréquente",
    "middle_half": "moitié centrale des notes",
    "box_text": "un quart a au plus {low}, la moitié au plus {middle}, un quart au moins {high}",
    "discrimination": "Discrimination",
    "how_discrimination": "La discrimination est la corrélation entre les points d’un test et ceux de tous les autres, "
    "de −1 à 1. Si elle est proche de 0 ou négative, réussir ailleurs n’aide pas ici : regardez le test.",
    "too_few": "On peut dire si un test distingue les rendus forts des faibles à partir de {least} rendus notés ; il y "
    "en a {works}.",
    "alike": "presque aucune différence",
    "weak": "à regarder",
    "checks_short": "Tests",
    "mistakes": "Erreurs les plus fréquentes",
    "seen_in": "Vue dans",
    "by_students": "étudiants",
    "one_student": "étudiant",
    "no_mistakes": "Aucune erreur n’a été faite deux fois.",
    "trouble": "Code lent ou en échec",
    "no_trouble": "Aucun code n’a échoué ni pris plus d’une seconde.",
    "failed": "Code qui a échoué au lieu de répondre, dans un test au moins :",
    "slowest": "Les plus lents, en secondes pour tous les tests :",
    "seconds": "Secondes",
    "slowest_check": "Test le plus lent",
    "without": "Sans rendu",
    "search": "Chercher",
    "search_how": "nom, numéro, état",
    "shown": "{shown} étudiants sur {all}",
    "id": "Numéro",
    "shareable": "Cette page ne nomme personne : aucun nombre n’y porte sur moins de {least} étudiants. Les groupes "
    "plus petits sont réunis ou omis.",
    "too_small": "Trop peu d’étudiants pour des nombres qui ne désignent personne.",
    "area": "L’aire d’une barre représente ses étudiants.",
    "or": "ou",
    "share": "Points obtenus",
}

LANGUAGES: Languages = {"en": ENGLISH, "fr": FRENCH}
