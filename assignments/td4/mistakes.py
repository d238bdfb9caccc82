"""Mistakes that students make in td4, each an edit of reference/optim.py.

What they cost is measured by `surdix validate td4`.
"""

from grader.authoring import Mistake

MISTAKES = [
    Mistake(
        "descent_goes_uphill",
        "iterates[k] - lr * grad(iterates[k])",
        "iterates[k] + lr * grad(iterates[k])",
        "In which direction does the gradient point: where the function grows, or where it falls?",
        "The gradient points uphill; gradient descent subtracts lr times the gradient.",
    ),
    Mistake(
        "descent_without_x0",
        "        iterates[k + 1] = iterates[k] - lr * grad(iterates[k])\n    return iterates\n",
        "        iterates[k + 1] = iterates[k] - lr * grad(iterates[k])\n    return iterates[1:]\n",
        "How many points are there on a way of three steps? Which one is the first?",
        "x_0 is an iterate too: begin the list with it, and return steps + 1 rows.",
    ),
    Mistake(
        "descent_stops_one_step_early",
        "        iterates[k + 1] = iterates[k] - lr * grad(iterates[k])\n    return iterates\n",
        "        iterates[k + 1] = iterates[k] - lr * grad(iterates[k])\n    return iterates[: max(steps, 1)]\n",
        "How many points are there on a way of three steps?",
        "`steps` steps lead to steps + 1 points, x_0 included; a loop over range(1, steps) does one too few.",
    ),
    Mistake(
        "descent_keeps_one_array",
        "        iterates[k + 1] = iterates[k] - lr * grad(iterates[k])\n    return iterates\n",
        "        x0 -= lr * grad(x0)\n    return np.array([x0] * (steps + 1))\n",
        "If you put the same array into a list three times and then change it, what is in the list?",
        "x -= … changes the one array that is in all rows, and the caller's x0 with it. x = x - … makes a new one.",
    ),
    Mistake(
        "newton_multiplies_by_the_hessian",
        "np.linalg.solve(hessian(iterates[k]), grad(iterates[k]))",
        "hessian(iterates[k]) @ grad(iterates[k])",
        "Where the curvature is large, should the step be longer or shorter?",
        "Setting the derivative of the quadratic model to zero gives H s = -grad: solve for s, do not multiply by H.",
    ),
    Mistake(
        "newton_divides_entry_by_entry",
        "np.linalg.solve(hessian(iterates[k]), grad(iterates[k]))",
        "grad(iterates[k]) / np.diag(hessian(iterates[k]))",
        "What becomes of the entries of the Hessian that are not on its diagonal?",
        "The Hessian is a matrix. Dividing by its diagonal is right in one dimension only; solve the linear system.",
    ),
    Mistake(
        "newton_keeps_the_first_hessian",
        "np.linalg.solve(hessian(iterates[k]), grad(iterates[k]))",
        "np.linalg.solve(hessian(iterates[0]), grad(iterates[k]))",
        "At which point is the Hessian of your second step taken?",
        "The curvature changes on the way: take the Hessian at the present iterate, in each step.",
    ),
    Mistake(
        "newton_goes_uphill",
        "iterates[k] - np.linalg.solve(",
        "iterates[k] + np.linalg.solve(",
        "In one dimension, with a positive slope and a positive curvature: is the minimum to the left or to the right?",
        "The step solves H s = -grad, so the solution of H s = grad is subtracted.",
    ),
    Mistake(
        "minibatches_drop_the_last",
        "for start in range(0, n, batch_size)]",
        "for start in range(0, n - batch_size + 1, batch_size)]",
        "With 10 samples in batches of 4, how many samples does an epoch see? And in batches of 16?",
        "A slice may reach beyond the end: order[start:start + batch_size] is the short last batch by itself.",
    ),
    Mistake(
        "minibatches_add_an_empty_one",
        "for start in range(0, n, batch_size)]",
        "for start in range(0, n + 1, batch_size)]",
        "With 8 samples in batches of 4, how many batches are there?",
        "n // batch_size + 1 batches are one too many where batch_size divides n; range(0, n, batch_size) is right.",
    ),
    Mistake(
        "minibatches_draw_with_repetition",
        "order = rng.permutation(n)",
        "order = rng.integers(n, size=n)",
        "If you draw n times from n samples, is each of them drawn once?",
        "Drawn with repetition, about a third of the samples is missing. Shuffle instead: rng.permutation(n).",
    ),
    Mistake(
        "minibatches_are_not_shuffled",
        "order = rng.permutation(n)",
        "order = np.arange(n)",
        "If the samples come sorted by class, what is in the first batch?",
        "Draw an order from rng first: rng.permutation(n).",
    ),
    Mistake(
        "minibatches_use_numpys_generator",
        "order = rng.permutation(n)",
        "order = np.random.permutation(n)  # noqa: NPY002",
        "If somebody runs your code again with the same seed in rng, will the batches be the same?",
        "np.random.permutation draws from one hidden, global generator. Use the one that is passed in.",
    ),
    Mistake(
        "sgd_goes_uphill",
        "p -= self.lr * (g + self.momentum * v if self.nesterov else v)",
        "p += self.lr * (g + self.momentum * v if self.nesterov else v)",
        "In which direction does the gradient point: where the loss grows, or where it falls?",
        "The gradient points uphill; lr times the velocity is subtracted.",
    ),
    Mistake(
        "sgd_moves_before_the_velocity",
        "            v *= self.momentum\n"
        "            v += g\n"
        "            p -= self.lr * (g + self.momentum * v if self.nesterov else v)\n",
        "            ahead = g + self.momentum * (self.momentum * v + g)\n"
        "            p -= self.lr * (ahead if self.nesterov or not self.momentum else v)\n"
        "            v *= self.momentum\n"
        "            v += g\n",
        "At the very first step the old velocity is 0. Do your parameters move at all?",
        "First the velocity takes in the new gradient, then the parameter moves by the new velocity.",
    ),
    Mistake(
        "momentum_is_averaged",
        "            v += g\n",
        "            v += (1 - self.momentum) * g\n",
        "How far does the first step go, when the velocity has been 0 before?",
        "A running mean weighs the fresh gradient by 1 - momentum. That is Adam's convention; in SGD its weight is 1.",
    ),
    Mistake(
        "lr_is_applied_twice",
        "            v += g\n",
        "            v += (self.lr if self.momentum else 1.0) * g\n",
        "How many times is the gradient multiplied by lr before it reaches the parameter?",
        "lr may stand in the velocity or outside of it, but not in both. Here it is outside: v = momentum v + g, "
        "p = p - lr v.",
    ),
    Mistake(
        "velocity_forgets_the_past",
        "            v += g\n",
        "            v[...] = g\n",
        "After three steps with the same gradient, is the third step longer than the first?",
        "The velocity adds up: the old one times momentum, plus the new gradient.",
    ),
    Mistake(
        "velocity_is_shared",
        "self.velocities = [np.zeros_like(p) for p in self.params]",
        "self.velocities = [np.zeros_like(self.params[0])] * len(self.params)",
        "How many velocities does your optimiser have, and how many arrays does it move?",
        "[v] * 3 is one array three times. Each parameter needs a velocity of its own, made by its own np.zeros_like.",
    ),
    Mistake(
        "nesterov_looks_back",
        "g + self.momentum * v if",
        "g - self.momentum * v if",
        "Will the velocity carry the parameters on, or back?",
        "Nesterov looks ahead, where the velocity leads: g + momentum v.",
    ),
    Mistake(
        "nesterov_is_ignored",
        "(g + self.momentum * v if self.nesterov else v)",
        "v",
        "Does your step differ with nesterov=True from the one without?",
        "With nesterov=True the step is lr (g + momentum v), with the new v; without, it is lr v. With the old v in "
        "that formula it would be plain momentum again.",
    ),
    Mistake(
        "nesterov_forgets_the_gradient",
        "(g + self.momentum * v if",
        "(self.momentum * v if",
        "At the first step v is g. How far does Nesterov's step go then, and how far does yours?",
        "The look ahead comes on top of the present gradient: g + momentum v.",
    ),
    Mistake(
        "sgd_forgets_weight_decay",
        "            g = g + self.weight_decay * p\n            v *=",
        "            v *=",
        "If all gradients are 0, do the parameters shrink?",
        "Weight decay adds weight_decay times p to the gradient, before anything else.",
    ),
    Mistake(
        "sgd_decays_the_wrong_way",
        "            g = g + self.weight_decay * p\n            v *=",
        "            g = g - self.weight_decay * p\n            v *=",
        "If all gradients are 0, do the parameters shrink or grow?",
        "The gradient of weight_decay |p|² / 2 is weight_decay p, and it is added to g: the step then takes it off p.",
    ),
    Mistake(
        "sgd_writes_into_grads",
        "            g = g + self.weight_decay * p\n            v *=",
        "            g += self.weight_decay * p\n            v *=",
        "What is the difference between `g += a` and `g = g + a` for whoever else holds the array g?",
        "`g += …` changes the caller's array, `g = g + …` makes a new one.",
    ),
    Mistake(
        "sgd_makes_new_arrays",
        "        for p, g, v in zip(self.params, grads, self.velocities, strict=True):\n",
        "        self.params = [p.copy() for p in self.params]\n"
        "        for p, g, v in zip(self.params, grads, self.velocities, strict=True):\n",
        "After step, does the network hold the new values, or does your optimiser alone?",
        "p = p - … makes a new array that the network never sees. Write into the old one: p -= … or p[...] = …",
    ),
    Mistake(
        "adam_makes_new_arrays",
        "    adam.t += 1\n",
        "    adam.t += 1\n    adam.params = [p.copy() for p in adam.params]\n",
        "After step, does the network hold the new values, or does your optimiser alone?",
        "p = p - … makes a new array that the network never sees. Write into the old one: p -= … or p[...] = …",
    ),
    Mistake(
        "adam_without_bias_correction",
        "        m_hat = m / (1 - beta1**adam.t)\n        v_hat = v / (1 - beta2**adam.t)\n",
        "        m_hat = m\n        v_hat = v\n",
        "How large are m and v after one step, compared with g and g²?",
        "Running means that start at 0 are too small by 1 - β^t after t steps: divide both by it.",
    ),
    Mistake(
        "adam_corrects_m_alone",
        "v_hat = v / (1 - beta2**adam.t)",
        "v_hat = v",
        "Which of the two running means starts at 0?",
        "Both do: v is divided by 1 - β₂^t as m is by 1 - β₁^t.",
    ),
    Mistake(
        "adam_corrects_as_if_at_the_first_step",
        "        m_hat = m / (1 - beta1**adam.t)\n        v_hat = v / (1 - beta2**adam.t)\n",
        "        m_hat = m / (1 - beta1)\n        v_hat = v / (1 - beta2)\n",
        "After a thousand steps, how far from the true mean is a running mean that started at 0?",
        "The correction fades away: 1 - β^t, with the number t of the step, tends to 1.",
    ),
    Mistake(
        "adam_counts_from_0",
        "    adam.t += 1\n    beta1, beta2 = adam.betas\n",
        "    adam.t = getattr(adam, 'begun', -1) + 1\n    adam.begun = adam.t\n    beta1, beta2 = adam.betas\n",
        "What is 1 - β^t at t = 0, and what do you divide by it?",
        "The first step is number 1: count before you correct. With t = 0 it divides by 0.",
    ),
    Mistake(
        "adam_keeps_the_corrected_means",
        "        m_hat = m / (1 - beta1**adam.t)\n        v_hat = v / (1 - beta2**adam.t)\n",
        "        m /= 1 - beta1**adam.t\n        v /= 1 - beta2**adam.t\n        m_hat, v_hat = m, v\n",
        "At the second step, has the m that you start from been corrected already?",
        "The correction is for this step's use alone; m and v themselves go on uncorrected.",
    ),
    Mistake(
        "adam_has_eps_inside_the_root",
        "(np.sqrt(v_hat) + adam.eps)",
        "np.sqrt(v_hat + adam.eps)",
        "With v = 0 and eps = 1e-8, what is your denominator, and what is it in the formula?",
        "eps is added to the root, not under it: √v̂ + eps. Under the root its effect is that of 1e-4.",
    ),
    Mistake(
        "adam_adds_eps_before_correcting",
        "(np.sqrt(v_hat) + adam.eps)",
        "((np.sqrt(v) + adam.eps) / np.sqrt(1 - beta2**adam.t))",
        "Is your eps corrected for the bias as well? Should it be?",
        "First √v̂ with the corrected v̂, then eps is added.",
    ),
    Mistake(
        "adam_forgets_the_root",
        "(np.sqrt(v_hat) + adam.eps)",
        "(v_hat + adam.eps)",
        "If all gradients are multiplied by 10, should Adam's steps change?",
        "m̂ / √v̂ has no unit. Without the root, large gradients make short steps.",
    ),
    Mistake(
        "adam_squares_the_mean",
        "v += (1 - beta2) * g**2",
        "v += (1 - beta2) * m**2",
        "Of what is v the running mean: of the gradient's square, or of the square of its mean?",
        "v takes in g², entry by entry.",
    ),
    Mistake(
        "adam_swaps_the_betas",
        "beta1, beta2 = adam.betas",
        "beta2, beta1 = adam.betas",
        "Which of the two means has the longer memory?",
        "betas are (β₁, β₂): β₁ = 0.9 for the gradient, β₂ = 0.999 for its square.",
    ),
    Mistake(
        "adam_decays_decoupled",
        "        _adam_step(self, [g + self.weight_decay * p for p, g in zip(self.params, grads, strict=True)])\n",
        "        for p in self.params:\n            p *= 1 - self.lr * self.weight_decay\n"
        "        _adam_step(self, list(grads))\n",
        "In Adam, not AdamW: do the running means see the weight decay?",
        "Adam's weight decay is part of the gradient, as in SGD, and so of m and v. Decoupled, it is AdamW's.",
    ),
    Mistake(
        "adam_shares_its_means",
        "        self.means = [np.zeros_like(p) for p in self.params]\n"
        "        self.squares = [np.zeros_like(p) for p in self.params]\n",
        "        self.means = [np.zeros_like(self.params[0])] * len(self.params)\n"
        "        self.squares = [np.zeros_like(self.params[0])] * len(self.params)\n",
        "How many arrays does your optimiser move, and how many running means does it have?",
        "[m] * 3 is one array three times. Each parameter needs means of its own, each made by its own np.zeros_like.",
    ),
    Mistake(
        "adamw_decays_coupled",
        "        for p in self.params:\n"
        "            p *= 1 - self.lr * self.weight_decay\n"
        "        _adam_step(self, grads)\n",
        "        _adam_step(self, [g + self.weight_decay * p for p, g in zip(self.params, grads, strict=True)])\n",
        "If a weight's gradients are large, does your decay still pull it by lr weight_decay p?",
        "That is Adam's decay, which goes through m and v. AdamW shrinks p by itself, and gradients stay as they are.",
    ),
    Mistake(
        "adamw_decays_without_lr",
        "p *= 1 - self.lr * self.weight_decay",
        "p *= 1 - self.weight_decay",
        "If lr is halved, should the decay of one step change?",
        "A step's decay is lr times weight_decay, so that a schedule for lr acts on both.",
    ),
    Mistake(
        "adamw_decays_after_the_step",
        "        for p in self.params:\n"
        "            p *= 1 - self.lr * self.weight_decay\n"
        "        _adam_step(self, grads)\n",
        "        _adam_step(self, grads)\n"
        "        for p in self.params:\n"
        "            p *= 1 - self.lr * self.weight_decay\n",
        "Which p is shrunk: the one before Adam's step, or the one after?",
        "The decay comes first. After the step it would shrink the step as well.",
    ),
    Mistake(
        "adamw_does_not_decay",
        "            p *= 1 - self.lr * self.weight_decay\n",
        "            pass\n",
        "If all gradients are 0, do the parameters shrink?",
        "Each step begins with p = p - lr weight_decay p, whatever the gradients are.",
    ),
    Mistake(
        "dropout_keeps_with_p",
        "kept = rng.random(x.shape) >= p",
        "kept = rng.random(x.shape) < p",
        "With p = 0.1, how many of 100 entries do you keep?",
        "p is the probability to drop: kept are the entries whose draw is at least p.",
    ),
    Mistake(
        "dropout_does_not_rescale",
        "return x * kept / (1 - p)",
        "return x * kept",
        "If half of the entries are 0 and the others as before, what becomes of the mean?",
        "Inverted dropout divides what is kept by 1 - p, so that each entry's mean stays.",
    ),
    Mistake(
        "dropout_divides_by_p",
        "return x * kept / (1 - p)",
        "return x * kept / p",
        "With p = 0.1 nearly everything is kept. Should it grow by a lot?",
        "An entry is kept with probability 1 - p, so it is divided by 1 - p.",
    ),
    Mistake(
        "dropout_is_never_off",
        "    if not training:\n        return x.copy()\n",
        "",
        "What should dropout do when the network is used, not trained?",
        "With training=False the answer is x.",
    ),
    Mistake(
        "dropout_rescales_at_test_time",
        "        return x.copy()\n",
        "        return x * (1 - p)\n",
        "What has been done in training already, so that nothing is left to do at test time?",
        "Scaling by 1 - p at test time belongs to the older dropout, which does not scale in training. Inverted "
        "dropout has done it.",
    ),
    Mistake(
        "dropout_writes_into_its_input",
        "    return x * kept / (1 - p)\n",
        "    x *= kept / (1 - p)\n    return x\n",
        "After y = dropout(x, …), what is in x? Who else may need it?",
        "x *= … and x[…] = 0 change the caller's array. x * kept makes a new one.",
    ),
]
