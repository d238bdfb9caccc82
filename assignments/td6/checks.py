"""Words: 48 checks, 10 points; 8 of them for questions 6.1 to 6.7, which are for the TD's three hours.

One mistake is paid once, as far as functions that are built on others allow. What singular vectors' signs do is asked
once in each place where it matters: other checks of them look at absolute values. What is refused is asked of many
inputs at once, of which about half are right, so that neither raising always nor never is worth anything. Ties are
tried on rows of length 1 along the axes, where every formula of a cosine is exact, one that adds 1e-12 to lengths too.

An answer computed in float32 passes.
"""

import numpy as np

from grader.authoring import accuracy, check, close, equal, gradient


def refused(function, *arguments):
    """Does a call raise ValueError?"""
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


def cut(table, lengths):
    """Sentences of these lengths, as lists, from the rows of a table."""
    return [table[i, : lengths[i]].tolist() for i in range(len(table))]


def some_words(rng, n):
    """n different words of three letters, in any order."""
    letters = np.array(["bcdfghjklmnpqrstvwxz", "aeiouaeiouaeiouaeiou", "lmnrstlmnrstlmnrstlm"])
    of_each = np.array([list(row) for row in letters])
    words = np.unique([a + b + c for a in of_each[0] for b in of_each[1][:5] for c in of_each[2][:6]])
    return rng.permutation(words)[:n]


# --- 6.1 words, ids, pairs --------------------------------------------------------------------------------------------


