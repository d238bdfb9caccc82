"""Intake's notes in words. The keys of `student_template.runner.reading.SENTENCES` may stand in its notes too.

Some hold a reason, itself a key: `why_work` and so on. The runner's `sentences.say` puts both together.
"""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    # which file counts
    "picked": "{file} is the file that was graded: {why}.",
    "why_person": "a person chose it",
    "why_only": "no other file could be meant",
    "why_work": "it is the only one with work in it",
    "why_names": "it is the only one that defines what was asked for",
    "why_same": "the others hold the same work",
    "why_more": "it holds all that the others hold, and more",
    "why_whole": "the others hold parts of the work only",
    "why_imports": "it imports the others",
    "why_name": "it has the name that was asked for",
    "pick_not_found": "The file {file} was chosen by a person, but it is not among the files handed in.",
    "several_files": "Several files could be meant ({files}), and they differ: a person has to say which one counts.",
    "file_absent": "There is no {files} among the files handed in, and nothing else defines {wanted}.",
    "nothing_recognised": "{file} defines nothing that was asked for ({wanted}, …): is it of another homework?",
    # nothing to grade
    "nothing_handed_in": "There is no file in this folder.",
    "no_code_file": "There is no .py or .ipynb among the files handed in ({files}).",
    "no_work_file": "The only code handed in is the handout's own, or tests ({files}): there is no work in it.",
    "untouched": "{file} is the handout's own file: nothing was added to it.",
    "no_code": "{file} holds no code.",
    "handout_only": "Only files of the handout were handed in ({files}), none with work in it.",
    # what was not opened
    "link_not_followed": "{file} is a link; links are not followed.",
    "too_deep": "The folder {file} lies too deep and was not looked into.",
    "too_many_files": "There are more than {limit} files; only the first {limit}, from the top, were looked at.",
    "not_opened": "{file} could not be opened: {why}.",
    "no_file": "{file} is a pipe, a device or the like, not a file: hand in the .py or .ipynb itself.",
    "hard_link": "{file} is a hard link, another name of a file elsewhere, and was not read: copy it.",
    "path_outside": "{file} has a path that leads out of the archive; it was left out.",
    "name_too_long": "{file} has a name too long for a file; it was left out.",
    "name_twice": "{file} is in the archive more than once; the last one was read.",
    "why_password": "it is protected by a password",
    "why_method": "compression method {method} is not known",
    "why_overlap": "its entries overlap",
    "not_unpacked": "{file} cannot be unpacked from its archive ({why}): hand in the .py or .ipynb itself.",
    "too_many_lines": "{file} has more than {limit} lines of code and was not read.",
    "too_much": "{file} was not looked at: the files before it are as much as is read of one student ({limit} bytes).",
    "archive_unreadable": "The archive {file} cannot be read ({why}): hand in the .py or .ipynb itself.",
    "archive_encrypted": "The archive {file} is protected by a password: hand in the .py or .ipynb itself.",
    "archive_unknown": "{file} is an archive of a kind ({kind}) that is not opened: hand in the .py or .ipynb itself.",
    "archive_too_large": "The archive {file} holds, or is, more than is read: hand in the .py or .ipynb itself.",
    "archive_too_many": "The archive {file} holds more than {limit} files: hand in the .py or .ipynb itself.",
    "archive_too_deep": "The archive {file} lies in too many other archives: hand in the .py or .ipynb itself.",
    "others_left_out": "These files lie beside the graded one but are too large or too damaged to be used: {files}.",
    # the roster
    "absent": "Nothing was handed in.",
    "not_in_roster": "Not in {file}, graded all the same: {students}.",
    "roster_says_nothing": "{file} says that these handed in nothing, and their work is here: {students}. Is it older "
    "than the archive? Then download both again.",
    "not_in_archive": "{file} says that these handed in, and there is nothing of theirs here: {students}. Nothing is "
    "recorded for them. Was the archive downloaded for a group only, or before they handed in?",
    "team_name_shared": "More than one team is called “{name}” ({teams} among them), so nobody knows whose members "
    "these are: {students}. They get no result until a roster says so, in its column team.",
    "teams_of_one_name": "{teams} are both called “{name}”, so nobody knows whose members these are: {students}. They "
    "get no result until a roster says so, in its column team.",
    # what the platform says
    "late_mark": "{platform} marks this as late; the mark alone costs no points.",
    "earlier": "Earlier submissions were kept and do not count ({count}): {kept}.",
    "flat_archive": "This archive of Moodle is flat: where a student handed in two files of one name in two folders, "
    "Moodle has lost one of them. Download it again with “Download submissions in folders” (in the menu of actions or "
    "among the options of the page of submissions).",
    "no_metadata": "Without {file} nobody knows whose a submission is: each has the name of its folder.",
    "prefix_guessed": "Student ids are what follows “{prefix}” in the folders' names, a guess: keep the folders "
    "in ASSIGNMENT-submissions, as GitHub Classroom makes it, so that they stay the same.",
    "id_shared": "Several students have the student id {ids}, which is then nobody's: their addresses are their ids.",
    "member_without_id": "A member of a team has neither student id nor address, and gets no result: {names}.",
    "in_several": "{student} is in several submissions ({names}), all graded: a person has to say which one counts.",
    "submissions_missing": "Submissions that the archive speaks of are not in it ({count}): {names}.",
    # the declaration
    "declaration": "Declared: tools “{tools}”, partners “{partners}”.",
    "intake_failed": "The grader failed while it looked at these files ({error}); that is not the student's fault.",
}
FRENCH: dict[str, str] = {
    # which file counts
    "picked": "{file} est le fichier qui a été noté : {why}.",
    "why_person": "une personne l'a choisi",
    "why_only": "aucun autre fichier n'entrait en compte",
    "why_work": "c'est le seul qui contienne du travail",
    "why_names": "c'est le seul qui définisse ce qui était demandé",
    "why_same": "les autres contiennent le même travail",
    "why_more": "il contient tout ce que contiennent les autres, et davantage",
    "why_whole": "les autres ne contiennent que des parties du travail",
    "why_imports": "il importe les autres",
    "why_name": "il a le nom qui était demandé",
    "pick_not_found": "Le fichier {file} a été choisi par une personne, mais il n'est pas parmi les fichiers rendus.",
    "several_files": "Plusieurs fichiers pourraient être le bon ({files}), et ils diffèrent : une personne doit dire "
    "lequel compte.",
    "file_absent": "Il n'y a pas de {files} parmi les fichiers rendus, et rien d'autre ne définit {wanted}.",
    "nothing_recognised": "{file} ne définit rien de ce qui était demandé ({wanted}, …) : est-ce un autre devoir ?",
    # nothing to grade
    "nothing_handed_in": "Il n'y a aucun fichier dans ce dossier.",
    "no_code_file": "Il n'y a ni .py ni .ipynb parmi les fichiers rendus ({files}).",
    "no_work_file": "Le seul code rendu est celui de l'énoncé, ou des tests ({files}) : il n'y a aucun travail dedans.",
    "untouched": "{file} est le fichier de l'énoncé tel quel : rien n'y a été ajouté.",
    "no_code": "{file} ne contient pas de code.",
    "handout_only": "Seuls des fichiers de l'énoncé ont été rendus ({files}), sans aucun travail dedans.",
    # what was not opened
    "link_not_followed": "{file} est un lien ; les liens ne sont pas suivis.",
    "too_deep": "Le dossier {file} est à une trop grande profondeur et n'a pas été examiné.",
    "too_many_files": "Il y a plus de {limit} fichiers ; seuls les {limit} premiers, en partant du haut, sont lus.",
    "not_opened": "{file} n'a pas pu être ouvert : {why}.",
    "no_file": "{file} est un tube, un périphérique ou autre, et non un fichier : rendez le .py ou le .ipynb lui-même.",
    "hard_link": "{file} est un lien physique, autre nom d'un fichier situé ailleurs, et n'a pas été lu : copiez-le.",
    "path_outside": "{file} a un chemin qui sort de l'archive ; il a été laissé de côté.",
    "name_too_long": "{file} a un nom trop long pour un fichier ; il a été laissé de côté.",
    "name_twice": "{file} est plusieurs fois dans l'archive ; c'est le dernier qui a été lu.",
    "why_password": "il est protégé par un mot de passe",
    "why_method": "la méthode de compression {method} n'est pas connue",
    "why_overlap": "ses entrées se chevauchent",
    "not_unpacked": "{file} ne peut pas être extrait de son archive ({why}) : rendez le .py ou le .ipynb lui-même.",
    "too_many_lines": "{file} a plus de {limit} lignes de code et n'a pas été lu.",
    "too_much": "{file} n'a pas été examiné : les fichiers qui le précèdent font déjà tout ce qui est lu d'un étudiant "
    "({limit} octets).",
    "archive_unreadable": "L'archive {file} ne peut pas être lue ({why}) : rendez le .py ou le .ipynb lui-même.",
    "archive_encrypted": "L'archive {file} est protégée par un mot de passe : rendez le .py ou le .ipynb lui-même.",
    "archive_unknown": "{file} est une archive d'un type ({kind}) qui n'est pas ouvert : rendez le .py ou le .ipynb "
    "lui-même.",
    "archive_too_large": "L'archive {file} contient, ou est, plus que ce qui est lu : rendez le .py ou le .ipynb "
    "lui-même.",
    "archive_too_many": "L'archive {file} contient plus de {limit} fichiers : rendez le .py ou le .ipynb lui-même.",
    "archive_too_deep": "L'archive {file} est dans trop d'autres archives : rendez le .py ou le .ipynb lui-même.",
    "others_left_out": "Ces fichiers sont à côté de celui qui est noté, mais trop gros ou trop abîmés pour servir : "
    "{files}.",
    # the roster
    "absent": "Rien n'a été rendu.",
    "not_in_roster": "Pas dans {file}, mais notés tout de même : {students}.",
    "roster_says_nothing": "Selon {file}, ils n'ont rien rendu, et leur travail est ici : {students}. La liste "
    "est-elle plus ancienne que l'archive ? Alors téléchargez-les à nouveau toutes deux.",
    "not_in_archive": "Selon {file} ils ont rendu un travail, et il n'y a rien d'eux ici : {students}. Rien n'est "
    "enregistré pour eux. L'archive ne concerne-t-elle qu'un groupe, ou date-t-elle d'avant ?",
    "team_name_shared": "Plus d'une équipe s'appelle « {name} » (dont {teams}) : on ne sait pas de laquelle sont "
    "{students}. Ils n'ont pas de résultat tant qu'une liste ne le dit pas, dans sa colonne team.",
    "teams_of_one_name": "{teams} s'appellent toutes « {name} » : on ne sait pas de laquelle sont {students}. Ils "
    "n'ont pas de résultat tant qu'une liste ne le dit pas, dans sa colonne team.",
    # what the platform says
    "late_mark": "{platform} le marque en retard ; cette marque seule ne coûte aucun point.",
    "earlier": "Des remises antérieures ont été gardées et ne comptent pas ({count}) : {kept}.",
    "flat_archive": "Cette archive de Moodle est à plat : quand un étudiant a rendu deux fichiers du même nom dans "
    "deux dossiers, Moodle en a perdu un. Téléchargez-la de nouveau avec « Télécharger les travaux remis dans des "
    "dossiers » (dans le menu des actions ou parmi les options de la page des travaux).",
    "no_metadata": "Sans {file}, on ne sait pas à qui est un travail : chacun porte le nom de son dossier.",
    "prefix_guessed": "Les identifiants sont ce qui suit « {prefix} » dans les noms des dossiers, par supposition : "
    "gardez les dossiers dans DEVOIR-submissions, comme le fait GitHub Classroom, pour qu'ils restent les mêmes.",
    "id_shared": "Plusieurs étudiants ont l'identifiant {ids}, qui n'est donc à personne : leur adresse en tient lieu.",
    "member_without_id": "Un membre d'une équipe n'a ni identifiant ni adresse, et n'a pas de résultat : {names}.",
    "in_several": "{student} est dans plusieurs travaux ({names}), tous notés : une personne doit dire lequel compte.",
    "submissions_missing": "Des travaux dont parle l'archive n'y sont pas ({count}) : {names}.",
    # the declaration
    "declaration": "Déclaré : outils « {tools} », partenaires « {partners} ».",
    "intake_failed": "La correction a échoué en lisant ces fichiers ({error}) ; ce n'est pas la faute de l'étudiant.",
}
