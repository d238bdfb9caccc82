"""What a page to mark on says, by language: the page itself, and its script."""

from __future__ import annotations

from collections.abc import Mapping

from grader.pages.words import Languages

ENGLISH: Mapping[str, str] = {
    "marking": "Marking",
    "how": "Type points or choose a level; Enter goes on to the next that is not marked. A box that is left empty "
    "changes nothing. What you type stays in this browser and goes nowhere else.",
    "record": "“Save marks” gives you a table. Record it with",
    "no_script": "Nothing can be saved here without JavaScript: allow it for this file.",
    "points": "Points",
    "comment": "Comment, which the student reads",
    "levels": "Levels",
    "everything": "All that was handed in",
    "no_part": "No heading or comment says where the answer to this question begins: all that was handed in is shown.",
    "nothing": "There is nothing here that can be read.",
    "not_shown": "Handed in and not shown:",
    "picture": "There is a picture in this cell; to see it, open the file.",
    "apart": "The members’ points differ, and what you write counts for all of them:",
    "cell": "cell",
    "save": "Save marks",
    "next": "Next unmarked",
    "order": "Order",
    "by_question": "by question",
    "by_student": "by student",
    "sheet": "Jury",
    "how_sheet": "A team’s points are one for all; an adjustment is one member’s, who alone reads its reason. A box "
    "that is left empty changes nothing. What you type stays in this browser and goes nowhere else.",
    "their_page": "what was found",
    "automatic": "Points of the checks",
    "adjustment": "Adjustment",
    "reason": "Its reason, which this student reads",
    "remarks": "Questions asked, and what was answered",
    "others": "With",
    # said by the script
    "count": "{done} of {all} marked",
    "all_marked": "All is marked.",
    "no_number": "This is no number: write points like 0.5.",
    "below": "Points cannot be below 0.",
    "above": "The question is worth {most}: write no more than that.",
    "outside": "An adjustment is from {least} to {most}.",
    "emptied": "An empty box changes nothing: to take the points back, write 0.",
    "kept_comment": "An empty box changes nothing: the comment stays as it was.",
    "wrong": "Nothing was saved. Points to put right first: {count}. Here is the first.",
    "saved": "The table {file} was saved, with {done} of {all} marked. Record it with",
    "unkept": "This browser keeps nothing of what you type: save the marks before you close the page.",
}

FRENCH: Mapping[str, str] = {
    "marking": "Correction",
    "how": "Écrivez des points ou choisissez un niveau ; Entrée passe au suivant qui n’est pas corrigé. Une case vide "
    "ne change rien. Ce que vous écrivez reste dans ce navigateur et ne va nulle part ailleurs.",
    "record": "« Enregistrer les points » vous donne un tableau. À faire ensuite :",
    "no_script": "Rien ne peut être enregistré ici sans JavaScript : autorisez-le pour ce fichier.",
    "points": "Points",
    "comment": "Commentaire, que l’étudiant lira",
    "levels": "Niveaux",
    "everything": "Tout ce qui a été rendu",
    "no_part": "Aucun titre ni commentaire ne dit où commence la réponse à cette question : tout le rendu est montré.",
    "nothing": "Il n’y a rien ici qui puisse être lu.",
    "not_shown": "Rendu et non montré :",
    "picture": "Il y a une image dans cette cellule ; pour la voir, ouvrez le fichier.",
    "apart": "Les points des membres diffèrent, et ce que vous écrivez vaudra pour tous :",
    "cell": "cellule",
    "save": "Enregistrer les points",
    "next": "Suivant non corrigé",
    "order": "Ordre",
    "by_question": "par question",
    "by_student": "par étudiant",
    "sheet": "Jury",
    "how_sheet": "Les points d’une équipe valent pour tous ; un ajustement est celui d’un membre, qui seul en lit la "
    "raison. Une case vide ne change rien. Ce que vous écrivez reste dans ce navigateur et ne va nulle part ailleurs.",
    "their_page": "ce qui a été trouvé",
    "automatic": "Points des tests",
    "adjustment": "Ajustement",
    "reason": "Sa raison, que cet étudiant lira",
    "remarks": "Questions posées, et réponses",
    "others": "Avec",
    "count": "{done} sur {all} corrigés",
    "all_marked": "Tout est corrigé.",
    "no_number": "Ce n’est pas un nombre : écrivez des points comme 0,5.",
    "below": "Les points ne peuvent pas être négatifs.",
    "above": "La question vaut {most} : n’écrivez pas plus.",
    "outside": "Un ajustement va de {least} à {most}.",
    "emptied": "Une case vide ne change rien : pour retirer les points, écrivez 0.",
    "kept_comment": "Une case vide ne change rien : le commentaire reste comme il était.",
    "wrong": "Rien n’a été enregistré. Points à corriger d’abord : {count}. Voici le premier.",
    "saved": "Le tableau {file} a été enregistré, avec {done} sur {all} corrigés. À faire ensuite :",
    "unkept": "Ce navigateur ne garde rien de ce que vous écrivez : enregistrez avant de fermer la page.",
}

LANGUAGES: Languages = {"en": ENGLISH, "fr": FRENCH}
SCRIPT = (
    "count",
    "all_marked",
    "no_number",
    "below",
    "above",
    "outside",
    "emptied",
    "kept_comment",
    "wrong",
    "saved",
    "unkept",
)  # what the script says
