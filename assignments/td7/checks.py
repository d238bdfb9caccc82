"""Attention and in-context learning: 10 points; 8 of them for questions 7.1 to 7.8, which are for the TD's three hours.

One mistake is paid once, as far as functions that are built on others allow: a block of a GPT is made of attention and
layer norms. What is refused is asked of many inputs at once, of which about half are right, so that neither raising
always nor never is worth anything; a size of 1, which numpy broadcasts without a word, is among them.

An answer computed in float32 passes, but where a check's sentence says float64.
"""

import numpy as np
from sklearn.datasets import load_wine

from grader.authoring import accuracy, check, close, equal, gradient, predicate


def refused(function, *arguments):
    """Does a call raise ValueError?"""
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


def plain(ids):
    """Whatever holds integers, as a list."""
    return [int(i) for i in ids]


# --- 7.1 tokens -------------------------------------------------------------------------------------------------------


def lists_with_a_winner(rng):
    """Some pair of different ids occurs ten times, each other one rarely."""
    found = []
    for _ in range(8):
        a, b = rng.permutation(np.arange(20, 90))[:2]
        found.append(np.stack([np.full(10, a), np.full(10, b), rng.integers(20, size=10)], axis=1).ravel())
    return {"eight_lists": {"lists": np.array(found)}}


def lists_with_ties(rng):
    """Ids without order among which every pair occurs once; and others among which pairs do twice."""
    found = []
    for _ in range(4):
        once = rng.permutation(np.arange(1, 90))[:13]
        twice = np.tile(rng.permutation(np.arange(1, 90))[:6], 2)
        found += [once, np.append(twice, 0)]
    return {"eight_lists": {"lists": np.array(found)}}


def lists_with_runs(rng):
    """A run of six, in which a pair occurs five times if one counts what overlaps, and three times if not."""
    found = []
    for _ in range(8):
        a, b, c, *others = rng.permutation(np.arange(90))[:8].tolist()
        found.append([a] * 6 + [x for other in others[:4] for x in (b, c, other)])
    return {"eight_lists": {"lists": np.array(found)}}


def lengths(rng):
    n = rng.integers(0, 4, size=30)
    n[:4] = [0, 1, 2, 3]
    return {"thirty_lists": {"n": n}}


@check("7.1", points=0.15, cases=lists_with_a_winner, compare=equal())
def most_frequent_pair_counts_neighbours(td, lists):
    """most_frequent_pair finds the pair of neighbours (a, b), in this order, that occurs most often."""
    return [plain(td.most_frequent_pair(ids.tolist())) for ids in lists]


@check("7.1", points=0.1, cases=lists_with_ties, compare=equal(), follows=["most_frequent_pair_counts_neighbours"])
def most_frequent_pair_settles_ties(td, lists):
    """Of pairs that occur equally often, most_frequent_pair returns the smallest, as Python compares tuples."""
    return [plain(td.most_frequent_pair(ids.tolist())) for ids in lists]


@check("7.1", points=0.1, cases=lists_with_runs, compare=equal(), follows=["most_frequent_pair_counts_neighbours"])
def most_frequent_pair_counts_overlaps(td, lists):
    """In a, a, a the pair (a, a) occurs twice for most_frequent_pair: pairs that overlap all count."""
    return [plain(td.most_frequent_pair(ids.tolist())) for ids in lists]


@check("7.1", points=0.05, cases=lengths, compare=equal())
def most_frequent_pair_refuses(td, n):
    """most_frequent_pair raises ValueError where there are less than two ids."""
    return [refused(td.most_frequent_pair, list(range(k))) for k in n.tolist()]


def lists_to_merge(rng):
    def values(a, b):
        return {"lists": rng.choice([a, a, b, 3], size=(6, 20)), "pair": (a, b), "new_id": int(rng.integers(256, 999))}

    return {"different": values(*rng.permutation(np.arange(10, 99))[:2].tolist()), "equal": values(7, 7)}


@check("7.1", points=0.15, cases=lists_to_merge, compare=equal())
def merge_pair_goes_from_the_left(td, lists, pair, new_id):
    """merge_pair replaces the pair wherever it occurs, from the left: a, a, a becomes the new id and a."""
    return [plain(td.merge_pair(ids.tolist(), pair, new_id)) for ids in lists]


def texts_to_train_on(rng):
    def text(letters, n):
        """No letter, and no word, twice in a row: only one of the texts below has pairs that overlap."""
        words = ["".join(rng.permutation(list(letters))[:4]) for _ in range(5)]
        return " ".join(words[i] for i in np.cumsum(rng.integers(1, 5, size=n)) % 5)

    a, b, c, *others = rng.permutation(list("abcdefgh")).tolist()
    run = 6 * a + "".join(b + c + other for other in others[:4])  # as in lists_with_runs
    runs = "".join(letter * int(rng.integers(2, 8)) for letter in rng.permutation(list("abcdefgh")))
    return {
        "words": {"texts": [text("abcdefghijkl", 30)], "n_merges": 12},
        "accents": {"texts": [text("aéèçœ", 20) for _ in range(5)], "n_merges": 6},
        "soon_at_an_end": {
            "texts": [text("abcdef", 3), runs, "".join(rng.permutation(list("abcdef"))), run, "aaa", "a", ""]
        }
        | {"n_merges": 40},
    }


@check(
    "7.1",
    points=0.2,
    cases=texts_to_train_on,
    compare=equal(),
    follows=["most_frequent_pair_counts_neighbours", "merge_pair_goes_from_the_left"],
)
def bpe_train_learns_merges(td, texts, n_merges):
    """bpe_train merges the most frequent pair of the UTF-8 bytes and so on, until none occurs twice: shape (m, 2)."""
    found = []
    for text in texts:
        merges = np.asarray(td.bpe_train(text, n_merges))
        found.append({"shape": list(merges.shape), "merges": merges.tolist()})
    return found


def texts_with_merges(rng):
    """Merges of bytes and of earlier merges, drawn at random; the second is of two equal ids."""

    def values(letters, pairs, known):
        for i in range(len(pairs), len(pairs) + 6):
            pairs.append(rng.permutation(known)[:2].tolist())
            known = [*known, 256 + i]
        return {"texts": ["".join(rng.choice(letters, size=60)) for _ in range(4)], "merges": np.array(pairs)}

    a, b, c = rng.permutation([97, 98, 99]).tolist()
    é, à = [0xC3, 0xA9], [0xC3, 0xA0]
    return {
        "letters": values(list("abc"), [[a, b], [c, c]], [a, b, c, 256, 257]),
        "accents": values(list("éà"), [é, [256, 256], à], [256, 257, 258]),
    }


@check("7.1", points=0.15, cases=texts_with_merges, compare=equal(), follows=["merge_pair_goes_from_the_left"])
def bpe_encode_merges_in_order(td, texts, merges):
    """bpe_encode takes the text's UTF-8 bytes and applies the merges in the order in which they were learnt."""
    return [plain(td.bpe_encode(text, merges)) for text in texts]