def words_as_often(rng, *often):
    """A text of sentences of five words, in which there is a word for each number, and occurs as often as it says."""
    ids = rng.permutation(np.repeat(np.arange(len(often)), often))
    return {"table": some_words(rng, len(often))[ids].reshape(-1, 5), "lengths": np.full(len(ids) // 5, 5)}


def texts(rng):
    """Many words are as frequent as others, too many to be in order by chance."""
    return {
        "short": words_as_often(rng, *[1] * 5, *[2] * 5, *[3] * 5),
        "long": words_as_often(rng, *[1] * 6, *[2] * 5, *[3] * 4, *[5] * 3, 7),
        "two_thirds": words_as_often(rng, *[2] * 7, *[3] * 7),
    }


def rare_words(rng):
    return {
        "at_least_2": words_as_often(rng, *[1] * 5, *[2] * 9, *[3] * 9) | {"min_count": 2},
        "at_least_3": words_as_often(rng, *[2] * 10, *[3] * 8, *[4] * 9) | {"min_count": 3},
    }


def counts_to_reach(rng):
    often = rng.integers(1, 6, size=30)
    return {"thirty_texts": {"often": often, "min_count": np.maximum(often + rng.choice([-1, 0, 1, 2], size=30), 1)}}


@check("6.1", points=0.3, cases=texts, compare=equal())
def vocabulary_is_sorted_by_frequency(td, table, lengths):
    """build_vocabulary gives words and counts, the most frequent first, then by the alphabet; the text stays."""
    text = cut(table, lengths)
    words, counts = td.build_vocabulary(text)
    return {"words": list(words), "counts": counts, "text": text}


@check("6.1", points=0.15, cases=rare_words, compare=equal(), follows=["vocabulary_is_sorted_by_frequency"])
def vocabulary_leaves_out_rare_words(td, table, lengths, min_count):
    """build_vocabulary keeps the words that occur at least min_count times."""
    words, counts = td.build_vocabulary(cut(table, lengths), min_count)
    return {"words": list(words), "counts": counts}


@check("6.1", points=0.1, cases=counts_to_reach, compare=equal())
def vocabulary_refuses_to_be_empty(td, often, min_count):
    """build_vocabulary raises ValueError where no word is left, or where there was none."""
    texts = [[["dog"] * n, ["cat"]] for n in often.tolist()] + [[], [[]]]
    return [refused(td.build_vocabulary, text, n) for text, n in zip(texts, [*min_count.tolist(), 1, 1], strict=True)]


def sentences_and_words(rng):
    """Of each sentence some words are known, and some are not."""

    def values(n_words, n, known):
        words = some_words(rng, 2 * n_words)
        there = words[rng.integers(n_words, size=n)]
        there[rng.permutation(n)[known:]] = words[n_words + rng.integers(n_words, size=n - known)]
        return {"sentence": there, "words": words[:n_words]}

    return {"some_unknown": values(20, 12, 7), "all_known": values(30, 15, 15), "one_unknown": values(10, 8, 7)}


@check("6.1", points=0.2, cases=sentences_and_words, compare=equal())
def encode_drops_unknown_words(td, sentence, words):
    """encode gives the ids of a sentence's words, in order, without unknown ones, be it all; both lists stay."""
    text, vocabulary = sentence.tolist(), words.tolist()
    ids, none = td.encode(text, vocabulary), td.encode(["nobody", "knows"], vocabulary)
    return {"ids": ids, "none": none, "text": text, "vocabulary": vocabulary}


def windows(rng):
    """All words of a sentence are different."""

    def values(n, longest, window):
        table = np.array([rng.permutation(500)[:longest] for _ in range(n)])
        lengths = rng.integers(window + 1, longest + 1, size=n)
        return {"table": table, "lengths": np.append(lengths[1:], longest), "window": window}

    return {"neighbours": values(4, 6, 1), "two": values(5, 7, 2), "three": values(3, 9, 3)}


def wide_windows(rng):
    table = np.array([rng.permutation(500)[:5] for _ in range(6)])
    lengths = rng.permutation([0, 1, 1, 2, 4, 5])
    return {"wider_than_sentences": {"table": table, "lengths": lengths, "window": 7}}


def repeated_words(rng):
    def values(n, longest, window):
        table = rng.integers(3, size=(n, longest)) + rng.integers(500)
        return {"table": table, "lengths": np.full(n, longest), "window": window}

    return {"neighbours": values(5, 8, 1), "three": values(4, 7, 3)}


def lonely_words(rng):
    """Thirty texts; in about half of them all sentences have one word or none."""
    lonely = rng.permutation(np.arange(30) % 2 == 0)
    return {"thirty_texts": {"lengths": np.where(lonely[:, None], rng.integers(0, 2, size=(30, 3)), [3, 1, 2])}}


def widths(rng):
    return {"thirty_windows": {"windows": rng.permutation(np.append(rng.integers(-2, 4, size=26), [0, 0, 1, 1]))}}


@check("6.1", points=0.3, cases=windows, compare=equal())
def pairs_are_within_the_window(td, table, lengths, window):
    """skipgram_pairs gives every (centre, context) at most window positions apart, in the order agreed."""
    return td.skipgram_pairs(cut(table, lengths), window)


@check("6.1", points=0.1, cases=wide_windows, compare=equal(), follows=["pairs_are_within_the_window"])
def pairs_stay_in_their_sentence(td, table, lengths, window):
    """A window wider than the sentence ends where the sentence does."""
    return td.skipgram_pairs(cut(table, lengths), window)


@check("6.1", points=0.1, cases=repeated_words, compare=equal(), follows=["pairs_are_within_the_window"])
def pairs_of_equal_words_count(td, table, lengths, window):
    """A position is no context of itself, and an equal word at another position is one."""
    return td.skipgram_pairs(cut(table, lengths), window)


@check("6.1", points=0.1, cases=lonely_words, compare=equal())
def pairs_have_two_columns_even_if_there_are_none(td, lengths):
    """skipgram_pairs returns an array of shape (m, 2), and so (0, 2) where there is no pair."""
    return [list(np.shape(td.skipgram_pairs([list(range(n)) for n in row], 1))) for row in lengths.tolist()]


@check("6.1", points=0.1, cases=widths, compare=equal())
def pairs_refuse_an_empty_window(td, windows):
    """skipgram_pairs raises ValueError if window < 1."""
    return [refused(td.skipgram_pairs, [[3, 4, 5], [1, 2]], window) for window in windows.tolist()]


# --- 6.2 negatives ----------------------------------------------------------------------------------------------------


def counts(rng):
    def values(n, power):
        return {"counts": rng.integers(1, 1000, size=n), "power": power}

    return {"unigrams": values(6, 1.0), "flatter": values(9, 0.5), "steeper": values(4, 1.5)}


def counts_alone(rng):
    return {"few": {"counts": rng.integers(1, 1000, size=5)}, "many": {"counts": rng.integers(1, 50, size=30)}}


def counts_with_zeros(rng):
    def values(n, zeros, power):
        drawn = rng.integers(1, 1000, size=n)
        drawn[rng.permutation(n)[:zeros]] = 0
        return {"counts": drawn, "power": power}

    return {"some_zeros": values(8, 3, 0.75), "power_0": values(20, 9, 0.0), "one_word": values(999, 998, 0.5)}


def signs_of_counts(rng):
    """A third each: all right, one negative, none positive."""
    table = rng.integers(0, 5, size=(30, 4))
    table[:, 0] = rng.integers(1, 5, size=30)
    table[:10, 1:] *= rng.integers(0, 2, size=(10, 1))
    table[10:20, 3] = -rng.integers(1, 5, size=10)
    table[20:] = 0
    return {"thirty_calls": {"table": np.array([rng.permutation(row) for row in rng.permutation(table)])}}


@check("6.2", points=0.15, cases=counts, compare=close())
def distribution_is_a_power_of_the_counts(td, counts, power):
    """sampling_distribution is proportional to the counts to this power, and sums to 1; the counts stay."""
    return {"p": td.sampling_distribution(counts, power), "counts": counts}


@check("6.2", points=0.1, cases=counts_alone, compare=close(), follows=["distribution_is_a_power_of_the_counts"])
def distribution_has_power_three_quarters(td, counts):
    """Without a power, sampling_distribution takes 0.75."""
    return td.sampling_distribution(counts)


@check("6.2", points=0.15, cases=counts_with_zeros, compare=close(), follows=["distribution_is_a_power_of_the_counts"])
def distribution_never_draws_what_never_occurs(td, counts, power):
    """A word of count 0 has probability 0, whatever the power is, 0 too."""
    return td.sampling_distribution(counts, power)


@check("6.2", points=0.1, cases=signs_of_counts, compare=equal())
def distribution_refuses(td, table):
    """sampling_distribution raises ValueError where a count is negative, or none is positive."""
    return [refused(td.sampling_distribution, row) for row in table]


def draws_of_negatives(rng):
    def values(n, shape):
        p = rng.uniform(0.2, 1.0, size=n)
        return {"p": p / np.sum(p), "shape": np.array(shape), "seed": int(rng.integers(2**31))}

    return {"table": values(40, [12, 3]), "row": values(16, [15]), "three_axes": values(30, [2, 3, 4])}


@check("6.2", points=0.2, cases=draws_of_negatives, compare=equal())
def negatives_are_drawn_as_agreed(td, p, shape, seed):
    """sample_negatives calls rng.choice once, with size and p, so that everybody draws alike."""
    rng = np.random.default_rng(seed)
    drawn = td.sample_negatives(p, tuple(shape.tolist()), rng)
    return {"drawn": drawn, "next": int(rng.integers(10**6))}


# --- 6.3 the loss and its gradients -----------------------------------------------------------------------------------


def vectors(rng, n, d):
    return {"U": rng.normal(size=(n, d)), "V": rng.normal(size=(n, d))}


def different_words(rng):
    """No word comes twice."""

    def values(n, d, m, k):
        words = rng.permutation(n)[: m * (k + 2)].reshape(m, k + 2)
        ids = {"centers": words[:, 0], "contexts": words[:, 1], "negatives": words[:, 2:]}
        return vectors(rng, n, d) | ids

    return {
        "four_pairs": values(20, 3, 4, 3),
        "one_pair": values(6, 4, 1, 2),
        "as_many_pairs_as_negatives": values(15, 2, 3, 3),
    }


def repeated_ids(rng):
    def values(n, d, m, k):
        ids = {"centers": rng.integers(n, size=m), "contexts": rng.integers(n, size=m)}
        return vectors(rng, n, d) | ids | {"negatives": rng.integers(n, size=(m, k))}

    return {"three_words": values(3, 4, 8, 3), "two_words": values(2, 2, 5, 4)}


def far_vectors(rng):
    """Products of about 1000 and -1000, where one exponential is infinite and the other 0, beside an ordinary pair."""

    def values(right):
        far = rng.uniform(800.0, 1500.0, size=2) * rng.choice([-1.0, 1.0])
        U = np.array([[far[0]], [-far[1]], rng.normal(size=1)])
        V = np.array([[right], [-right], rng.normal(size=1), rng.normal(size=1)]) * np.sign(far[0])
        ids = {"centers": np.array([0, 1, 2]), "contexts": np.array([0, 1, 2])}
        return {"U": U, "V": V} | ids | {"negatives": np.array([[1, 1], [0, 0], [3, 3]])}

    return {"surely_right": values(1.0), "surely_wrong": values(-1.0)}


def loss_by_U(td, U, V, centers, contexts, negatives):
    return (lambda U: td.negative_sampling_loss(U, V, centers, contexts, negatives)), U


def loss_by_V(td, U, V, centers, contexts, negatives):
    return (lambda V: td.negative_sampling_loss(U, V, centers, contexts, negatives)), V


@check("6.3", points=0.45, cases=different_words, compare=close())
def loss_is_a_mean_over_pairs(td, U, V, centers, contexts, negatives):
    """negative_sampling_loss sums over a pair's negatives and takes the mean over the pairs; U, V and ids stay."""
    loss = td.negative_sampling_loss(U, V, centers, contexts, negatives)
    return {"loss": loss, "U": U, "V": V, "centers": centers, "contexts": contexts, "negatives": negatives}


@check("6.3", points=0.15, cases=far_vectors, compare=close(), follows=["loss_is_a_mean_over_pairs"])
def loss_is_exact_far_from_0(td, U, V, centers, contexts, negatives):
    """negative_sampling_loss is exact where |u·v| is 1000: neither inf nor nan, and not cut off."""
    return td.negative_sampling_loss(U, V, centers, contexts, negatives)


@check("6.3", points=0.35, cases=different_words, compare=gradient(atol=1e-6, of=loss_by_U))
def gradient_of_the_centres(td, U, V, centers, contexts, negatives):
    """negative_sampling_gradients gives first the gradient with respect to U."""
    return td.negative_sampling_gradients(U, V, centers, contexts, negatives)[0]


@check("6.3", points=0.35, cases=different_words, compare=gradient(atol=1e-6, of=loss_by_V))
def gradient_of_the_contexts(td, U, V, centers, contexts, negatives):
    """negative_sampling_gradients gives second the gradient with respect to V."""
    return td.negative_sampling_gradients(U, V, centers, contexts, negatives)[1]


@check(
    "6.3",
    points=0.25,
    cases=repeated_ids,
    compare=close(atol=1e-6),
    follows=["gradient_of_the_centres", "gradient_of_the_contexts"],
)
def gradients_of_repeated_ids_add_up(td, U, V, centers, contexts, negatives):
    """A word that occurs several times gets the sum of its gradients; U, V and negatives stay as they are."""
    dU, dV = td.negative_sampling_gradients(U, V, centers, contexts, negatives)
    return {"dU": dU, "dV": dV, "U": U, "V": V, "negatives": negatives}


# --- 6.4 training -----------------------------------------------------------------------------------------------------

# A language of 30 words: five countries and their capitals, two words that go with each country and its capital, five
# that go with countries and five that go with capitals. 120 sentences of three words are 720 pairs. What is drawn is
# free, so the student's rng has one seed for all secrets. Smallest and largest over draws of the language:
#                                                  analogies     loss
#   right: reference, two independent (50)         0.92  1.00    1.42  1.85
#   nothing learnt: small vectors or large (50)    0.00  0.20    2.77  more than 3.1


def language(rng):
    ids = rng.permutation(30)
    countries, capitals, own, roles = ids[:5], ids[5:10], ids[10:20].reshape(5, 2), ids[20:].reshape(2, 5)
    sentences = []
    for i in range(5):
        for names, role in ((countries, roles[0]), (capitals, roles[1])):
            for turn in range(12):
                words = [own[i, turn % 2], names[i], role[turn % 5]]
                sentences.append(words if rng.random() < 0.5 else words[::-1])
    return rng.permutation(sentences), countries, capitals


def questions_about(rng):
    sentences, countries, capitals = language(rng)
    asked = [
        [one[i], other[i], other[j], one[j]]
        for one, other in ((countries, capitals), (capitals, countries))
        for i in range(5)
        for j in range(5)
        if i != j
    ]
    asked = rng.permutation(asked)
    return {"language": {"sentences": sentences, "asked": asked[:, :3], "y": asked[:, 3]}}


def bars_to_pass(rng):
    """Fifty bars from 2.1 to 3.1, each with a number to show where the loss is below it."""
    sentences, _, _ = language(rng)
    p = np.bincount(sentences.ravel(), minlength=30) ** 0.75
    bars = 2.1 + (rng.permutation(50) + 0.5) / 50
    numbers = rng.permutation(np.arange(1, 1000))[:50]
    return {"language": {"sentences": sentences, "p": p / np.sum(p), "bars": bars, "numbers": numbers, "y": numbers}}


@check(
    "6.4",
    points=0.5,
    cases=questions_about,
    compare=accuracy("y", full=0.7, none=0.3),
    follows=["pairs_are_within_the_window"],
)
def training_finds_analogies(td, sentences, asked):
    """Your vectors U of a small language (720 pairs, 30 words) answer questions like "Paris - France + Spain"."""
    U, _ = td.train_skipgram(sentences.tolist(), 30, 8, 2, 3, 20, 0.2, np.random.default_rng(0))
    products = np.asarray(U) @ np.asarray(U).T
    alike = products / np.sqrt(np.outer(np.diag(products), np.diag(products)))
    scores = alike[asked[:, 0]] - alike[asked[:, 1]] + alike[asked[:, 2]]
    for column in asked.T:
        scores[np.arange(len(asked)), column] = -9.0
    return np.argmax(scores, axis=1)


@check(
    "6.4",
    points=0.4,
    cases=bars_to_pass,
    compare=accuracy("y", full=1.0, none=0.5),
    follows=["pairs_are_within_the_window"],
)
def training_brings_the_loss_down(td, sentences, p, bars, numbers):
    """The loss of your U and V falls to 2.1: all points there, fewer above, none from 2.6 on."""
    U, V = td.train_skipgram(sentences.tolist(), 30, 8, 2, 3, 20, 0.2, np.random.default_rng(0))
    scores = np.clip(np.asarray(U) @ np.asarray(V).T, -50.0, 50.0)
    surprise = np.log1p(np.exp(scores)) @ p  # at a word drawn from p
    losses = [
        np.log1p(np.exp(-scores[a, b])) + 3 * surprise[a]
        for sentence in sentences
        for a in sentence
        for b in sentence
        if a != b
    ]
    return np.where(np.mean(losses) <= bars, numbers, 0)


def small_texts(rng):
    """Most of the n_words words never occur."""

    def values(n_words, dim):
        return {"table": rng.integers(9, size=(4, 3)), "n_words": n_words, "dim": dim}

    few, many = rng.integers(10, 100, size=2), rng.integers(100, 200, size=2)
    return {"few_dimensions": values(int(many[0]), int(few[0])), "many_dimensions": values(int(few[1]), int(many[1]))}


@check("6.4", points=0.1, cases=small_texts, compare=equal(), follows=["training_finds_analogies"])
def training_draws_from_rng_alone(td, table, n_words, dim):
    """train_skipgram gives U and V of shape (n_words, dim), and the same ones again from an rng of the same seed."""
    first, again = (
        td.train_skipgram(table.tolist(), n_words, dim, 2, 2, 2, 0.1, np.random.default_rng(7)) for _ in range(2)
    )
    alike = [bool(np.array_equal(one, other)) for one, other in zip(first, again, strict=True)]
    return {"shapes": [list(np.shape(one)) for one in first], "alike": alike}


# --- 6.5 counting -----------------------------------------------------------------------------------------------------


def texts_to_count(rng):
    def values(n_words, n, longest, window):
        lengths = rng.integers(1, longest + 1, size=n)
        table = rng.integers(n_words - 1, size=(n, longest))
        lengths[0], table[0, 1] = longest, table[0, 0]
        return {"table": table, "lengths": lengths, "n_words": n_words, "window": window}

    return {"neighbours": values(5, 8, 6, 1), "two": values(8, 10, 5, 2), "wide": values(4, 5, 6, 4)}


def tables_of_counts(rng):
    return {
        "square": {"C": rng.integers(1, 40, size=(5, 5)) * 1.0},
        "symmetric": {"C": np.add(*(lambda M: (M, M.T))(rng.integers(1, 40, size=(6, 6)))) * 1.0},
        "three_words": {"C": rng.integers(1, 40, size=(3, 3)) * 1.0},
    }


def sparse_counts(rng):
    """Words that never meet, and words that never occur at all."""

    def values(n, empty, most):
        C = rng.integers(1, most + 1, size=(n, n)) * (rng.permutation(n * n).reshape(n, n) < n * n // 2) * 1.0
        C[np.arange(n), np.arange(n)] = rng.integers(1, most + 1, size=n)
        alone = rng.permutation(n)[:empty]
        C[alone], C[:, alone] = 0.0, 0.0
        return {"C": C}

    return {
        "some_never_meet": values(6, 0, 3),
        "some_never_occur": values(7, 2, 60),
        "three_words_alone": values(8, 3, 60),
    }


@check("6.5", points=0.3, cases=texts_to_count, compare=close(), follows=["pairs_are_within_the_window"])
def cooccurrence_counts_pairs(td, table, lengths, n_words, window):
    """cooccurrence counts how often each (centre, context) is a skip-gram pair, in an array of shape (n, n)."""
    return td.cooccurrence(cut(table, lengths), n_words, window)


@check("6.5", points=0.35, cases=tables_of_counts, compare=close(atol=1e-6))
def ppmi_compares_with_chance(td, C):
    """ppmi is the positive part of log(C_ij ΣC / (row_i col_j)), with the natural logarithm; C stays as it is."""
    return {"ppmi": td.ppmi(C), "C": C}


@check("6.5", points=0.15, cases=sparse_counts, compare=close(atol=1e-6), follows=["ppmi_compares_with_chance"])
def ppmi_is_0_where_nothing_was_counted(td, C):
    """ppmi is 0 where C is 0, so in rows without any count, and if nothing was counted: not nan, not -inf."""
    return {"ppmi": td.ppmi(C), "of_nothing": td.ppmi(np.zeros((3, 3)))}


def tables_to_factor(rng):
    """Tables whose singular values are well apart."""

    def values(n, m, dim):
        r = min(n, m)
        left, right = np.linalg.qr(rng.normal(size=(n, n)))[0][:, :r], np.linalg.qr(rng.normal(size=(m, m)))[0][:r]
        scales = 8.0 * 0.6 ** np.arange(r) * rng.uniform(0.9, 1.1, size=r)
        return {"M": (left * scales) @ right, "dim": dim}

    return {"square": values(5, 5, 3), "tall": values(7, 4, 2), "wide": values(3, 6, 3), "one": values(6, 6, 1)}


def many_tables(rng):
    """Of one or two columns, every rule for signs may be right by chance."""
    return {"ten_tables": {"Ms": np.stack([tables_to_factor(rng)["square"]["M"] for _ in range(10)])}}


def dimensions(rng):
    n, m = rng.integers(1, 6, size=30), rng.integers(1, 6, size=30)
    dim = np.where(rng.random(30) < 0.5, rng.integers(-1, 7, size=30), np.minimum(n, m) + rng.choice([0, 1], size=30))
    n[:6], m[:6], dim[:6] = [3, 3, 5, 2, 4, 4], [4, 3, 2, 5, 4, 4], [0, -1, 3, 3, 4, 1]
    return {"thirty_calls": {"calls": np.stack([n, m, dim], axis=1)}}


@check("6.5", points=0.3, cases=tables_to_factor, compare=close(atol=1e-5))
def svd_embedding_has_roots_of_singular_values(td, M, dim):
    """svd_embedding is the first columns of U √Σ; signs do not matter here; M stays as it is."""
    return {"embedding": np.abs(td.svd_embedding(M, dim)), "M": M}


@check(
    "6.5",
    points=0.1,
    cases=many_tables,
    compare=close(atol=1e-5),
    follows=["svd_embedding_has_roots_of_singular_values"],
)
def svd_embedding_makes_the_largest_entry_positive(td, Ms):
    """In each column of svd_embedding, the entry largest in absolute value is positive."""
    return np.array([td.svd_embedding(M, 3) for M in Ms])


@check("6.5", points=0.1, cases=dimensions, compare=equal())
def svd_embedding_refuses(td, calls):
    """svd_embedding raises ValueError unless dim is from 1 to the smaller side of M."""
    return [refused(td.svd_embedding, np.eye(n, m) + 1.0, dim) for n, m, dim in calls.tolist()]


# --- 6.6 cosines and analogies ----------------------------------------------------------------------------------------


def pairs_of_tables(rng):
    def values(n, m, d):
        lengths = rng.uniform(0.1, 5.0, size=(n, 1))
        return {"A": lengths * rng.normal(size=(n, d)), "B": 3.0 * rng.normal(size=(m, d))}

    return {"two_tables": values(5, 4, 3), "one_row": values(1, 6, 2), "square": values(4, 4, 4)}


def tables_with_zeros(rng):
    A, B = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
    A[rng.integers(5)], B[rng.integers(4)] = 0.0, 0.0
    return {"zero_rows": {"A": A, "B": B}}


def numbers_of_columns(rng):
    columns = rng.integers(1, 4, size=(30, 2))
    same = rng.random(30) < 0.4
    columns[same, 1] = columns[same, 0]
    columns[:4] = [[1, 3], [3, 1], [2, 2], [1, 1]]
    return {"thirty_calls": {"columns": columns}}


@check("6.6", points=0.2, cases=pairs_of_tables, compare=close(atol=1e-6))
def cosines_of_all_pairs(td, A, B):
    """cosine_similarity gives the cosine of each row of A with each row of B; A and B stay as they are."""
    return {"cosines": td.cosine_similarity(A, B), "A": A, "B": B}


@check("6.6", points=0.1, cases=tables_with_zeros, compare=close(atol=1e-6), follows=["cosines_of_all_pairs"])
def cosines_of_zeros_are_0(td, A, B):
    """The cosine of a row of zeros with anything is 0."""
    return td.cosine_similarity(A, B)


@check("6.6", points=0.1, cases=numbers_of_columns, compare=equal())
def cosines_refuse_other_dimensions(td, columns):
    """cosine_similarity raises ValueError where rows of A and B have different lengths."""
    return [refused(td.cosine_similarity, np.ones((3, a)), np.ones((2, b))) for a, b in columns.tolist()]


def embeddings(rng):
    """Rows of very different lengths, as frequent and rare words have; each word may be asked."""

    def values(n, d):
        E = rng.normal(size=(n, d)) * rng.uniform(0.2, 4.0, size=(n, 1))
        return {"words": some_words(rng, n), "E": E}

    return {"plane": values(12, 2), "space": values(15, 5)}


def along_the_axes(rng, n, d):
    """Rows of length 1 along the axes: equal cosines are equal exactly, by A / (norm + 1e-12) too."""
    E = np.zeros((n, d))
    E[np.arange(n), np.arange(n) % d] = rng.choice([-1.0, 1.0], size=n)
    return {"words": some_words(rng, n), "E": rng.permutation(E)}


def equal_cosines(rng):
    return {"axes": along_the_axes(rng, 30, 3), "more_axes": along_the_axes(rng, 32, 4)}


def unknown_words(rng):
    """About half of the calls ask for a word that is there, and for a number of neighbours that there are."""
    known, k = rng.random(30) < 0.75, rng.integers(-1, 8, size=30)
    known[:5], k[:5] = [True, True, True, False, True], [0, 4, 5, 2, 1]
    k[12:] = rng.integers(1, 5, size=18)
    return {"thirty_calls": {"words": some_words(rng, 6), "known": known, "k": k}}


@check("6.6", points=0.3, cases=embeddings, compare=equal(), follows=["cosines_of_all_pairs"])
def neighbours_come_by_falling_cosine(td, words, E):
    """nearest_words gives a list of words by falling cosine, for each word asked, and never that word itself."""
    return [list(td.nearest_words(words.tolist(), E, word, 4)) for word in words.tolist()]


@check("6.6", points=0.1, cases=equal_cosines, compare=equal(), follows=["neighbours_come_by_falling_cosine"])
def neighbours_at_ties_by_id(td, words, E):
    """At equal cosines, nearest_words gives the word with the smaller id first."""
    return [list(td.nearest_words(words.tolist(), E, word, 25)) for word in words[:10].tolist()]


@check("6.6", points=0.1, cases=unknown_words, compare=equal())
def neighbours_refuse(td, words, known, k):
    """nearest_words raises ValueError for a word that is not in the list, and unless 1 <= k <= n - 1."""
    E, vocabulary = np.arange(10.0).reshape(5, 2) ** 2, words[:5].tolist()
    asked = np.where(known, words[0], words[5]).tolist()
    return [refused(td.nearest_words, vocabulary, E, asked[i], int(k[i])) for i in range(len(k))]


def analogies_to_find(rng):
    """Forty questions each, of words drawn: there is no right answer but the nearest."""

    def values(n, d):
        asked = np.array([rng.permutation(n)[:3] for _ in range(40)])
        return {
            "words": some_words(rng, n),
            "E": rng.normal(size=(n, d)) * rng.uniform(0.2, 4.0, size=(n, 1)),
            "asked": asked,
        }

    return {"space": values(12, 3), "more": values(20, 6)}


def analogies_at_ties(rng):
    """A row is 0, and nobody asks about it."""

    def values(n, d):
        drawn, zero = along_the_axes(rng, n, d), rng.integers(n)
        drawn["E"][zero] = 0.0
        others = np.delete(np.arange(n), zero)
        return drawn | {"asked": np.array([rng.permutation(others)[:3] for _ in range(40)])}

    return {"axes": values(12, 3), "many": values(16, 4)}


def words_to_know(rng):
    """Which of a, b and c are known: in half of the calls all of them, else one is not."""
    known = np.ones((30, 3), dtype=bool)
    known[np.arange(15), rng.integers(3, size=15)] = False
    known[:3] = ~np.eye(3, dtype=bool)
    return {"thirty_calls": {"words": some_words(rng, 8), "known": rng.permutation(known)}}


@check("6.6", points=0.3, cases=analogies_to_find, compare=equal(), follows=["cosines_of_all_pairs"])
def analogy_is_nearest_to_the_sum(td, words, E, asked):
    """analogy gives the word nearest to a - b + c, of rows of length 1, and never a, b or c themselves."""
    return [td.analogy(words.tolist(), E, *three) for three in words[asked].tolist()]


@check(
    "6.6",
    points=0.1,
    cases=analogies_at_ties,
    compare=equal(),
    follows=["analogy_is_nearest_to_the_sum", "cosines_of_zeros_are_0"],
)
def analogy_at_ties_by_id(td, words, E, asked):
    """At equal cosines, analogy gives the word with the smallest id; a row of zeros has the cosine 0."""
    return [td.analogy(words.tolist(), E, *three) for three in words[asked].tolist()]


@check("6.6", points=0.1, cases=words_to_know, compare=equal())
def analogy_refuses_unknown_words(td, words, known):
    """analogy raises ValueError if a, b or c is not in the list."""
    E, vocabulary = np.arange(10.0).reshape(5, 2) ** 2, words[:5].tolist()
    asked = np.where(known, words[:3], words[5:]).tolist()
    return [refused(td.analogy, vocabulary, E, *three) for three in asked]


@check("6.6", points=0.1, cases=embeddings, compare=close(), follows=["cosines_of_all_pairs"])
def embedding_stays_as_it_is(td, words, E):
    """After nearest_words and analogy, E and the list of words are as before."""
    vocabulary = words.tolist()
    td.nearest_words(vocabulary, E, vocabulary[0], 3)
    td.analogy(vocabulary, E, *vocabulary[1:4])
    return {"E": E, "same_words": float(vocabulary == words.tolist())}


# --- 6.7 a map --------------------------------------------------------------------------------------------------------


def ellipsoids(rng):
    """Data whose variances are well apart, around a mean that is not 0."""

    def values(n, d, k):
        left = rng.normal(size=(n, d))
        left = np.linalg.qr(left - left.mean(axis=0))[0]
        scales = np.sqrt(n) * 2.0 * 0.6 ** np.arange(d) * rng.uniform(0.9, 1.1, size=d)
        mean = rng.uniform(1.0, 3.0, size=d) * rng.choice([-1.0, 1.0], size=d)
        return {"E": (left * scales) @ np.linalg.qr(rng.normal(size=(d, d)))[0] + mean, "k": k}

    return {"plane": values(20, 5, 2), "line": values(12, 4, 1), "space": values(10, 3, 3)}


def many_ellipsoids(rng):
    return {"ten_times": {"Es": np.stack([ellipsoids(rng)["plane"]["E"] for _ in range(10)])}}


@check("6.7", points=0.35, cases=ellipsoids, compare=close(atol=1e-5))
def projection_keeps_the_largest_variance(td, E, k):
    """pca_projection centres the rows and projects them on the first k axes; signs do not matter here; E stays."""
    return {"places": np.abs(td.pca_projection(E, k)), "E": E}


@check(
    "6.7",
    points=0.15,
    cases=many_ellipsoids,
    compare=close(atol=1e-5),
    follows=["projection_keeps_the_largest_variance"],
)
def projection_makes_the_largest_entry_positive(td, Es):
    """In each axis of pca_projection (k = 2 without saying so), the entry largest in absolute value is positive."""
    return np.array([td.pca_projection(E) for E in Es])


# --- 6.8 rotations ----------------------------------------------------------------------------------------------------


def orthogonal(rng, d, determinant):
    W = np.linalg.qr(rng.normal(size=(d, d)))[0]
    W[0] *= determinant * np.sign(np.linalg.det(W))
    return W


def turned_clouds(rng):
    """Clouds turned and reflected, and clouds that have little to do with each other."""

    def values(n, d, determinant, noise):
        W = orthogonal(rng, d, determinant)
        X = rng.normal(size=(n, d))
        return {"X": X, "Y": X @ W.T + noise * rng.normal(size=(n, d))}

    return {
        "turned": values(12, 3, 1.0, 0.1),
        "reflected": values(12, 4, -1.0, 0.1),
        "noisy": values(20, 2, 1.0, 0.3),
        "few": values(7, 4, -1.0, 0.0),
    }


def shapes_of_clouds(rng):
    shapes = rng.integers(2, 4, size=(30, 4))
    same = rng.random(30) < 0.45
    shapes[same, 2:] = shapes[same, :2]
    shapes[:4] = [[3, 2, 2, 2], [3, 2, 3, 3], [2, 3, 3, 2], [2, 3, 2, 3]]
    return {"thirty_calls": {"shapes": shapes}}


def matrices(rng):
    def values(d, beta):
        return {"W": rng.normal(size=(d, d)), "beta": beta}

    return {"three": values(3, float(rng.uniform(0.1, 0.5))), "four": values(4, float(rng.uniform(0.1, 0.5)))}


def matrices_alone(rng):
    return {"three": {"W": 4.0 * rng.normal(size=(3, 3))}}


@check("6.8", points=0.4, cases=turned_clouds, compare=close(atol=1e-5))
def procrustes_finds_the_rotation(td, X, Y):
    """procrustes gives the orthogonal W for which Σ|W x_i - y_i|² is smallest, rotation or reflection; X and Y stay."""
    return {"W": td.procrustes(X, Y), "X": X, "Y": Y}


@check("6.8", points=0.1, cases=shapes_of_clouds, compare=equal())
def procrustes_refuses_other_shapes(td, shapes):
    """procrustes raises ValueError where X and Y differ in shape."""
    points = np.arange(40.0) ** 1.5 % 7
    return [
        refused(td.procrustes, points[: a * b].reshape(a, b).copy(), points[-c * d :].reshape(c, d).copy())
        for a, b, c, d in shapes
    ]


@check("6.8", points=0.2, cases=matrices, compare=close(atol=1e-6))
def orthogonalize_takes_a_step(td, W, beta):
    """orthogonalize gives (1 + β) W - β W Wᵀ W; W stays as it is."""
    return {"step": td.orthogonalize(W, beta), "W": W}


@check("6.8", points=0.1, cases=matrices_alone, compare=close(atol=1e-5), follows=["orthogonalize_takes_a_step"])
def orthogonalize_has_a_small_beta(td, W):
    """Without a β, orthogonalize takes 0.01."""
    return td.orthogonalize(W)


# --- 6.9 translations -------------------------------------------------------------------------------------------------


def two_languages(rng):
    def values(n, m, d, k):
        lengths = rng.uniform(0.3, 3.0, size=(n, 1))
        return {"X": lengths * rng.normal(size=(n, d)), "Y": rng.normal(size=(m, d)), "k": k}

    return {"three": values(8, 6, 4, 3), "nearest": values(5, 7, 3, 1), "all": values(4, 4, 2, 4)}


def numbers_of_neighbours(rng):
    n, m, k = rng.integers(1, 6, size=30), rng.integers(1, 6, size=30), rng.integers(-1, 6, size=30)
    k = np.where(rng.random(30) < 0.5, np.maximum(np.minimum(np.minimum(n, m), k), 1), k)
    n[:5], m[:5], k[:5] = [3, 5, 3, 4, 4], [5, 3, 3, 4, 2], [4, 4, 3, 0, -1]
    return {"thirty_calls": {"calls": np.stack([n, m, k], axis=1)}}


def similarities(rng):
    """Real ones, and integers, of which many are equal."""
    return {
        "real": {"S": rng.normal(size=(25, 20))},
        "wide": {"S": rng.normal(size=(12, 30))},
        "ties": {"S": rng.integers(0, 25, size=(25, 25))},
    }


def nearly_turned(rng):
    """A cloud and itself, turned, shuffled and a little blurred; some points have no partner, and W is nearly right."""

    def values(n, d, determinant, k):
        right = orthogonal(rng, d, determinant)
        X = rng.normal(size=(n, d))
        Y = rng.permutation(np.concatenate([X[: n - 4] @ right.T, rng.normal(size=(6, d))]))
        Y = Y + 0.3 * rng.normal(size=Y.shape)
        return {"X": X, "Y": Y, "W": right + 0.15 * rng.normal(size=(d, d)), "k": k}

    return {"turned": values(60, 4, 1.0, 5), "reflected": values(50, 3, -1.0, 3)}


@check("6.9", points=0.35, cases=two_languages, compare=close(atol=1e-5), follows=["cosines_of_all_pairs"])
def csls_takes_off_the_neighbourhoods(td, X, Y, k):
    """csls is 2 cos minus the means of the k best cosines of x and of y; X and Y stay as they are."""
    return {"csls": td.csls(X, Y, k), "X": X, "Y": Y}


@check("6.9", points=0.1, cases=numbers_of_neighbours, compare=equal())
def csls_refuses(td, calls):
    """csls raises ValueError unless 1 <= k <= min(n, m)."""
    return [refused(td.csls, np.eye(n, 7) + 1.0, np.eye(m, 7) + 2.0, k) for n, m, k in calls.tolist()]


@check("6.9", points=0.35, cases=similarities, compare=equal())
def mutual_neighbours_choose_each_other(td, S):
    """mutual_nearest_neighbours gives pairs (i, j) that are each other's best, at ties the smaller index; S stays."""
    return {"pairs": sorted(np.asarray(td.mutual_nearest_neighbours(S)).tolist()), "S": S}


@check(
    "6.9",
    points=0.4,
    cases=nearly_turned,
    compare=close(atol=1e-5),
    follows=["procrustes_finds_the_rotation", "csls_takes_off_the_neighbourhoods"],
)
def refine_learns_from_its_translations(td, X, Y, W, k):
    """refine is procrustes on the mutual nearest neighbours of csls(X Wᵀ, Y, k); X, Y and W stay as they are."""
    return {"refined": td.refine(X, Y, W, k), "X": X, "Y": Y, "W": W}
