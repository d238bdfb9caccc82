"""What `sentences` says in French: a sentence for every key of the runner's, and words that come inside values."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "pass": "Juste.",
    # compared
    "value": "Votre réponse{part} est fausse pour {wrong} de ses {size} coefficients ; le pire{index} : le vôtre vaut "
    "{got}, soit une erreur relative de {relative}.",
    "gradient": "Votre gradient{part} est faux pour {wrong} de ses {size} coefficients ; le pire{index} : le vôtre "
    "vaut {got}, soit une erreur relative de {relative}.",
    "value_hidden": "Votre réponse{part} est fausse ; sa plus grande erreur relative{index} est d'environ {relative}.",
    "gradient_hidden": "Votre gradient{part} est faux ; sa plus grande erreur relative{index} est d'environ "
    "{relative}.",
    "shape_hidden": "Votre réponse{part} devrait être de forme {want}, et elle est d'une autre.",
    "shape": "Votre réponse{part} est de forme {got} ; il faudrait {want}.",
    "type": "Votre réponse{part} est {got} ; il faudrait {want}.",
    "type_none": "Votre fonction renvoie None{part} : manque-t-il un `return` ?",
    "not_finite": "Votre réponse{part} contient {got}{index}.",
    "not_equal": "Votre réponse est {got}, et ce n'est pas ce qui était demandé.",
    "predicate": "Votre réponse ne convient pas : {why}",
    "predicate_no": "Votre réponse, {got}, n'est pas de celles qui conviennent.",
    "predicate_error": "Votre réponse est {got}, et ce n'est pas le genre de chose qui était demandé.",
    "accuracy_full": "C'est juste pour {accuracy} des exemples.",
    "accuracy_partial": "C'est juste pour {accuracy} des exemples : les points commencent au-dessus de {none}, et tous "
    "sont acquis à partir de {full}.",
    "accuracy_none": "Ce n'est juste que pour {accuracy} des exemples : les points commencent au-dessus de {none}, et "
    "tous sont acquis à partir de {full}.",
    "not_data": "Votre réponse ne peut pas être comparée : {why}. Renvoyez des nombres ou des tableaux.",
    "not_data_hidden": "Votre réponse ne peut pas être comparée. Renvoyez des nombres ou des tableaux.",
    "too_large": "Votre réponse est trop grande pour en être une.",
    # not compared
    "missing": "Il n'y a pas de `{name}` dans votre fichier.",
    "missing_because": "Il n'y a pas de `{name}`. {block}",
    "not_written": "Reste à écrire{what}.",
    "error": "Votre code lève {error}{trace}.",
    "error_because": "Votre code lève {error}{trace}. {block}",
    "exit": "Votre code appelle exit(){trace}.",
    "memory": "Votre code demande plus de mémoire que permis{trace}.",
    "timeout": "Votre code a dépassé le temps permis : y a-t-il une boucle sans fin ?",
    "timeout_seconds": "Votre code a dépassé les {seconds} s permises : y a-t-il une boucle sans fin ?",
    "crashed": "Votre code a fait planter l'interpréteur Python ({how}).",
    "ended": "Votre code a mis fin à l'interpréteur Python (os._exit avec le code {how}).",
    "forbidden": "Votre code a fait un appel système dont aucune réponse n'a besoin, et a été arrêté.",
    # loading
    "left_out_syntax": "Le bloc à la {where} (`{text}`) n'est pas du Python : {error}. Il a été laissé de côté.",
    "left_out_raised": "Le bloc à la {where} (`{text}`) a levé {error} ; ce qu'il n'avait pas encore fait a été laissé "
    "de côté.",
    "left_out_died": "Le bloc à la {where} (`{text}`) a fait planter l'interpréteur Python et a été laissé de côté.",
    "left_out_memory": "Le bloc à la {where} (`{text}`) a pris plus de mémoire que permis et a été laissé de côté.",
    "left_out_time": "Le bloc à la {where} (`{text}`) ne s'est pas terminé à temps et a été arrêté ; après lui, seules "
    "les définitions ont été exécutées.",
    "left_out_late": "Le bloc à la {where} (`{text}`) n'a pas été exécuté : il ne définit rien, et le temps de "
    "chargement était écoulé.",
    "left_out": "{block}",
    # a submission as a whole
    "missing_all": "Il n'y avait rien de vous à tester.",
    "grader_fault": "Ce test n'a pas pu être exécuté. C'est notre faute, et cela ne vous coûte rien.",
    "grader_fault_because": "La correction a échoué : {what}. Ce n'est pas votre faute ; elle sera refaite.",
    "crashed_three_times": "Votre fichier a mis fin trois fois à l'interpréteur Python pendant son chargement ; une "
    "personne va regarder.",
    "no_point_with_code": "Il y a du code dans votre fichier, et aucun test ne réussit ; une personne va regarder.",
    # hints and consequences
    "looks_like": "{hint}",
    "follows": "Cela vient peut-être de la question {questions}.",
    "follows_several": "Cela vient peut-être des questions {questions}.",
    "factor": "C'est {factor} fois ce qu'il faudrait, partout.",
    "first": "Le premier élément qui diffère est {place} : vous avez {got}.",
    "first_given": "Le premier élément qui diffère est {place} : vous avez {got} ({given}).",
    "transposed": "C'est la transposée de ce qu'il faudrait.",
    "own_yes": "Il s'accorde bien avec les différences centrées de votre propre propagation avant : l'erreur est là.",
    "own_no": "Il ne s'accorde pas non plus avec les différences centrées de votre propre propagation avant.",
    # parts of sentences
    "at_index": " à l'indice {index}",
    "entry": "{value}{index}",
    "at_place": " à la {where} : `{text}`",
    "at_line": " à la {where}",
    "after_colon": " : {text}",
    "and": " et ",
    "decimal": ",",
    # reading
    "file_too_large": "{file} fait {bytes} octets ; les fichiers de plus de {limit} octets ne sont pas lus.",
    "not_text": "{file} n'est pas un texte que l'on puisse lire : il contient des données binaires.",
    "other_kind": "{file} n'est pas du Python : par son contenu, c'est un fichier de type {what}.",
    "not_a_notebook": "{file} ne peut pas être lu comme un notebook : son JSON s'interrompt ou a une erreur à la ligne "
    "{line}.",
    "is_a_notebook": "{file} est en réalité un notebook, et a été lu comme tel.",
    "is_python": "{file} est en réalité un fichier Python, non un notebook, et a été lu comme tel.",
    "other_language": "Le notebook {file} dit que son langage est {language} ; il a été lu comme du Python.",
    "encoding": "{file} n'est pas en UTF-8 ; il a été lu en {encoding}, et des accents peuvent donc être faux.",
    "unknown_coding": "{file} nomme l'encodage {encoding}, inconnu ici ; il a été lu en {read_as}.",
    "nul_removed": "{file} contenait des caractères nuls ({count}), que Python refuse ; ils ont été enlevés.",
    "command_left_out": "La commande {command} ({where}) n'est pas du Python et n'a pas été exécutée.",
    "cell_left_out": "Ce qui suit {magic} ({where}) n'est pas du Python ; cette cellule a été laissée de côté.",
}

# What the runner puts into values in English, by the value's name: patterns, and what takes their place.
WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    "where": (
        (r"^line (\w+)$", r"ligne \1"),
        (r"^line (\w+) of (.+)$", r"ligne \1 de \2"),
        (r"^(\w+\.py), line (\w+)$", r"ligne \2 de \1"),
        (r"^(?:cell )?(.+), line (\w+)$", r"cellule \1, ligne \2"),  # "In [3]" is a cell too
    ),
    "error": (
        (r"\(line (\d+)\)$", r"(ligne \1)"),
        (r"^an exception of your own$", "une exception de votre cru"),
        (r"^too deeply nested to be read", "trop imbriqué pour être lu"),
        (r"^ModuleNotFoundError: the grader does not have ", "ModuleNotFoundError: la correction n'a pas "),
        (
            r"^ImportError: relative imports have no package here: write ",
            "ImportError: un import relatif n'a pas de paquet ici : écrivez ",
        ),
        (
            r"^EOFError: input\(\) has nobody to ask here: give the value in the code instead$",
            "EOFError: input() n'a personne à qui demander ici : donnez la valeur dans le code",
        ),
    ),
    "how": ((r"^the process ended$", "le processus s'est terminé"), (r"^a signal$", "un signal")),
    "what": (
        (r"^zip \(or a document of an office program\)$", "zip (ou un document de bureautique)"),
        (r"^office document$", "document de bureautique"),
    ),
    "why": (
        (r"^nested deeper than (\d+)$", r"elle est imbriquée à plus de \1 niveaux"),
        (r"^longer than (\d+) bytes$", r"elle fait plus de \1 octets"),
        (r"^more than (\d+) bytes of plain Python values$", r"elle a plus de \1 octets de valeurs Python ordinaires"),
        (r"^an array of dtype (.+)$", r"un tableau de dtype \1"),
        (r"^a dictionary with a key of type (.+)$", r"un dictionnaire dont une clé est de type \1"),
        (r"^an object of type (.+)$", r"un objet de type \1"),
    ),
}
WORDS["got"] = WORDS["want"] = (
    (r"^text$", "du texte"),
    (r"^a boolean$", "un booléen"),
    (r"^a number$", "un nombre"),
    (r"^a dictionary$", "un dictionnaire"),
    (r"^a list$", "une liste"),
    (r"^a list of unequal parts$", "une liste de parties inégales"),
    (r"^an array$", "un tableau"),
    (r"^an array of shape (.+)$", r"un tableau de forme \1"),
    (r"^an array of (.+)$", r"un tableau de \1"),
)
