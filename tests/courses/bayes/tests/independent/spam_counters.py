# In another style than the reference: loops, dictionaries, no regular expressions.
import math
from collections import Counter

import numpy as np


def words(text):
    kept = "".join(c if c in "abcdefghijklmnopqrstuvwxyz'" else " " for c in text.lower())
    return kept.split()


def vocabulary(texts, least):
    in_texts = Counter()
    for text in texts:
        in_texts.update(set(words(text)))
    return sorted(w for w in in_texts if in_texts[w] >= least)


def counts(texts, known):
    return [[Counter(words(text))[word] for word in known] for text in texts]


def fit(X, y, alpha):
    n, d = X.shape
    prior, likelihood = [], []
    for c in (0, 1):
        rows = [X[i] for i in range(n) if y[i] == c]
        prior.append(math.log(len(rows) / n))
        sums = [alpha + sum(row[j] for row in rows) for j in range(d)]
        likelihood.append([math.log(s) - math.log(sum(sums)) for s in sums])
    return prior, np.array(likelihood)


def predict(X, log_prior, log_likelihood):
    scores = [[log_prior[c] + float(np.dot(row, log_likelihood[c])) for c in (0, 1)] for row in X]
    return np.array([1 if b > a else 0 for a, b in scores])
