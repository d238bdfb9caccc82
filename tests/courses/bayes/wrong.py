# Question 3 forgets to smooth, question 4 is not there.
import numpy as np


def words(text):
    kept = "".join(c if c in "abcdefghijklmnopqrstuvwxyz'" else " " for c in text.lower())
    return kept.split()


def vocabulary(texts, least):
    every = sorted({w for text in texts for w in words(text)})
    return [w for w in every if sum(w in words(text) for text in texts) >= least]


def counts(texts, known):
    return np.array([[words(text).count(word) for word in known] for text in texts])


def fit(X, y, alpha):
    totals = np.array([X[y == c].sum(axis=0) for c in (0, 1)])
    return np.log([np.mean(y == 0), np.mean(y == 1)]), np.log(totals / totals.sum(axis=1, keepdims=True))


def predict(X, log_prior, log_likelihood):
    raise NotImplementedError("question 4: predict")
