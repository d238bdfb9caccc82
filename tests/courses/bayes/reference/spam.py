"""Word counts and naive Bayes, as in a first course on machine learning."""

import re

import numpy as np


def words(text):
    """The words of a text, in lower case: the longest runs of letters a to z and apostrophes, in order, as a list."""
    ### BEGIN SOLUTION
    return re.findall(r"[a-z']+", text.lower())
    ### END SOLUTION


def vocabulary(texts, least):
    """The words that occur in at least `least` of the texts, as a sorted list."""
    ### BEGIN SOLUTION
    seen = {}
    for text in texts:
        for word in set(words(text)):
            seen[word] = seen.get(word, 0) + 1
    return sorted(word for word, count in seen.items() if count >= least)
    ### END SOLUTION


def counts(texts, known):
    """How often each known word occurs in each text: integers, shape (len(texts), len(known)). Others do not count."""
    ### BEGIN SOLUTION
    column = {word: j for j, word in enumerate(known)}
    table = np.zeros((len(texts), len(known)), dtype=int)
    for i, text in enumerate(texts):
        for word in words(text):
            if word in column:
                table[i, column[word]] += 1
    return table
    ### END SOLUTION


def fit(X, y, alpha):
    """Estimate naive Bayes from counts X, shape (n, d), and labels y in {0, 1}, shape (n,), both of which occur.

    Returns `(log_prior, log_likelihood)`, shapes (2,) and (2, d): the logarithms of the share of each class, and of
    each word among all words of a class, where every word is counted `alpha` times more than it occurs.
    """
    ### BEGIN SOLUTION
    classes = np.array([y == 0, y == 1])
    totals = np.array([X[rows].sum(axis=0) for rows in classes]) + alpha
    return np.log(classes.mean(axis=1)), np.log(totals / totals.sum(axis=1, keepdims=True))
    ### END SOLUTION


def predict(X, log_prior, log_likelihood):
    """The more probable class of each row of counts X, shape (n, d): 0 or 1, shape (n,); 0 of a tie."""
    ### BEGIN SOLUTION
    return np.argmax(log_prior + X @ log_likelihood.T, axis=1)
    ### END SOLUTION