def ids_with_merges(rng):
    """Merges of merges; and ids among which are bytes that are no whole character."""
    merges = np.array([[97 + rng.integers(9), 97 + rng.integers(9)], [256, 97 + rng.integers(9)], [257, 256]])
    return {
        "letters": {"ids": rng.choice([97, 98, 99, 256, 257, 258], size=(5, 12)), "merges": merges},
        "half_characters": {"ids": rng.choice([97, 0xC3, 0xA9, 256, 257], size=(5, 12)), "merges": merges},
    }


@check("7.1", points=0.15, cases=ids_with_merges, compare=equal())
def bpe_decode_gives_the_text(td, ids, merges):
    """bpe_decode gives the text of the ids' bytes; what is no UTF-8 becomes U+FFFD, and no exception."""
    return [str(td.bpe_decode(row.tolist(), merges)) for row in ids]


def ids_beyond_the_merges(rng):
    ids = rng.integers(97, 123, size=(30, 4))
    ids[np.arange(0, 30, 3), rng.integers(4, size=10)] = rng.choice([-1, -200, 259, 300], size=10)
    ids[np.arange(1, 30, 3), rng.integers(4, size=10)] = rng.integers(256, 259, size=10)
    ids[:3] = [[97, 258, 97, 97], [97, 97, 97, -1], [259, 97, 97, 97]]
    return {"thirty_lists": {"ids": rng.permutation(ids)}}


@check("7.1", points=0.05, cases=ids_beyond_the_merges, compare=equal())
def bpe_decode_refuses_unknown_ids(td, ids):
    """bpe_decode raises ValueError on ids that are neither a byte nor a merge, negative ones too."""
    merges = np.array([[97, 98], [256, 99], [257, 257]])
    return [refused(td.bpe_decode, row.tolist(), merges) for row in ids]


# --- 7.2 attention ----------------------------------------------------------------------------------------------------


def sizes_of_masks(rng):
    n = rng.integers(1, 7, size=12)
    return {"twelve_sizes": {"sizes": np.stack([n, n + rng.integers(0, 5, size=12)], axis=1)}}


def sizes_of_impossible_masks(rng):
    sizes = rng.integers(1, 6, size=(30, 2))
    sizes[:3] = [[2, 2], [3, 2], [2, 3]]
    return {"thirty_sizes": {"sizes": sizes}}


@check("7.2", points=0.2, cases=sizes_of_masks, compare=equal())
def causal_mask_hides_the_future(td, sizes):
    """causal_mask(n, m) is True where a query may attend: the n queries are the last of m positions, without m of n."""
    masks = [td.causal_mask(n, m) for n, m in sizes.tolist()] + [td.causal_mask(n) for n in sizes[:, 0].tolist()]
    return {
        "masks": [np.asarray(mask).tolist() for mask in masks],
        "bool": [np.asarray(mask).dtype == bool for mask in masks],
    }


@check("7.2", points=0.05, cases=sizes_of_impossible_masks, compare=equal())
def causal_mask_refuses(td, sizes):
    """causal_mask raises ValueError where there are more queries than positions."""
    return [refused(td.causal_mask, n, m) for n, m in sizes.tolist()]


def queries(rng):
    def values(batch, n, m, d, e):
        shapes = {"Q": (n, d), "K": (m, d), "V": (m, e)}
        return {name: 1.5 * rng.normal(size=(*batch, *shape)) for name, shape in shapes.items()}

    return {
        "three_queries": values((), 3, 4, 2, 5),
        "square": values((), 3, 3, 3, 3),
        "batch": values((2,), 3, 4, 5, 2),
        "batch_of_heads": values((2, 3), 4, 2, 6, 1),
    }


def masked_queries(rng):
    """Each query may attend to something."""
    masks = {"three_queries": (3, 4), "square": (3,), "batch": (2, 1, 4), "batch_of_heads": (2, 1, 4, 2)}
    return {
        name: values | {"mask": allowed(rng, masks[name]) if name != "square" else rng.permutation(3) > 0}
        for name, values in queries(rng).items()
    }


