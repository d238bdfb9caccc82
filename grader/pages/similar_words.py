"""What the page of hand-ins that share code says, by language."""

from __future__ import annotations

from collections.abc import Mapping

from grader.pages.words import Languages

ENGLISH: Mapping[str, str] = {
    "similar": "Hand-ins that share code",
    "no_verdict": "A place to look, not a verdict. That two hand-ins share code does not say why: they may follow the "
    "same lecture or the same page of the web, have been worked on together as the TD allows, or leave little choice. "
    "Read both sides, then ask.",
    "private": "For you alone: it names students. It is part of no report, and nothing is scored by it.",
    "how_compared": "Compared without the code that was handed out, and without names, comments, layout and the "
    "order of functions. The more hand-ins have a fragment, the less it counts: what more than {common} have counts "
    "for nothing, unless it is nearly all that each of them wrote.",
    "compared_in_all": "Hand-ins compared:",
    "too_short": "Too short to tell anything:",
    "partly": "Not read to their end, since they are very long or their code breaks off; compared as far as they could "
    "be read, which may be not at all:",
    "alike": "Groups of which each two share at least {share} of what the shorter one adds to the handout:",
    "only_first": "Shown are the most alike.",
    "group": "Group",
    "many": "{count} hand-ins share this",
    "side_by_side": "Side by side are the two that are most alike:",
    "to": "to",
    "shared": "Shared",
    "rarest": "Rarest passage",
    "in_hand_ins": "in {count} of {all} hand-ins",
    "rare": "Nobody else wrote this.",
    "common": "Many wrote this: little can be said by it.",
    "says_partners": "says to have worked with:",
    "line": "line",
    "passage": "Passage",
    "with": "and",
}
FRENCH: Mapping[str, str] = {
    "similar": "Rendus qui ont du code en commun",
    "no_verdict": "Un endroit où regarder, pas un verdict. Que deux rendus aient du code en commun ne dit pas "
    "pourquoi : ils peuvent suivre le même cours ou la même page du web, avoir été faits ensemble comme le TD le "
    "permet, ou ne laisser que peu de choix. Lisez les deux côtés, puis demandez.",
    "private": "Pour vous seul : des étudiants y sont nommés. Ceci ne fait partie d’aucun rapport, et ne note rien.",
    "how_compared": "Comparés sans le code distribué, et sans les noms, les commentaires, la mise en page ni l’ordre "
    "des fonctions. Plus un fragment est répandu, moins il compte : ce que plus de {common} rendus contiennent ne "
    "compte pas, sauf si c’est presque tout ce que chacun d’eux a écrit.",
    "compared_in_all": "Rendus comparés :",
    "too_short": "Trop courts pour en dire quelque chose :",
    "partly": "Pas lus jusqu’au bout, car très longs ou parce que leur code s’interrompt ; comparés aussi loin qu’ils "
    "ont pu être lus, parfois pas du tout :",
    "alike": "Groupes dont deux rendus quelconques ont en commun au moins {share} de ce que le plus court ajoute au "
    "code distribué :",
    "only_first": "Seuls les plus semblables sont montrés.",
    "group": "Groupe",
    "many": "{count} rendus ont ceci en commun",
    "side_by_side": "Côte à côte, les deux qui se ressemblent le plus :",
    "to": "à",
    "shared": "En commun",
    "rarest": "Passage le plus rare",
    "in_hand_ins": "dans {count} rendus sur {all}",
    "rare": "Personne d’autre n’a écrit cela.",
    "common": "Beaucoup l’ont écrit : on ne peut guère en tirer quelque chose.",
    "says_partners": "dit avoir travaillé avec :",
    "line": "ligne",
    "passage": "Passage",
    "with": "et",
}
LANGUAGES: Languages = {"en": ENGLISH, "fr": FRENCH}
