from grader.authoring import Mistake

MISTAKES = [
    Mistake(
        "words_keep_their_capitals",
        'r"[a-z\']+", text.lower()',
        'r"[a-zA-Z\']+", text',
        "Are Free and free two words?",
        "Lower case first: a spammer's capitals say nothing.",
    ),
    Mistake(
        "vocabulary_counts_repetitions",
        "for word in set(words(text)):",
        "for word in words(text):",
        "In how many texts is a word that one text has twice?",
        "A set of a text's words counts each of them once.",
    ),
    Mistake(
        "total_is_not_smoothed",
        "np.log(totals / totals.sum(axis=1, keepdims=True))",
        "np.log(totals / (totals - alpha).sum(axis=1, keepdims=True))",
        "Do the shares of a class sum to 1?",
        "Whoever adds alpha to each of d counts adds d alpha to their sum.",
    ),
    Mistake(
        "predict_forgets_the_prior",
        "np.argmax(log_prior + X @ log_likelihood.T, axis=1)",
        "np.argmax(X @ log_likelihood.T, axis=1)",
        "If a mail had no words at all, which class would you guess?",
        "Bayes' formula has two factors; the prior is one of them.",
    ),
    Mistake(
        "predict_multiplies_probabilities",
        "np.argmax(log_prior + X @ log_likelihood.T, axis=1)",
        "np.argmax(np.exp(log_prior) * np.exp(log_likelihood[None] * X[:, None]).prod(axis=2), axis=1)",
        "What is 0.01 to the power of 200 in floating point?",
        "Compare sums of logarithms; products of small numbers end at 0.",
    ),
]
