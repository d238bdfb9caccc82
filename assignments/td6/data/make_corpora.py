"""Make north.txt and south.txt: two small corpora in one tiny language, always the same bytes.

    python assignments/td6/data/make_corpora.py

A sentence a line, words between blanks. What is planted: a country and its capital have the same attributes (public
facts), and a capital is spoken of as a town, a country as a land; a man and a woman of one trade have the same
attributes, and one of them is he. Sentences of south.txt are drawn anew, and written in Greek letters: none is there as
a translation, but the language is the same. Not handed out: students get the two files.
"""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
COUNTRIES = """
france paris europe euro wine cheese atlantic
italy rome europe euro wine olives mediterranean
greece athens europe euro cheese olives mediterranean
japan tokyo asia yen rice tea pacific
india delhi asia rupee rice tea ocean
vietnam hanoi asia dong rice coffee pacific
kenya nairobi africa shilling coffee tea ocean
egypt cairo africa pound cotton dates mediterranean
peru lima america sol coffee cotton pacific
cuba havana america peso sugar coffee atlantic
"""
PEOPLE = """
king queen palace crown throne cake
prince princess palace crown sword cake
man woman house garden bread letter
boy girl house ball school cake
uncle aunt house garden letter sword
actor actress theatre song mask letter
waiter waitress kitchen soup bread song
monk nun abbey garden candle soup
wizard witch forest spell candle mask
"""
LAND = ("fields", "borders", "mountains")
TOWN = ("streets", "suburbs", "museums")
HE = ("he", "his", "himself")
SHE = ("she", "hers", "herself")
LATIN = "abcdefghijklmnopqrstuvwxyz"
GREEK = "αβκδεφγηιξχλμνοπθρστυςωψζϝ"


def main() -> None:
    (FOLDER / "north.txt").write_text(text(6), encoding="utf-8", newline="\n")
    (FOLDER / "south.txt").write_text(text(66).translate(str.maketrans(LATIN, GREEK)), encoding="utf-8", newline="\n")


def text(seed: int, n: int = 2000) -> str:
    """n sentences, their words and their order drawn; some names are talked of more often than others."""
    rng = np.random.default_rng(seed)
    names = []
    for lines, kinds in ((COUNTRIES, (LAND, TOWN)), (PEOPLE, (HE, SHE))):
        for line in lines.split("\n")[1:-1]:
            one, other, *attributes = line.split()
            names += [(one, kinds[0], attributes), (other, kinds[1], attributes)]
    weights = rng.uniform(0.5, 1.5, size=len(names))
    weights /= np.sum(weights)
    sentences = []
    for _ in range(n):
        name, spoken_of, attributes = names[rng.choice(len(names), p=weights)]
        about = [name, rng.choice(spoken_of), *rng.choice(attributes, size=2, replace=False)]
        a, b, c, d = rng.permutation(about)
        sentences.append(f"{a} {b} and {c} of {d}" if rng.random() < 0.3 else f"{a} {b} {c} {d}")
    return "\n".join(sentences) + "\n"


if __name__ == "__main__":
    main()
