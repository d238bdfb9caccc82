"""Six checks, 10 points. Later questions bring words, counts and estimates of their own."""

import numpy as np

from grader.authoring import accuracy, check, close, equal

SYLLABLES = ["ba", "co", "di", "fu", "ge", "la", "mo", "ni", "ru", "te"]
WORDS = np.array([a + b + c for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES])


def some_words(rng, count):
    return rng.choice(WORDS, size=count, replace=False).tolist()


def mails(rng):
    w = some_words(rng, 12)
    return {
        "plain": {"text": " ".join(w[:5])},
        "capitals": {"text": f"{w[0].upper()} {w[1].capitalize()}, {w[2]}!"},
        "apostrophes": {"text": f"{w[0]}'s {w[1]}n't -- {w[2]}-{w[3]}"},
        "numbers": {"text": f"{w[4]}2{w[5]} 10 % {w[6]}\n{w[7]}\t{w[0]}"},
    }


@check("1", points=2, cases=mails, compare=equal())
def words_are_runs_of_letters(td, text):
    """Your words finds the runs of letters and apostrophes, in lower case."""
    return td.words(text)


def collections_of_mails(rng):
    words = some_words(rng, 12)
    common, others = words[:4], words[4:]
    texts = [f"{' '.join(rng.permutation(common[: i % 4 + 1]))} {w} {w} {w}" for i, w in enumerate(others)]
    return {f"at_least_{least}": {"texts": texts, "least": least} for least in (1, 2, 3)}


@check("2", points=1.5, cases=collections_of_mails, compare=equal(), public=["at_least_2"])
def vocabulary_counts_texts(td, texts, least):
    """Your vocabulary has the words of enough texts, sorted; a word that one text repeats is in one text."""
    return td.vocabulary(texts, least)


def texts_and_words(rng):
    known = sorted(some_words(rng, 6))
    texts = [" ".join(rng.choice([*known, "unknown"], size=size)) for size in (1, 9, 20, 30)]
    return {"mails": {"texts": [*texts, ""], "known": known}}


@check("2", points=1.5, cases=texts_and_words, compare=equal(), follows=["words_are_runs_of_letters"])
def counts_are_a_table(td, texts, known):
    """Your counts has a row for each text and a column for each known word."""
    return td.counts(texts, known)


def tables(rng):
    def values(n, d, alpha):
        return {"X": rng.integers(0, 50, size=(n, d)), "y": rng.permutation(np.arange(n) % 3 // 2), "alpha": alpha}

    return {"batch": values(7, 4, 1.0), "half": values(9, 3, 0.5), "wide": values(3, 8, 1.0)}


@check("3", points=2.5, cases=tables, compare=close(atol=1e-6))
def fit_estimates(td, X, y, alpha):
    """Your fit gives the logarithms of the shares of classes, and of words in each class."""
    log_prior, log_likelihood = td.fit(X, y, alpha)
    return {"log_prior": log_prior, "log_likelihood": log_likelihood}


def estimates(rng):
    def values(length):
        shares = rng.dirichlet(np.ones(30), size=2)
        shares = (shares + 0.3 * shares[::-1] + 0.01) / 1.6
        X = np.array([rng.multinomial(length, shares[label]) for label in rng.permutation(40) % 2])
        X[0] = 0  # no words: the prior decides
        return {"X": X, "log_prior": np.log([0.3, 0.7]), "log_likelihood": np.log(shares)}

    return {"short_mails": values(8), "long_mails": values(1000)}


@check("4", points=1, cases=estimates, compare=equal())
def predict_takes_mails_of_any_length(td, X, log_prior, log_likelihood):
    """Your predict is right for mails of a thousand words, and for those of none."""
    return td.predict(X, log_prior, log_likelihood)


def two_sorts_of_mail(rng):
    shares = rng.dirichlet(np.full(40, 0.3), size=2)
    y = rng.permutation(np.repeat([0, 0, 1], 100))
    X = np.array([rng.multinomial(8, shares[label]) for label in y])
    shares = (shares * 400 + 1) / 440
    return {"mails": {"X": X, "log_prior": np.log([2 / 3, 1 / 3]), "log_likelihood": np.log(shares), "y": y}}


@check("4", points=1.5, cases=two_sorts_of_mail, compare=accuracy("y", full=0.9, none=0.75))
def predict_tells_mails_apart(td, X, log_prior, log_likelihood):
    """Your predict, with right estimates, knows nine mails of ten."""
    return td.predict(X, log_prior, log_likelihood)