def allowed(rng, shape):
    """Random booleans, in each row at least one True; and at least one False where a row has more than two."""
    return np.argsort(rng.random(shape), axis=-1) < max(1, shape[-1] // 2)


def queries_that_see_nothing(rng):
    drawn = queries(rng)
    batch = allowed(rng, (2, 3, 4))
    batch[0, rng.integers(3)] = batch[1, rng.integers(3)] = False
    return {
        "three_queries": drawn["three_queries"] | {"mask": rng.permutation(3)[:, None] > 0},
        "batch": drawn["batch"] | {"mask": batch},
    }


def large_scores(rng):
    """Scores of ± 10⁶, whose differences are small among those of one sign."""

    def values(n, m):
        Q, K = rng.normal(size=(n, 4)), rng.normal(size=(m, 4))
        Q[:, 0], K[:, 0] = 1000.0 * rng.permutation(np.where(np.arange(n) % 2, -1, 1)), 2000.0
        K[0, 0] = -2000.0
        return {"Q": Q, "K": K, "V": rng.normal(size=(m, 2))}

    return {"four_queries": values(4, 5), "two_queries": values(2, 3)}


def shapes_for_attention(rng):
    """Columns of K, which Q has 3 of; keys, values; and what mask there is: none, one that fits, one that does not."""
    d, m, mask = (
        rng.choice([3, 3, 3, 3, 1, 2], size=30),
        rng.choice([4, 4, 4, 4, 1, 3], size=30),
        rng.integers(3, size=30),
    )
    mask[rng.random(30) < 0.6] = 0
    d[:6], m[:6], mask[:6] = [3, 1, 2, 3, 3, 3], [4, 4, 4, 1, 4, 4], [0, 0, 0, 0, 1, 2]
    return {"thirty_shapes": {"shapes": np.stack([d, m, mask], axis=1)}}


@check("7.2", points=0.5, cases=queries, compare=close(atol=1e-6))
def attention_is_a_weighted_mean(td, Q, K, V):
    """attention returns softmax(Q K^T / √d) V and the weights, over any batch axes."""
    out, weights = td.attention(Q, K, V)
    return {"out": out, "weights": weights}


@check("7.2", points=0.25, cases=masked_queries, compare=close(atol=1e-6), follows=["attention_is_a_weighted_mean"])
def attention_leaves_out_what_is_masked(td, Q, K, V, mask):
    """Keys where the mask is False get weight 0, and the others share 1; the mask may have fewer axes."""
    out, weights = td.attention(Q, K, V, mask)
    return {"out": out, "weights": weights}


@check(
    "7.2",
    points=0.1,
    cases=queries_that_see_nothing,
    compare=close(atol=1e-6),
    follows=["attention_leaves_out_what_is_masked"],
)
def attention_to_nothing_is_0(td, Q, K, V, mask):
    """A query that may attend to nothing gets 0, in the output and in the weights, and not nan."""
    out, weights = td.attention(Q, K, V, mask)
    return {"out": out, "weights": weights}


@check("7.2", points=0.2, cases=large_scores, compare=close(atol=1e-6), follows=["attention_is_a_weighted_mean"])
def attention_survives_large_scores(td, Q, K, V):
    """Your attention is finite and right where products of queries and keys are ± 10⁶, in float64."""
    out, weights = td.attention(Q, K, V)
    return {"out": out, "weights": weights}


@check("7.2", points=0.1, cases=shapes_for_attention, compare=equal())
def attention_refuses_other_shapes(td, shapes):
    """attention raises ValueError where Q, K, V and the mask do not fit together."""
    found = []
    for d, m, kind in shapes.tolist():
        mask = (None, np.ones((2, 4), dtype=bool), np.ones((2, 3), dtype=bool))[kind]
        found.append(refused(td.attention, np.ones((2, 3)), np.ones((4, d)), np.ones((m, 2)), mask))
    return found


# --- 7.3 heads, layer norm, positions ---------------------------------------------------------------------------------


def columns(rng):
    return {
        "two_heads": {"x": rng.normal(size=(3, 6)), "h": 2},
        "batch": {"x": rng.normal(size=(2, 4, 6)), "h": 3},
        "two_batch_axes": {"x": rng.normal(size=(2, 3, 2, 8)), "h": 4},
        "one_head": {"x": rng.normal(size=(3, 4)), "h": 1},
    }


def heads(rng):
    shapes = {"two_heads": (2, 3, 3), "batch": (2, 3, 4, 2), "two_batch_axes": (2, 3, 4, 2, 2)}
    return {name: {"x": rng.normal(size=shape)} for name, shape in shapes.items()}


def numbers_of_heads(rng):
    h = rng.integers(1, 7, size=30)
    d = h * rng.integers(1, 4, size=30) + np.where(rng.random(30) < 0.5, 0, rng.integers(1, 6, size=30))
    h[:3], d[:3] = [2, 4, 5], [6, 6, 4]
    return {"thirty_calls": {"calls": np.stack([d, h], axis=1)}}


@check("7.3", points=0.15, cases=columns, compare=close())
def split_heads_cuts_columns(td, x, h):
    """split_heads makes (…, h, n, d/h) of (…, n, d): head i has the i-th d/h columns."""
    return td.split_heads(x, h)


@check("7.3", points=0.15, cases=heads, compare=close())
def merge_heads_puts_columns_together(td, x):
    """merge_heads makes (…, n, h e) of (…, h, n, e): the columns of head 0 come first."""
    return td.merge_heads(x)


@check("7.3", points=0.05, cases=numbers_of_heads, compare=equal())
def split_heads_refuses(td, calls):
    """split_heads raises ValueError where h does not divide the number of columns."""
    return [refused(td.split_heads, np.ones((3, d)), h) for d, h in calls.tolist()]


def rows_to_normalise(rng):
    def values(*shape):
        x = rng.uniform(1.0, 3.0) + 2.0 * rng.normal(size=shape)
        return {"x": x, "gamma": rng.uniform(0.5, 2.0, size=shape[-1]), "beta": rng.normal(size=shape[-1])}

    return {"rows": values(3, 5), "square": values(4, 4), "batch": values(2, 3, 4), "one_row": values(6)}


def rows_that_hardly_vary(rng):
    """Deviations of 0.001 to 0.003, whose squares are less than eps; and a larger eps."""

    def values(eps, scale):
        x = 1.0 + scale * rng.uniform(1.0, 3.0, size=(3, 1)) * rng.normal(size=(3, 5))
        return {"x": x, "gamma": rng.uniform(0.5, 2.0, size=5), "beta": rng.normal(size=5), "eps": eps}

    return {"eps_of_the_default": values(None, 1e-3), "another_eps": values(float(rng.uniform(0.3, 1.0)), 1.0)}


def shapes_for_layer_norm(rng):
    gamma, beta = rng.choice([4, 4, 4, 4, 1, 3, 5], size=(2, 30))
    gamma[:5], beta[:5] = [4, 1, 4, 3, 1], [4, 4, 1, 4, 1]
    return {"thirty_shapes": {"shapes": np.stack([gamma, beta], axis=1)}}


@check("7.3", points=0.25, cases=rows_to_normalise, compare=close(atol=1e-5))
def layer_norm_normalises_rows(td, x, gamma, beta):
    """layer_norm shifts and scales each row by its own mean and variance (over d), then by gamma and beta."""
    return td.layer_norm(x, gamma, beta)


@check("7.3", points=0.1, cases=rows_that_hardly_vary, compare=close(atol=1e-5), follows=["layer_norm_normalises_rows"])
def layer_norm_adds_eps_to_the_variance(td, x, gamma, beta, eps):
    """layer_norm divides by √(variance + eps), with 1e-5 unless eps is given."""
    return td.layer_norm(x, gamma, beta) if eps is None else td.layer_norm(x, gamma, beta, eps)


@check("7.3", points=0.05, cases=shapes_for_layer_norm, compare=equal())
def layer_norm_refuses_other_shapes(td, shapes):
    """layer_norm raises ValueError unless gamma and beta have an entry for each column of x."""
    x = np.arange(12.0).reshape(3, 4)
    return [refused(td.layer_norm, x, np.ones(a), np.ones(b)) for a, b in shapes.tolist()]


def sizes_of_positions(rng):
    return {"four_sizes": {"n": rng.permutation(np.arange(3, 30))[:4], "d": 2 * rng.permutation(np.arange(1, 6))[:4]}}


def numbers_of_columns(rng):
    return {"thirty_calls": {"d": rng.integers(1, 12, size=30)}}


@check("7.3", points=0.15, cases=sizes_of_positions, compare=close(atol=1e-5))
def positions_are_sines_and_cosines(td, n, d):
    """sinusoidal_positions has sin(p / 10000^(2i/d)) in column 2i, and the cosine in column 2i + 1."""
    return {str(i): td.sinusoidal_positions(int(n[i]), int(d[i])) for i in range(len(n))}


@check("7.3", points=0.05, cases=numbers_of_columns, compare=equal())
def positions_refuse_odd_columns(td, d):
    """sinusoidal_positions raises ValueError where the number of columns is odd."""
    return [refused(td.sinusoidal_positions, 3, columns) for columns in d.tolist()]


def values_around_0(rng):
    return {
        "matrix": {"x": 2.0 * rng.normal(size=(6, 5))},
        "large": {"x": rng.uniform(20.0, 50.0, size=4) * [1, -1, 1, -1]},
    }


@check("7.3", points=0.1, cases=values_around_0, compare=close(rtol=2e-5, atol=1e-6))
def gelu_is_gpt2s(td, x):
    """gelu is x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))."""
    return td.gelu(x)


# --- 7.4 a GPT --------------------------------------------------------------------------------------------------------


def drawn_block(rng, d, f):
    """The parameters of a block, all of order 1, so that each of them shows."""
    p = {name: rng.normal(size=(d, d)) for name in ("W_q", "W_k", "W_v", "W_o")}
    p["W_q"], p["W_k"] = p["W_q"] / 2, p["W_k"] / 2  # or the softmax sees one key alone, whatever it is divided by
    p["W_1"], p["b_1"], p["W_2"], p["b_2"] = (rng.normal(size=shape) for shape in ((f, d), f, (d, f), d))
    for i in (1, 2):
        p[f"ln{i}_gamma"], p[f"ln{i}_beta"] = rng.uniform(0.5, 1.5, size=d), rng.normal(size=d)
    return p


def drawn_gpt(rng, v, d, f, n_blocks):
    blocks = [drawn_block(rng, d, f) for _ in range(n_blocks)]
    last = {"lnf_gamma": rng.uniform(0.5, 1.5, size=d), "lnf_beta": rng.normal(size=d)}
    return {"E": rng.normal(size=(v, d)), "blocks": blocks} | last


def blocks(rng):
    def values(*shape, h, f):
        return {"x": rng.normal(size=shape), "p": drawn_block(rng, shape[-1], f), "h": h}

    return {
        "one_head": values(3, 4, h=1, f=5),
        "two_heads": values(4, 4, h=2, f=4),
        "batch": values(2, 3, 6, h=3, f=8),
    }


def sentences(rng):
    return {
        "sentence": {"ids": rng.integers(7, size=5), "params": drawn_gpt(rng, 7, 4, 5, 2), "h": 2},
        "batch": {"ids": rng.integers(5, size=(2, 3)), "params": drawn_gpt(rng, 5, 6, 4, 1), "h": 3},
    }


def ids_around_the_vocabulary(rng):
    """Of 5 tokens: about half of the lists hold one that there is not."""
    ids = rng.integers(5, size=(30, 3))
    bad = np.arange(30) % 2 == 0
    ids[bad, rng.permutation(np.arange(15) % 3 * (np.arange(15) < 9))] = rng.choice([-1, -5, 5, 6], size=15)
    ids[:4] = [[-1, 0, 0], [5, 0, 0], [4, 0, 4], [0, 1, 2]]
    return {"thirty_lists": {"ids": rng.permutation(ids), "params": drawn_gpt(rng, 5, 2, 2, 1)}}


@check(
    "7.4",
    points=0.45,
    cases=blocks,
    compare=close(atol=2e-5),
    follows=["attention_is_a_weighted_mean", "layer_norm_normalises_rows", "split_heads_cuts_columns", "gelu_is_gpt2s"],
)
def gpt_block_attends_and_then_thinks(td, x, p, h):
    """gpt_block adds causal attention of layer_norm(x) to x, then the two layers of layer_norm(y) to y."""
    return td.gpt_block(x, p, h)


@check(
    "7.4",
    points=0.3,
    cases=sentences,
    compare=close(atol=2e-5),
    follows=["gpt_block_attends_and_then_thinks", "positions_are_sines_and_cosines"],
)
def gpt_logits_goes_through_all_blocks(td, ids, params, h):
    """gpt_logits adds positions to the rows of E, goes through all blocks and a layer norm, and multiplies by E^T."""
    return td.gpt_logits(ids, params, h)


@check("7.4", points=0.1, cases=ids_around_the_vocabulary, compare=equal())
def gpt_logits_refuses_unknown_ids(td, ids, params):
    """gpt_logits raises ValueError on ids that E has no row for, negative ones too."""
    return [refused(td.gpt_logits, row, params, 1) for row in ids]


# --- 7.5 the next token -----------------------------------------------------------------------------------------------


def spoken(rng):
    def values(*shape):
        steps = rng.integers(1, shape[-1], size=shape[:-1])  # no id is as the one before
        return {"logits": 2.0 * rng.normal(size=shape), "ids": np.cumsum(steps, axis=-1) % shape[-1]}

    return {"sentence": values(5, 4), "batch": values(2, 4, 3), "two_batch_axes": values(1, 2, 3, 3)}


def surely_spoken(rng):
    """Logits up to ± 1000: what was said had no chance, and the loss is some hundreds."""
    ids = np.cumsum(rng.integers(1, 4, size=6)) % 4  # none as the one before
    levels = 2000.0 * rng.permutation(np.arange(6.0))[:, None]
    return {"sure": {"logits": levels + rng.uniform(-1000.0, 1000.0, size=(6, 4)), "ids": ids}}


def logits_and_ids(rng):
    """Of 30 pairs: rows of logits, ids, and the largest id where there are 4 tokens."""
    n = rng.integers(1, 5, size=30)
    m = np.where(rng.random(30) < 0.2, n + 1, n)
    last = rng.choice([0, 3, 3, 3, 4, -1], size=30)
    n[:6], m[:6], last[:6] = [1, 2, 2, 2, 2, 3], [1, 2, 2, 2, 3, 2], [0, 3, 4, -1, 0, 0]
    return {"thirty_calls": {"calls": np.stack([n, m, last], axis=1)}}


def loss_of_logits(td, logits, ids):
    return (lambda logits: td.next_token_loss(logits, ids)), logits


@check("7.5", points=0.25, cases=spoken, compare=close())
def next_token_loss_looks_one_ahead(td, logits, ids):
    """next_token_loss is the mean of -log softmax(logits[…, t])[ids[…, t + 1]], over batches too."""
    return td.next_token_loss(logits, ids)


@check("7.5", points=0.1, cases=surely_spoken, compare=close(), follows=["next_token_loss_looks_one_ahead"])
def next_token_loss_survives_large_logits(td, logits, ids):
    """next_token_loss is finite and right where logits are ± 1000."""
    return td.next_token_loss(logits, ids)


@check("7.5", points=0.1, cases=spoken, compare=close(), follows=["next_token_loss_looks_one_ahead"])
def perplexity_is_the_losses_exponential(td, logits, ids):
    """perplexity is the exponential of the loss."""
    return td.perplexity(logits, ids)


@check("7.5", points=0.25, cases=spoken, compare=gradient(atol=1e-6, of=loss_of_logits))
def next_token_gradient_is_the_losses(td, logits, ids):
    """next_token_gradient is the gradient of next_token_loss with respect to the logits; its last rows are 0."""
    return td.next_token_gradient(logits, ids)


@check("7.5", points=0.1, cases=logits_and_ids, compare=equal())
def next_token_refuses(td, calls):
    """The loss, its gradient and perplexity raise ValueError for less than two ids, other shapes, and unknown ids."""
    found = []
    for n, m, last in calls.tolist():
        ids = np.zeros(m, dtype=int)
        ids[-1] = last
        for function in (td.next_token_loss, td.next_token_gradient, td.perplexity):
            found.append(refused(function, np.ones((n, 4)), ids))
    return found


# --- 7.6 speaking -----------------------------------------------------------------------------------------------------


def logits_of_tokens(rng):
    """Temperatures of both sides of 1; and logits of which some are far below."""
    return {
        "warm": {"logits": rng.normal(size=(3, 6)), "temperature": float(rng.uniform(1.5, 3.0))},
        "cold": {"logits": rng.normal(size=(3, 5)), "temperature": float(rng.uniform(0.2, 0.6))},
        "large": {
            "logits": 1000.0 * rng.choice([-1.0, 1.0], size=(3, 5)) + rng.normal(size=(3, 5)),
            "temperature": 2.0,
        },
    }


def few_of_many(rng):
    """Equal logits at the border of what is kept, and more kept than there are."""
    drawn = rng.permutation(np.arange(8.0))
    tied = rng.integers(0, 3, size=(4, 9)).astype(float)
    return {
        "three": {"logits": drawn[None], "top_k": 3},
        "one": {"logits": tied, "top_k": 1},
        "ties": {"logits": tied, "top_k": 4},
        "all": {"logits": rng.normal(size=(1, 5)), "top_k": int(rng.integers(5, 9))},
    }


def coldest(rng):
    return {"eight_times": {"logits": rng.integers(0, 4, size=(8, 12)).astype(float)}}


def temperatures(rng):
    temperature, top_k = rng.choice([-1.0, -0.01, 0.0, 0.5, 1.0, 2.0], size=30), rng.integers(-1, 6, size=30)
    temperature[:5], top_k[:5] = [-0.01, 0.0, 1.0, 0.0, 0.5], [3, 0, 0, 1, 1]
    return {"thirty_calls": {"temperature": temperature, "top_k": top_k}}


@check("7.6", points=0.15, cases=logits_of_tokens, compare=close(atol=1e-6))
def token_probabilities_divide_by_the_temperature(td, logits, temperature):
    """token_probabilities is softmax(logits / temperature), with 1 unless it is given, and no overflow."""
    return [[td.token_probabilities(row), td.token_probabilities(row, temperature)] for row in logits]


@check(
    "7.6",
    points=0.15,
    cases=few_of_many,
    compare=close(atol=1e-6),
    follows=["token_probabilities_divide_by_the_temperature"],
)
def token_probabilities_keep_top_k(td, logits, top_k):
    """With top_k, the k largest logits share all probability; of equal ones the lower id is kept."""
    return [td.token_probabilities(row, 1.0, top_k) for row in logits]


@check("7.6", points=0.1, cases=coldest, compare=close())
def token_probabilities_at_temperature_0(td, logits):
    """At temperature 0, token_probabilities puts all on the largest logit, and of equal ones on the lowest id."""
    return [td.token_probabilities(row, 0.0) for row in logits]


@check("7.6", points=0.05, cases=temperatures, compare=equal())
def token_probabilities_refuse(td, temperature, top_k):
    """token_probabilities raises ValueError where temperature < 0 or top_k < 1."""
    logits = np.arange(4.0)
    calls = np.stack([temperature, top_k], axis=1).tolist()
    return [refused(td.token_probabilities, logits, t, int(k)) for t, k in calls]


def things_to_draw(rng):
    def values(v, temperature, top_k):
        logits = np.append(-4.0, rng.normal(size=v))  # the first is hardly among the largest
        seeds = rng.integers(2**31, size=40)
        return {"logits": logits, "temperature": temperature, "top_k": top_k, "seeds": seeds}

    return {"all": values(12, float(rng.uniform(1.0, 2.0)), None), "top_5": values(20, 1.5, 5)}


def nothing_to_draw(rng):
    return {"coldest": {"logits": rng.normal(size=(5, 9)), "seed": int(rng.integers(2**31))}}


class Draws0:
    """In place of a generator: one that draws 0."""

    def random(self):
        return 0.0


@check(
    "7.6",
    points=0.15,
    cases=things_to_draw,
    compare=equal(),
    follows=["token_probabilities_divide_by_the_temperature", "token_probabilities_keep_top_k"],
)
def sample_token_draws_as_agreed(td, logits, temperature, top_k, seeds):
    """sample_token returns the first id whose cumulative probability is above one rng.random()."""
    draws = [np.random.default_rng(seed) for seed in seeds.tolist()]
    tokens = [int(td.sample_token(logits, rng, temperature, top_k)) for rng in draws]
    first = int(td.sample_token(logits, Draws0(), temperature, top_k))
    return {"tokens": tokens, "next_draws": [float(rng.random()) for rng in draws], "first": first}


@check("7.6", points=0.05, cases=nothing_to_draw, compare=equal(), follows=["token_probabilities_at_temperature_0"])
def sample_token_at_temperature_0_draws_nothing(td, logits, seed):
    """At temperature 0, sample_token returns the token of the largest logit and leaves rng as it was."""
    rng = np.random.default_rng(seed)
    return {"tokens": [int(td.sample_token(row, rng, 0.0)) for row in logits], "next_draw": float(rng.random())}


def things_to_say(rng):
    """A model's logits, by how many ids it sees and by their weighted sum."""

    def values(temperature, top_k, context, n_new):
        options = {"temperature": temperature, "top_k": top_k, "context": context, "n_new": n_new}
        start = {"ids": rng.integers(9, size=3), "seed": int(rng.integers(2**31))}
        return start | options | {"table": rng.normal(size=(6, 97, 9))}

    return {
        "coldest": values(0.0, None, 4, 12),
        "drawn": values(1.5, None, 2, 12),
        "top_3": values(2.0, 3, 5, 12),
        "one_id": values(0.0, None, 1, 8),
    }


def beginnings(rng):
    n = rng.integers(0, 3, size=30)
    n[:3] = [0, 1, 2]
    return {"thirty_beginnings": {"n": n}}


@check(
    "7.6",
    points=0.2,
    cases=things_to_say,
    compare=equal(),
    follows=["sample_token_draws_as_agreed", "token_probabilities_at_temperature_0"],
)
def generate_reads_on_what_it_said(td, ids, n_new, context, seed, temperature, top_k, table):
    """generate returns the ids and n_new more, each from the last row of model(the last context ids); ids stay."""

    def model(seen):
        seen = np.asarray(seen)
        last = table[min(len(seen), 5), int(np.sum(seen * (1 + np.arange(len(seen))))) % 97]
        return np.concatenate([-np.tile(last, (len(seen) - 1, 1)), last[None]])

    given, rng = ids.tolist(), np.random.default_rng(seed)
    return {"ids": plain(td.generate(model, given, n_new, context, rng, temperature, top_k)), "given": given}


@check("7.6", points=0.05, cases=beginnings, compare=equal())
def generate_refuses_nothing(td, n):
    """generate raises ValueError where there are no ids to begin with."""
    return [refused(td.generate, lambda ids: np.ones((len(ids), 3)), [0, 1][:k], 2, 4) for k in n.tolist()]


# --- 7.7 gradient descent in context ----------------------------------------------------------------------------------


def tokens_and_context(rng):
    def values(m, n, d):
        matrices = {name: rng.normal(size=(d, d)) for name in ("W_Q", "W_K", "W_V", "P")}
        return {"E": rng.normal(size=(m, d)), "C": rng.normal(size=(n, d))} | matrices

    return {"three_tokens": values(3, 5, 4), "one_token": values(1, 3, 2), "square": values(3, 3, 3)}


def weights_before(rng):
    def values(k, d):
        return {"W0": rng.normal(size=(k, d)), "lr": float(rng.uniform(0.1, 0.9)), "n": int(rng.integers(3, 50))}

    return {"one_output": values(1, 3), "three_outputs": values(3, 2), "square": values(2, 2)}


def regressions(rng):
    def values(n, m, d, k, layers):
        shapes = {"X": (n, d), "Y": (n, k), "X_test": (m, d)}
        options = {"lr": float(rng.uniform(0.3, 0.6)), "layers": layers}
        return {name: rng.normal(size=shape) for name, shape in shapes.items()} | options

    return {
        "one_layer": values(6, 3, 2, 1, 1),
        "two_layers": values(5, 4, 3, 2, 2),
        "nine_layers": values(8, 5, 3, 1, 9),
        "square": values(3, 3, 3, 3, 4),
    }


def shapes_in_context(rng):
    """How many rows X and Y have, and how many columns X and X_test."""
    n, d = rng.integers(1, 4, size=(30, 2)), rng.integers(1, 4, size=(30, 2))
    n[rng.random(30) < 0.7, 1], d[rng.random(30) < 0.7, 1] = 0, 0
    n[:, 1], d[:, 1] = np.where(n[:, 1] == 0, n[:, 0], n[:, 1]), np.where(d[:, 1] == 0, d[:, 0], d[:, 1])
    n[:5], d[:5] = [[1, 3], [3, 1], [3, 3], [2, 2], [2, 3]], [[2, 2], [2, 2], [1, 2], [2, 1], [2, 2]]
    return {"thirty_shapes": {"shapes": np.concatenate([n, d], axis=1)}}


@check("7.7", points=0.25, cases=tokens_and_context, compare=close(atol=1e-5))
def linear_attention_has_no_softmax(td, E, C, W_Q, W_K, W_V, P):
    """linear_attention makes e + P Σ_c W_V c (W_K c · W_Q e) of each token e, the sum over the tokens c of C."""
    return td.linear_attention(E, C, W_Q, W_K, W_V, P)


@check("7.7", points=0.2, cases=weights_before, compare=close())
def gd_weights_make_a_step(td, W0, lr, n):
    """gd_weights returns W_Q, W_K, W_V, P, for which linear_attention is a step of gradient descent."""
    W_Q, W_K, W_V, P = td.gd_weights(W0, lr, n)
    return {"W_Q": W_Q, "W_K": W_K, "W_V": W_V, "P": P}


@check(
    "7.7",
    points=0.3,
    cases=regressions,
    compare=close(atol=1e-5),
    follows=["linear_attention_has_no_softmax", "gd_weights_make_a_step"],
)
def in_context_regression_descends(td, X, Y, X_test, lr, layers):
    """in_context_regression predicts as gradient descent does: one step from 0 on Σ|W x - y|² / 2n for each layer."""
    return td.in_context_regression(X, Y, X_test, lr, layers)


@check("7.7", points=0.1, cases=shapes_in_context, compare=equal())
def in_context_regression_refuses(td, shapes):
    """linear_attention and in_context_regression raise ValueError on shapes that do not fit."""
    found = []
    for a, b, c, d in shapes.tolist():
        square = [np.eye(c)] * 4
        found.append(refused(td.in_context_regression, np.ones((a, c)), np.ones((b, 1)), np.ones((2, d)), 0.1, 1))
        found.append(refused(td.linear_attention, np.ones((2, c)), np.ones((a, d)), *square))
    return found


# --- 7.8 Bayes --------------------------------------------------------------------------------------------------------


def samples_of_a_prior(rng):
    def values(S, n, m, C):
        P = rng.dirichlet(np.ones(C), size=(S, n + m))
        return {"P_train": P[:, :n], "y": rng.integers(C, size=n), "P_test": P[:, n:]}

    zeros = values(6, 4, 3, 2)
    zeros["P_train"][:3, 1] = np.eye(2)[1 - zeros["y"][1]]
    return {
        "samples": values(5, 4, 3, 3),
        "square": values(3, 3, 3, 3),
        "no_point_yet": values(4, 0, 3, 2),
        "some_impossible": zeros,
    }


def rows_of_a_prior(rng):
    """Ten points, to be repeated 500 times: a product of 5000 probabilities underflows."""
    P = 0.5 + rng.uniform(-1.0, 1.0, size=(4, 10, 1)) * [0.0004, -0.0004]
    return {
        "a_thousandth": {"P_train": P, "y": rng.integers(2, size=10), "P_test": rng.dirichlet([1.0, 1.0], size=(4, 3))}
    }


def impossible_samples(rng):
    """Of 30: how many of 3 samples say 0 of what was seen; which class that was, of 2; and how many were seen."""
    zeros, y, n = (
        rng.choice([1, 2, 3, 3], size=30),
        rng.choice([0, 1, 0, 1, 2, -1], size=30),
        rng.choice([4, 4, 4, 5], size=30),
    )
    zeros[:5], y[:5], n[:5] = [3, 2, 1, 1, 1], [0, 1, 2, -1, 0], [4, 4, 4, 4, 5]
    return {"thirty_calls": {"calls": np.stack([zeros, y, n], axis=1)}}


@check("7.8", points=0.25, cases=samples_of_a_prior, compare=close())
def posterior_predictive_weighs_samples(td, P_train, y, P_test):
    """posterior_predictive is the mean of P_test over samples, weighted by Π_i P_train[s, i, y_i]: Bayes's rule."""
    return td.posterior_predictive(P_train, y, P_test)


@check("7.8", points=0.1, cases=rows_of_a_prior, compare=close(), follows=["posterior_predictive_weighs_samples"])
def posterior_predictive_of_5000_points(td, P_train, y, P_test):
    """posterior_predictive is right after 5000 points, whose product of probabilities is below 1e-1500."""
    return td.posterior_predictive(np.tile(P_train, (1, 500, 1)), np.tile(y, 500), P_test)


@check("7.8", points=0.05, cases=impossible_samples, compare=equal())
def posterior_predictive_refuses(td, calls):
    """posterior_predictive raises ValueError where all weights are 0, and for labels that do not fit."""
    found = []
    for zeros, label, n in calls.tolist():
        P = np.full((3, 4, 2), 0.5)
        y = np.zeros(n, dtype=int)
        P[:zeros, 2] = [0.0, 1.0]
        y[3] = label
        found.append(refused(td.posterior_predictive, P, y, P))
    return found


def noisy_lines(rng):
    def values(n, m, d):
        X = rng.normal(size=(n, d))
        scales = {"sigma": float(rng.uniform(0.4, 0.8)), "tau": float(rng.uniform(1.5, 3.0))}
        return {
            "X": X,
            "y": X @ rng.normal(size=d) + 0.5 * rng.normal(size=n),
            "X_test": rng.normal(size=(m, d)),
        } | scales

    return {"many_points": values(9, 4, 3), "fewer_than_columns": values(2, 3, 4), "one_column": values(5, 2, 1)}


def nothing_seen(rng):
    X = np.zeros((0, 3))
    scales = {"sigma": float(rng.uniform(0.4, 0.8)), "tau": float(rng.uniform(1.5, 3.0))}
    return {"no_point_yet": {"X": X, "y": np.zeros(0), "X_test": rng.normal(size=(4, 3))} | scales}


def numbers_of_targets(rng):
    n, d = rng.integers(1, 5, size=(30, 2)), rng.integers(1, 4, size=(30, 2))
    n[:, 1], d[:, 1] = (
        np.where(rng.random(30) < 0.7, n[:, 0], n[:, 1]),
        np.where(rng.random(30) < 0.7, d[:, 0], d[:, 1]),
    )
    n[:4], d[:4] = [[3, 1], [3, 3], [2, 3], [2, 2]], [[2, 2], [2, 2], [2, 2], [2, 1]]
    return {"thirty_shapes": {"shapes": np.concatenate([n, d], axis=1)}}


@check("7.8", points=0.3, cases=noisy_lines, compare=close(atol=1e-6))
def bayesian_regression_knows_what_it_does_not_know(td, X, y, X_test, sigma, tau):
    """bayesian_linear_regression gives the mean and the variance of y_test, with the noise in it."""
    mean, variance = td.bayesian_linear_regression(X, y, X_test, sigma, tau)
    return {"mean": mean, "variance": variance}


@check(
    "7.8",
    points=0.05,
    cases=nothing_seen,
    compare=close(),
    follows=["bayesian_regression_knows_what_it_does_not_know"],
)
def bayesian_regression_before_any_point(td, X, y, X_test, sigma, tau):
    """Before any point is seen, bayesian_linear_regression says what the prior says."""
    mean, variance = td.bayesian_linear_regression(X, y, X_test, sigma, tau)
    return {"mean": mean, "variance": variance}


@check("7.8", points=0.05, cases=numbers_of_targets, compare=equal())
def bayesian_regression_refuses(td, shapes):
    """bayesian_linear_regression raises ValueError on shapes that do not fit."""
    return [
        refused(td.bayesian_linear_regression, np.ones((a, c)), np.ones(b), np.ones((2, d)), 1.0, 1.0)
        for a, b, c, d in shapes.tolist()
    ]


def bottles(rng):
    """Five wines of each of three growers, and all the others to be told; the growers' numbers are drawn."""
    X, y = load_wine(return_X_y=True)
    known = np.concatenate([rng.permutation(np.flatnonzero(y == grower))[:5] for grower in range(3)])
    asked = rng.permutation(np.setdiff1d(np.arange(len(y)), known))
    known, names = rng.permutation(known), rng.permutation(np.arange(-50, 50))[:3]
    return {"wines": {"X": X[known], "labels": names[y[known]], "X_test": X[asked], "y": names[y[asked]]}}


@check("7.8", points=0.25, cases=bottles, compare=accuracy("y", full=0.8, none=0.45))
def few_shot_predict_tells_wines_apart(td, X, labels, X_test):
    """From five wines of each of three growers, few_shot_predict tells who made the others."""
    return td.few_shot_predict(X, labels, X_test)


# --- 7.9 backwards ----------------------------------------------------------------------------------------------------


def gradients_of_attention(rng):
    def values(*batch, n, m, d, e, mask=None):
        shapes = {"Q": (n, d), "K": (m, d), "V": (m, e), "grad": (n, e)}
        return {name: rng.normal(size=(*batch, *shape)) for name, shape in shapes.items()} | {"mask": mask}

    return {
        "three_queries": values(n=3, m=4, d=2, e=3),
        "square": values(n=3, m=3, d=3, e=3),
        "masked_batch": values(2, n=3, m=4, d=2, e=1, mask=allowed(rng, (3, 4))),
    }


def attention_of_Q(td, Q, K, V, grad, mask):
    return (lambda Q: np.sum(grad * td.attention(Q, K, V, mask)[0])), Q


def attention_of_K(td, Q, K, V, grad, mask):
    return (lambda K: np.sum(grad * td.attention(Q, K, V, mask)[0])), K


def attention_of_V(td, Q, K, V, grad, mask):
    return (lambda V: np.sum(grad * td.attention(Q, K, V, mask)[0])), V


def shapes_of_gradients(rng):
    """Of the gradient, where the output is (2, 4): also what numpy would broadcast to that."""
    n, d = rng.choice([2, 2, 2, 1, 3], size=30), rng.choice([4, 4, 4, 1, 2], size=30)
    n[:4], d[:4] = [2, 1, 2, 2], [4, 4, 1, 2]
    return {"thirty_shapes": {"shapes": np.stack([n, d], axis=1)}}


@check("7.9", points=0.2, cases=gradients_of_attention, compare=gradient(atol=1e-6, of=attention_of_Q))
def attention_backward_of_the_queries(td, Q, K, V, grad, mask):
    """attention_backward gives first the gradient with respect to Q."""
    return td.attention_backward(grad, Q, K, V, mask)[0]


@check("7.9", points=0.2, cases=gradients_of_attention, compare=gradient(atol=1e-6, of=attention_of_K))
def attention_backward_of_the_keys(td, Q, K, V, grad, mask):
    """attention_backward gives second the gradient with respect to K."""
    return td.attention_backward(grad, Q, K, V, mask)[1]


@check("7.9", points=0.1, cases=gradients_of_attention, compare=gradient(atol=1e-6, of=attention_of_V))
def attention_backward_of_the_values(td, Q, K, V, grad, mask):
    """attention_backward gives third the gradient with respect to V."""
    return td.attention_backward(grad, Q, K, V, mask)[2]


def gradients_of_layer_norm(rng):
    found = {}
    for name, values in rows_to_normalise(rng).items():
        found[name] = values | {"grad": rng.normal(size=values["x"].shape), "eps": 1e-5}
    found["rows"]["eps"] = float(rng.uniform(0.5, 1.0))
    return found


def layer_norm_of_x(td, x, gamma, beta, grad, eps):
    return (lambda x: np.sum(grad * td.layer_norm(x, gamma, beta, eps))), x


@check("7.9", points=0.2, cases=gradients_of_layer_norm, compare=gradient(atol=1e-5, of=layer_norm_of_x))
def layer_norm_backward_of_the_input(td, x, gamma, beta, grad, eps):
    """layer_norm_backward gives first the gradient with respect to x: mean and deviation depend on x too."""
    return td.layer_norm_backward(grad, x, gamma, eps)[0]


@check("7.9", points=0.1, cases=gradients_of_layer_norm, compare=close(atol=1e-5))
def layer_norm_backward_of_the_parameters(td, x, gamma, beta, grad, eps):
    """layer_norm_backward gives then the gradients with respect to gamma and beta, summed over all rows: shape (d,)."""
    _, dgamma, dbeta = td.layer_norm_backward(grad, x, gamma, eps)
    return {"dgamma": dgamma, "dbeta": dbeta}


def rows_that_hardly_vary_backwards(rng):
    values = rows_that_hardly_vary(rng)["eps_of_the_default"]
    return {"eps_of_the_default": {"x": values["x"], "gamma": values["gamma"], "grad": rng.normal(size=(3, 5))}}


@check(
    "7.9",
    points=0.05,
    cases=rows_that_hardly_vary_backwards,
    compare=close(rtol=1e-3, atol=1e-3),
    follows=["layer_norm_backward_of_the_input", "layer_norm_backward_of_the_parameters"],
)
def layer_norm_backward_knows_eps(td, x, gamma, grad):
    """layer_norm_backward takes 1e-5 for eps unless it is given, as layer_norm does."""
    dx, dgamma, _ = td.layer_norm_backward(grad, x, gamma)
    return {"dx": dx, "dgamma": dgamma}


@check("7.9", points=0.05, cases=shapes_of_gradients, compare=equal())
def backward_refuses_other_shapes(td, shapes):
    """attention_backward and layer_norm_backward raise ValueError where the gradient is not shaped like the output."""
    found = []
    Q, K, V = np.ones((2, 3)), np.ones((3, 3)), np.ones((3, 4))
    x = np.arange(8.0).reshape(2, 4)
    for n, d in shapes.tolist():
        found.append(refused(td.attention_backward, np.ones((n, d)), Q, K, V))
        found.append(refused(td.layer_norm_backward, np.ones((n, d)), x, np.ones(4)))
        found.append(refused(td.layer_norm_backward, np.ones((2, 4)), x, np.ones(d)))
    return found


# --- 7.10 a cache -----------------------------------------------------------------------------------------------------


def steps_with_a_cache(rng):
    def values(t, h, d, n_blocks):
        params = drawn_gpt(rng, 6, d, 5, n_blocks)
        cache = [[rng.normal(size=(h, t, d // h)), rng.normal(size=(h, t, d // h))] for _ in range(n_blocks)]
        return {"i": int(rng.integers(6)), "cache": cache, "params": params, "h": h}

    return {"two_blocks": values(3, 2, 4, 2), "one_block": values(5, 3, 6, 1), "one_head": values(1, 1, 4, 2)}


def first_sentences(rng):
    return {
        name: {"ids": rng.integers(6, size=4), "params": drawn_gpt(rng, 6, d, 5, n_blocks), "h": h}
        for name, (h, d, n_blocks) in {"two_blocks": (2, 4, 2), "one_block": (3, 6, 1)}.items()
    }


@check(
    "7.10",
    points=0.25,
    cases=steps_with_a_cache,
    compare=close(atol=2e-5),
    follows=["gpt_block_attends_and_then_thinks", "gpt_logits_goes_through_all_blocks"],
)
def gpt_step_uses_its_cache(td, i, cache, params, h):
    """gpt_step attends to the keys and values in its cache and to its own; its position is the next one."""
    row, new = td.gpt_step(i, [tuple(pair) for pair in cache], params, h)
    return {"row": row, "keys": [K for K, _ in new], "values": [V for _, V in new]}


@check("7.10", points=0.2, cases=first_sentences, compare=close(atol=2e-5), follows=["gpt_step_uses_its_cache"])
def gpt_step_begins_with_none(td, ids, params, h):
    """gpt_step begins with None, and its rows are those of gpt_logits; older caches stay as they are."""
    rows, caches = [], [None]
    for i in ids.tolist():
        row, cache = td.gpt_step(i, caches[-1], params, h)
        rows.append(row)
        caches.append(cache)
    again = td.gpt_step(int(ids[1]), caches[1], params, h)[0]
    return {"rows": rows, "again": again, "lengths": [np.shape(cache[0][0])[-2] for cache in caches[1:]]}


@check("7.10", points=0.05, cases=ids_around_the_vocabulary, compare=equal())
def gpt_step_refuses_unknown_ids(td, ids, params):
    """gpt_step raises ValueError on an id that E has no row for."""
    return [refused(td.gpt_step, i, None, params, 1) for i in ids[:, 0].tolist()]


# --- 7.11 a language model --------------------------------------------------------------------------------------------


# Perplexities of 600 letters, the smallest and the largest over 300 languages:
#   right: reference and two independent (84 of one)      1.7   2.7
#   each letter by the one before it                      4.7   7.1
#   each letter by its frequency                         10.7  12.5
# What is drawn is free, so the student's rng has one seed for all secrets.


def languages(rng):
    """Texts in four languages of 20 words of 3 to 6 letters, at random; each asks for another perplexity."""

    def text():
        words = [np.append(rng.integers(1, 13, size=rng.integers(3, 7)), 0) for _ in range(20)]
        return np.concatenate([words[i] for i in rng.integers(20, size=600)])[:2200]

    found = {}
    for bar in (4, 6, 8, 10):
        ids, other = text(), text()
        values = {"ids": ids[:1600], "asked": ids[1600:], "others": np.append(ids[1600:1800], other[:100])}
        found[f"perplexity_{bar}"] = values | {"bar": float(bar)}
    return found


def speaks_the_language(values, answer):
    logits, again = np.asarray(answer["logits"], dtype=float), np.asarray(answer["again"], dtype=float)
    if logits.shape != (600, 13) or again.shape != (300, 13):
        return "language_model_logits should give a row of 13 logits for each letter"
    if not np.all(np.isfinite(logits)):
        return "some logits are not finite"
    if not np.allclose(logits[:200], again[:200], rtol=1e-3, atol=1e-3):
        return "rows change where only later letters do: row t may look at ids[: t + 1] alone"
    scores = logits[np.arange(599), values["asked"][1:]] - np.logaddexp.reduce(logits[:-1], axis=1)
    reached = float(np.exp(np.mean(-scores)))
    if not reached <= values["bar"]:
        return f"the perplexity is {reached:.3g}, and should be at most {values['bar']:.3g}"
    return True


@check("7.11", points=0.6, cases=languages, compare=predicate(speaks_the_language))
def language_model_knows_the_words(td, ids, asked, others):
    """Your model of 1600 letters has a perplexity of 4 on 600 more; 6, 8 and 10 are worth a part each."""
    model = td.fit_language_model(ids, 13, np.random.default_rng(0))
    return {"logits": td.language_model_logits(model, asked), "again": td.language_model_logits(model, others)}
