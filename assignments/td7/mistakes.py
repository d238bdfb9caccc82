"""What students get wrong in td7: how these functions go wrong in practice, each an edit of the reference.

A hint leads on without giving the answer; the advice explains.
"""

from grader.authoring import Mistake

MISTAKES = [
    # 7.1
    Mistake(
        "pairs_of_the_largest_ids",
        "    return min(counts, key=lambda pair: (-counts[pair], pair))\n",
        "    return max(counts, key=lambda pair: (counts[pair], pair))\n",
        "If (1, 5) and (2, 0) both occur three times, which one do you return?",
        "Of pairs that are equally frequent the smallest counts; with Counter, min over (-count, pair) says that.",
        module="tokenization",
    ),
    Mistake(
        "pairs_do_not_overlap",
        "    counts = Counter(pairwise(ids))\n",
        "    counts, last = {}, None\n"
        "    for i in range(1, len(ids)):\n"
        "        pair = (ids[i - 1], ids[i])\n"
        "        counts[pair] = counts.get(pair, 0) + (pair != last)\n"
        "        last = pair if pair != last else None\n",
        "How many pairs (a, a) do you count in a, a, a?",
        "All neighbours count here, also those that overlap: two in a, a, a. Only merging takes them one by one.",
        module="tokenization",
    ),
    Mistake(
        "merge_eats_ids_twice",
        "            merged[-1] = new_id\n            last = None\n",
        "            merged[-1] = new_id\n            last = token\n",
        "In a, a, a: which two did you merge, and is one of them still there for the next pair?",
        "After a merge both ids are used up: the third a is alone, and stays.",
        module="tokenization",
    ),
    Mistake(
        "train_merges_what_occurs_once",
        "        if len(set(pairs)) == len(pairs):\n",
        "        if not pairs:\n",
        "What is gained by a token for a pair that occurs once?",
        "Stop when no pair occurs twice: otherwise the last merges only learn this one text by heart.",
        module="tokenization",
    ),
    Mistake(
        "train_counts_characters",
        "    ids = list(text.encode())\n    merges: list",
        "    ids = list(map(ord, text))\n    merges: list",
        "How many bytes has é?",
        "Tokens begin as the text's UTF-8 bytes, text.encode(); ord numbers characters, far beyond 255.",
        module="tokenization",
    ),
    Mistake(
        "encode_goes_backwards",
        "    for i, (a, b) in enumerate(np.asarray(merges).tolist()):\n        ids =",
        "    for i, (a, b) in reversed(list(enumerate(np.asarray(merges).tolist()))):\n        ids =",
        "Can a merge of merged tokens find anything before these have been made?",
        "Merges are applied in the order in which they were learnt: later ones are made of earlier ones.",
        module="tokenization",
    ),
    Mistake(
        "decode_drops_bad_bytes",
        '.decode(errors="replace")',
        '.decode(errors="ignore")',
        "What do you show in place of half a character?",
        'errors="replace" puts U+FFFD there, so that one sees that something was said.',
        module="tokenization",
    ),
    Mistake(
        "decode_takes_negative_ids",
        "for i in ids_within(ids, len(pieces)))",
        "for i in ids)",
        "What does a list answer at index -1?",
        "Python counts negative indices from the end: refuse them, and ids beyond the last merge, with ids_within.",
        module="tokenization",
    ),
    # 7.2
    Mistake(
        "mask_hides_the_query_itself",
        "    return np.tri(n, m, m - n, dtype=bool)\n",
        "    return np.tri(n, m, m - n - 1, dtype=bool)\n",
        "May a query attend to its own position?",
        "It may: the token at that position is known, only what follows is not.",
        module="attention",
    ),
    Mistake(
        "mask_begins_at_the_first_position",
        "    return np.tri(n, m, m - n, dtype=bool)\n",
        "    return np.tri(n, m, dtype=bool)\n",
        "Two queries are the last of five positions: how many does the first of them see?",
        "The n queries are the last n of m positions: query i is at position m - n + i.",
        module="attention",
    ),
    Mistake(
        "attention_is_not_scaled",
        "    scores = Q @ np.swapaxes(K, -1, -2) / np.sqrt(Q.shape[-1])\n",
        "    scores = Q @ np.swapaxes(K, -1, -2)\n",
        "By what do you divide the scores, and what is their variance without it?",
        "A product of d entries has variance d: divide by √d, or the softmax looks at one key alone.",
        module="attention",
        why_dear="A block of a GPT and its cache are made of attention.",
    ),
    Mistake(
        "softmax_over_the_queries",
        "    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True, initial=lowest))\n"
        "    # The largest of a row is exp(0) = 1: a smaller sum is that of nothing.\n"
        "    weights /= np.maximum(np.sum(weights, axis=-1, keepdims=True), 1.0)\n",
        "    weights = np.exp(scores - np.max(scores, axis=-2, keepdims=True, initial=lowest))\n"
        "    weights /= np.maximum(np.sum(weights, axis=-2, keepdims=True), 1.0)\n",
        "Do the rows of your weights sum to 1, or the columns?",
        "Each query distributes its attention over the keys: the softmax is over the last axis.",
        module="attention",
        why_dear="A block of a GPT and its cache are made of attention.",
    ),
    Mistake(
        "attention_overflows",
        "    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True, initial=lowest))\n"
        "    # The largest of a row is exp(0) = 1: a smaller sum is that of nothing.\n"
        "    weights /= np.maximum(np.sum(weights, axis=-1, keepdims=True), 1.0)\n",
        "    weights = np.exp(scores)\n"
        '    with np.errstate(invalid="ignore", over="ignore"):\n'
        "        total = np.sum(weights, axis=-1, keepdims=True)\n"
        "        weights /= np.where(total > 0, total, 1.0)\n",
        "What is exp(1000) in floating point?",
        "Subtract each row's largest score first: the weights stay the same, and the largest exponential is 1.",
        module="attention",
    ),
    Mistake(
        "mask_after_the_softmax",
        "        scores = np.where(np.broadcast_to(mask, scores.shape), scores, -np.inf)\n"
        "    lowest = np.finfo(float).min  # finite, where all scores are -inf\n"
        "    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True, initial=lowest))\n"
        "    # The largest of a row is exp(0) = 1: a smaller sum is that of nothing.\n"
        "    weights /= np.maximum(np.sum(weights, axis=-1, keepdims=True), 1.0)\n",
        "        mask = np.broadcast_to(mask, scores.shape)\n"
        "    lowest = np.finfo(float).min\n"
        "    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True, initial=lowest))\n"
        "    weights /= np.maximum(np.sum(weights, axis=-1, keepdims=True), 1.0)\n"
        "    weights = weights if mask is None else np.where(mask, weights, 0.0)\n",
        "What do the weights sum to of a query that may not see some keys?",
        "The score is masked, with -inf, before the softmax: so that what is left shares all of it.",
        module="attention",
    ),
    Mistake(
        "mask_the_wrong_way_round",
        "np.where(np.broadcast_to(mask, scores.shape), scores, -np.inf)",
        "np.where(np.broadcast_to(mask, scores.shape), -np.inf, scores)",
        "Does True mean that a query may attend, or that it may not?",
        "True is where it may. (Some libraries have it the other way round.)",
        module="attention",
    ),
    Mistake(
        "nothing_to_attend_to_is_nan",
        "    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True, initial=lowest))\n"
        "    # The largest of a row is exp(0) = 1: a smaller sum is that of nothing.\n"
        "    weights /= np.maximum(np.sum(weights, axis=-1, keepdims=True), 1.0)\n",
        '    with np.errstate(invalid="ignore"):\n'
        "        weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))\n"
        "        weights /= np.sum(weights, axis=-1, keepdims=True)\n",
        "What is -inf minus -inf?",
        "It is nan. Where all scores of a row are -inf, subtract something finite, and do not divide by 0.",
        module="attention",
    ),
    Mistake(
        "nothing_to_attend_to_is_everything",
        "scores, -np.inf)\n    lowest = np.finfo(float).min  # finite, where all scores are -inf\n",
        "scores, -1e9)\n    lowest = -np.inf\n",
        "With -1e9 for what is masked: what are the weights of a row in which everything is?",
        "They are equal, as all scores are. With -inf such a row can be told from others, and gets 0.",
        module="attention",
    ),
    # 7.3
    Mistake(
        "heads_by_reshape_alone",
        "    return np.stack(np.split(x, h, axis=-1), axis=-3)\n",
        "    return x.reshape(*x.shape[:-2], h, x.shape[-2], x.shape[-1] // h)\n",
        "After the reshape, do the numbers of head 0 come from all rows of x?",
        "A reshape keeps the numbers' order. Make (…, n, h, d/h) first, then exchange two axes.",
        module="attention",
    ),
    Mistake(
        "heads_merged_by_reshape_alone",
        "    return np.concatenate(np.moveaxis(x, -3, 0), axis=-1)\n",
        "    return x.reshape(*x.shape[:-3], x.shape[-2], x.shape[-3] * x.shape[-1])\n",
        "After the reshape, does row 0 hold what the heads say of position 0?",
        "Exchange the axes h and n first: then the last two can be put together.",
        module="attention",
    ),
    Mistake(
        "layer_norm_over_d_minus_1",
        "np.sqrt(np.var(x, axis=-1, keepdims=True) + eps)",
        "np.sqrt(np.var(x, axis=-1, keepdims=True, ddof=1) + eps)",
        "Is your variance a mean over d, or over d - 1?",
        "It is over d: np.var without ddof.",
        module="transformer",
    ),
    Mistake(
        "layer_norm_over_the_batch",
        "    deviation = np.sqrt(np.var(x, axis=-1, keepdims=True) + eps)\n"
        "    return (x - np.mean(x, axis=-1, keepdims=True)) / deviation, deviation\n",
        "    deviation = np.sqrt(np.var(x, axis=0, keepdims=True) + eps)\n"
        "    return (x - np.mean(x, axis=0, keepdims=True)) / deviation, deviation\n",
        "Does the output of a row change when you change another row?",
        "Layer norm looks at one row alone, axis=-1; over the batch it would be batch norm.",
        module="transformer",
    ),
    Mistake(
        "positions_in_two_halves",
        "    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(n, d)\n",
        "    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)\n",
        "Is column 1 a sine or a cosine?",
        "Sines and cosines alternate: column 2i is a sine, column 2i + 1 its cosine.",
        module="transformer",
    ),
    Mistake(
        "gelu_by_sigmoid",
        "    activated: np.ndarray = x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))\n",
        "    activated: np.ndarray = x / 2 * (1 + np.tanh(0.851 * x))\n",
        "Is your gelu the one with tanh and a cube?",
        "x σ(1.702 x) is another approximation, off by 0.02.",
        module="transformer",
    ),
    # 7.4
    Mistake(
        "block_normalises_after",
        '    normed = layer_norm(x, p["ln1_gamma"], p["ln1_beta"])\n',
        "    normed = x\n",
        "What do queries, keys and values see: x, or its layer norm?",
        "In GPT-2 each layer norm comes before what it feeds.",
        module="transformer",
    ),
    Mistake(
        "block_forgets_to_add_x",
        '    y = x + merge_heads(A) @ p["W_o"].T\n',
        '    y = merge_heads(A) @ p["W_o"].T\n',
        "What does your block return if W_o and W_2 are 0?",
        "x itself: what attention says is added to it.",
        module="transformer",
    ),
    Mistake(
        "block_forgets_to_transpose_w_o",
        '    y = x + merge_heads(A) @ p["W_o"].T\n',
        '    y = x + merge_heads(A) @ p["W_o"]\n',
        "Is W_o applied as x W^T or as x W?",
        "Linear maps are x W^T here; for a square matrix numpy cannot tell you.",
        module="transformer",
    ),
    Mistake(
        "block_sees_the_future",
        "    A, _ = attention(Q, K, V, causal_mask(Q.shape[-2], K.shape[-2]))\n",
        "    A, _ = attention(Q, K, V)\n",
        "Does the first row of your block change when the last row of x does?",
        "A GPT's attention is causal: it needs the mask.",
        module="transformer",
    ),
    Mistake(
        "logits_forget_the_positions",
        "    x = x + sinusoidal_positions(known + x.shape[-2], x.shape[-1])[known:]\n",
        "",
        "How does the first block know which of two equal tokens came first?",
        "Add sinusoidal_positions to the rows of E.",
        module="transformer",
    ),
    Mistake(
        "logits_take_negative_ids",
        "    x = E[ids_within(ids, len(E))]\n",
        "    x = E[np.asarray(ids)]\n",
        "What is E[-1]?",
        "The last row. A negative id is no token: ids_within refuses it.",
        module="transformer",
    ),
    # 7.5
    Mistake(
        "loss_does_not_look_ahead",
        "    chosen = np.take_along_axis(_log_softmax(logits[..., :-1, :]), ids[..., 1:, None], axis=-1)\n",
        "    chosen = np.take_along_axis(_log_softmax(logits[..., :-1, :]), ids[..., :-1, None], axis=-1)\n",
        "Which token is row 0 of the logits about: token 0, or token 1?",
        "Row t is about token t + 1: to say the token that one has just read is no art.",
        module="language",
    ),
    Mistake(
        "loss_divides_by_n",
        "    return float(-np.mean(chosen))\n",
        "    return float(-np.sum(chosen) / ids.size)\n",
        "Of n tokens, how many have one before them?",
        "n - 1 of each sentence: the mean is over these terms.",
        module="language",
    ),
    Mistake(
        "loss_overflows",
        "    return float(-np.mean(chosen))\n",
        '    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):\n'
        "        p = np.exp(logits[..., :-1, :]) / np.sum(np.exp(logits[..., :-1, :]), axis=-1, keepdims=True)\n"
        "        return float(-np.mean(np.log(np.take_along_axis(p, ids[..., 1:, None], axis=-1))))\n",
        "What is the logarithm of a probability that has been rounded to 0?",
        "Compute log softmax itself: z - max - log Σ exp(z - max), without a quotient of exponentials.",
        module="language",
    ),
    Mistake(
        "perplexity_to_base_2",
        "    return float(np.exp(next_token_loss(logits, ids)))\n",
        "    return float(2.0 ** next_token_loss(logits, ids))\n",
        "Of equal logits for 7 tokens, is your perplexity 7?",
        "The loss has natural logarithms, so its exponential is to base e.",
        module="language",
    ),
    Mistake(
        "gradient_of_the_sum",
        " - one_hot) / ids[..., 1:].size\n",
        " - one_hot)\n",
        "The loss is a mean: where is that in your gradient?",
        "Divide by the number of terms, n - 1 for each sentence.",
        module="language",
    ),
    Mistake(
        "gradient_by_sentence_alone",
        " - one_hot) / ids[..., 1:].size\n",
        " - one_hot) / (ids.shape[-1] - 1)\n",
        "Over how many terms is the loss of a batch a mean?",
        "Over those of all sentences, not of one.",
        module="language",
    ),
    # 7.6
    Mistake(
        "temperature_multiplies",
        "logits[largest] / temperature",
        "logits[largest] * temperature",
        "At a high temperature, should the distribution be flat or sharp?",
        "Flat: logits are divided by the temperature.",
        module="language",
    ),
    Mistake(
        "top_k_keeps_ties",
        '    largest = np.argsort(-logits, kind="stable")[:top_k]\n',
        '    order = np.argsort(-logits, kind="stable")\n'
        "    largest = order[logits[order] >= logits[order[:top_k]].min()]\n",
        "If the fourth logit equals the third, how many tokens does top_k=3 keep?",
        "k of them, and of equal logits those with the lower ids.",
        module="language",
    ),
    Mistake(
        "top_k_is_not_rescaled",
        "        p[largest] = np.exp(_log_softmax(logits[largest] / temperature))\n",
        "        p[largest] = np.exp(_log_softmax(logits / temperature))[largest]\n",
        "What do your probabilities sum to with top_k=2?",
        "Those that are kept share all of it: softmax after the choice.",
        module="language",
    ),
    Mistake(
        "sample_draws_with_choice",
        "    return int(np.argmax(np.cumsum(p) > rng.random()))\n",
        "    return int(np.argmax(np.log(np.maximum(p, 1e-300)) + rng.gumbel(size=len(p))))\n",
        "How many numbers do you draw for one token?",
        "One rng.random(), compared with the cumulative probabilities, so that everybody draws alike.",
        module="language",
    ),
    Mistake(
        "sample_draws_at_temperature_0",
        "    p = token_probabilities(logits, temperature, top_k)\n    if temperature == 0:\n",
        "    p = token_probabilities(logits, temperature, top_k)\n"
        "    if rng is not None and temperature == 0:\n"
        "        rng.random()\n"
        "    if temperature == 0:\n",
        "Is a number drawn where there is nothing to choose?",
        "At temperature 0 leave rng alone: return the argmax first.",
        module="language",
    ),
    Mistake(
        "generate_shows_everything",
        "model(ids[-context:])[-1]",
        "model(ids)[-1]",
        "How many ids is the model made for?",
        "Show it the last `context` ids alone.",
        module="language",
    ),
    Mistake(
        "generate_returns_the_new_alone",
        "    return ids\n    ### END SOLUTION\n\n\ndef smoothed",
        "    return ids[len(ids) - n_new :]\n    ### END SOLUTION\n\n\ndef smoothed",
        "Does what you return begin with the ids that you were given?",
        "All ids are returned, old and new.",
        module="language",
    ),
    # 7.7
    Mistake(
        "linear_attention_forgets_e",
        "    attended: np.ndarray = E + scores @ (C @ W_V.T) @ P.T\n",
        "    attended: np.ndarray = scores @ (C @ W_V.T) @ P.T\n",
        "If P is 0, what becomes of a token?",
        "It stays as it is: e is added.",
        module="incontext",
    ),
    Mistake(
        "linear_attention_swaps_query_and_key",
        "    scores = (E @ W_Q.T) @ (C @ W_K.T).T\n",
        "    scores = (E @ W_K.T) @ (C @ W_Q.T).T\n",
        "Who asks: the token e, or those of the context?",
        "Queries are W_Q e; keys, W_K c, are of the context.",
        module="incontext",
    ),
    Mistake(
        "linear_attention_forgets_to_transpose_p",
        "@ (C @ W_V.T) @ P.T\n",
        "@ (C @ W_V.T) @ P\n",
        "P times a column: what is that for rows?",
        "Rows are multiplied by P^T from the right.",
        module="incontext",
    ),
    Mistake(
        "gd_weights_forget_n",
        "lr / n * np.eye(d + k)\n",
        "lr * np.eye(d + k)\n",
        "The loss is a mean over n examples: where is n in your weights?",
        "P is I lr/n.",
        module="incontext",
    ),
    Mistake(
        "gd_weights_go_uphill",
        "np.hstack([W0, -np.eye(k)])",
        "np.hstack([-W0, np.eye(k)])",
        "Is W_V (x, y) equal to W0 x - y, or to y - W0 x?",
        "To W0 x - y: the layer makes y - ΔW x of y, and ΔW has a minus already.",
        module="incontext",
    ),
    Mistake(
        "gd_weights_ask_by_y",
        "np.diag(np.repeat([1.0, 0.0], [d, k]))",
        "np.eye(d + k)",
        "Which part of two tokens is compared in a step of gradient descent?",
        "x alone: W_Q and W_K are 1 on the first d entries and 0 on the others.",
        module="incontext",
    ),
    Mistake(
        "regression_has_the_wrong_sign",
        "    return -tokens[:, d:]\n",
        "    return tokens[:, d:]\n",
        "After a layer, a test token's y is 0 - ΔW x: what is the prediction?",
        "Its opposite.",
        module="incontext",
    ),
    Mistake(
        "regression_keeps_the_first_context",
        "        context = linear_attention(context, context, *weights)\n",
        "",
        "Do the examples' targets change from layer to layer?",
        "They do: what is left of them is y - W x, and without that all layers take the same step.",
        module="incontext",
    ),
    Mistake(
        "regression_moves_the_context_first",
        "        tokens = linear_attention(tokens, context, *weights)\n"
        "        context = linear_attention(context, context, *weights)\n",
        "        context = linear_attention(context, context, *weights)\n"
        "        tokens = linear_attention(tokens, context, *weights)\n",
        "To which examples do the test tokens attend: those before the layer, or after it?",
        "All tokens move at once: they attend to the examples as they were before.",
        module="incontext",
    ),
    # 7.8
    Mistake(
        "posterior_underflows",
        "    weights = np.exp(log_weights - np.max(log_weights))\n"
        "    return np.tensordot(weights / np.sum(weights), P_test, axes=1)\n",
        "    weights = np.exp(log_weights)\n"
        '    with np.errstate(invalid="ignore"):\n'
        "        return np.tensordot(weights / np.sum(weights), P_test, axes=1)\n",
        "What is 0.5 to the power of 5000 in floating point?",
        "Subtract the largest logarithm before you exponentiate: the quotients stay the same.",
        module="incontext",
    ),
    Mistake(
        "posterior_averages_likelihoods",
        "        log_weights = np.sum(np.log(",
        "        log_weights = np.mean(np.log(",
        "Do twice as many points make you surer?",
        "They do: the weight is a product over the points, and its logarithm a sum, not a mean.",
        module="incontext",
    ),
    Mistake(
        "regression_forgets_the_noise",
        "    return mean, sigma**2 + np.sum(",
        "    return mean, np.sum(",
        "How sure can one be of an observation if w is known exactly?",
        "Never surer than its noise: sigma² is added to the variance.",
        module="incontext",
    ),
    Mistake(
        "regression_takes_deviations_for_variances",
        "    A = X.T @ X / sigma**2 + np.eye(X.shape[1]) / tau**2\n",
        "    A = X.T @ X / sigma + np.eye(X.shape[1]) / tau\n",
        "Is sigma a deviation or a variance?",
        "A deviation: squares stand in the formula.",
        module="incontext",
    ),
    Mistake(
        "regression_forgets_the_prior",
        "    A = X.T @ X / sigma**2 + np.eye(X.shape[1]) / tau**2\n    covariance = np.linalg.inv(A)\n",
        "    A = X.T @ X / sigma**2\n    covariance = np.linalg.pinv(A)\n",
        "What does your function say before any point is seen?",
        "I / tau² belongs to A: it is the prior, and makes A invertible.",
        module="incontext",
    ),
    Mistake(
        "wines_by_the_farthest_mean",
        "classes[np.argmin(apart, axis=1)]",
        "classes[np.argmax(apart, axis=1)]",
        "Is a wine like those that are near to it, or like those that are far?",
        "It has the class whose mean is nearest: argmin.",
        module="incontext",
    ),
    # 7.9
    Mistake(
        "backward_forgets_the_softmax",
        "    dS = A * (dA - np.sum(A * dA, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])\n",
        "    dS = A * dA / np.sqrt(Q.shape[-1])\n",
        "If all entries of dA in a row are equal, should the scores change?",
        "Weights sum to 1: subtract the mean of dA, weighted by A.",
        module="attention",
    ),
    Mistake(
        "backward_forgets_the_scale",
        "    dS = A * (dA - np.sum(A * dA, axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])\n",
        "    dS = A * (dA - np.sum(A * dA, axis=-1, keepdims=True))\n",
        "The scores were divided by √d: where is that in the gradient?",
        "It is a factor of dQ and dK.",
        module="attention",
    ),
    Mistake(
        "backward_swaps_dq_and_dk",
        "    return dS @ K, np.swapaxes(dS, -1, -2) @ Q,",
        "    return dS @ Q if Q.shape == K.shape else dS @ K, np.swapaxes(dS, -1, -2) @ K[..., : Q.shape[-2], :] "
        "if Q.shape == K.shape else np.swapaxes(dS, -1, -2) @ Q,",
        "With as many keys as queries: is dQ made of Q, or of K?",
        "dQ = dS K and dK = dS^T Q; where shapes differ numpy would have told you.",
        module="attention",
    ),
    Mistake(
        "norm_backward_takes_the_mean_for_constant",
        "    g = g - np.mean(g, axis=-1, keepdims=True) - z * np.mean(g * z, axis=-1, keepdims=True)\n",
        "    g = g - z * np.mean(g * z, axis=-1, keepdims=True)\n",
        "If all entries of a row grow by 1, does the output change?",
        "It does not, so each row of dx sums to 0: subtract the mean of g.",
        module="transformer",
    ),
    Mistake(
        "norm_backward_takes_the_deviation_for_constant",
        "    g = g - np.mean(g, axis=-1, keepdims=True) - z * np.mean(g * z, axis=-1, keepdims=True)\n",
        "    g = g - np.mean(g, axis=-1, keepdims=True)\n",
        "If a row is twice as far from its mean, does the output change?",
        "Hardly, so dx is orthogonal to z: subtract z times the mean of g z.",
        module="transformer",
    ),
    Mistake(
        "norm_backward_averages_over_rows",
        "np.sum(grad * z, axis=rows), np.sum(grad, axis=rows)\n",
        "np.mean(grad * z, axis=rows), np.mean(grad, axis=rows)\n",
        "All rows share gamma: are their contributions summed, or averaged?",
        "Summed. Only if the loss has a mean in it is there one, and then it is in grad already.",
        module="transformer",
    ),
    # 7.10
    Mistake(
        "step_forgets_its_position",
        "    known = 0 if cache is None else cache[0][0].shape[-2]\n",
        "    known = 0\n",
        "Which position has the new id?",
        "There are t ids in the cache, so it is position t.",
        module="transformer",
    ),
    # 7.11
    Mistake(
        "letters_by_frequency_alone",
        "        p = smoothed(np.sum(counts, axis=forgotten), p)\n",
        "        p = smoothed(np.sum(counts, axis=(0, 1, 2)) + 0 * counts, p)\n",
        "Does your model look at the last letter?",
        "Letters by their frequency have a perplexity above 10: count what follows the last one, two, three.",
        module="language",
    ),
]
