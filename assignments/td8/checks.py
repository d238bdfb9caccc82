"""Generating: 55 checks, 10 points; 8 of them for questions 8.1 to 8.8, which are for the TD's three hours.

One mistake is paid once, as far as functions that are built on others allow: samplers are asked with models that the
checks bring along, and short chains say what each draw is for. What is refused is asked of many calls at once, of which
about half are right, so that neither raising always nor never is worth anything.

An answer computed in float32 passes.
"""

import numpy as np
from sklearn.datasets import load_digits

from grader.authoring import accuracy, check, close, equal, gradient, predicate


def refused(function, *arguments):
    """Does a call raise ValueError?"""
    try:
        function(*arguments)
    except ValueError:
        return True
    return False


def calls_with_times(rng):
    """Twenty calls of functions of two arrays, times and betas. The first eleven have one thing wrong at most."""
    n = rng.integers(2, 5, size=20)
    n[9] = 3  # the one that is right: as many times as columns would hide who puts times along these
    columns = {
        "rows": np.where(rng.random(20) < 0.8, n, n + rng.choice([-1, 1], size=20)),
        "times": np.where(rng.random(20) < 0.5, 0, n),  # 0: one time for all
        "t": rng.integers(5, size=20),
        "beta": rng.uniform(0.01, 0.99, size=20),
        "columns": np.where(rng.random(20) < 0.9, 2, 1),  # of y; x has 2, and numpy would broadcast 1
    }
    some = rng.random(20) < 0.15
    columns["t"][some] = rng.choice([-1, 5], size=some.sum())
    some = rng.random(20) < 0.15
    columns["beta"][some] = rng.choice([0.0, 1.0, -0.2, 1.2], size=some.sum())
    columns["rows"][:11], columns["times"][:11], columns["t"][:11], columns["beta"][:11] = n[:11], n[:11], 4, 0.5
    columns["columns"][:11] = 2
    columns["columns"][10] = 1
    columns["rows"][0] = 1  # numpy would broadcast it
    columns["times"][[1, 2]] = [1, n[2] + 1]
    columns["times"][[3, 4, 8]] = 0
    columns["t"][[3, 4, 5, 9]] = [-1, 5, -1, 0]
    columns["beta"][[6, 7]] = [0.0, 1.0]
    return {"twenty_calls": {"calls": np.stack([n, *columns.values()], axis=1)}}


def refusals(function, calls):
    """function(x, t, y, betas), whether it refuses each of the calls."""
    found = []
    for n, rows, times, t, beta, d in calls.tolist():
        when = np.ones(int(times), dtype=int)
        when[-1:] = int(t)
        x, y = np.ones((int(n), 2)), np.ones((int(rows), int(d)))
        found.append(refused(function, x, when if times else int(t), y, np.array([0.2, 0.1, beta, 0.1, 0.3])))
    return found


# --- 8.1 losses -------------------------------------------------------------------------------------------------------


def some_logits(rng):
    def values(n, m, scale=2.0):
        return {"real": scale * rng.normal(size=n), "fake": scale * rng.normal(size=m)}

    return {"few": values(5, 3), "one_each": values(1, 1), "as_many": values(4, 4), "more": values(8, 11)}


def far_logits(rng):
    """So far from 0 that exp overflows, on both sides."""

    def values(n):
        logits = 1000.0 * rng.permutation(np.where(np.arange(n) % 2 == 0, 1.0, -1.0)) + rng.integers(-99, 100, size=n)
        return {"real": logits, "fake": rng.permutation(-logits)}

    return {"both_sides": values(6), "more": values(9)}


def logits_of_a_generator(rng):
    return {
        f"{kind}_{n}": {"fake": 2.0 * rng.normal(size=n), "kind": kind}
        for kind in ("minimax", "non_saturating")
        for n in (3, 7)
    }


def numbers_of_logits(rng):
    calls = np.concatenate([rng.integers(0, 3, size=(20, 2)), rng.integers(4, size=(20, 1))], axis=1)
    calls[:6] = [[0, 2, 0], [2, 0, 1], [1, 2, 2], [2, 1, 3], [1, 1, 0], [1, 1, 1]]
    return {"twenty_calls": {"calls": calls}}


@check("8.1", points=0.25, cases=some_logits, compare=close())
def discriminator_loss_is_two_means(td, real, fake):
    """discriminator_loss is the mean of -log σ(real) plus the mean of -log(1 - σ(fake))."""
    return [td.discriminator_loss(sign * real, fake) for sign in (1.0, -1.0)]  # one number may be right by chance


@check("8.1", points=0.2, cases=some_logits, compare=close())
def generator_loss_has_two_kinds(td, fake):
    """generator_loss is the mean of log(1 - σ(fake)) as "minimax", and of -log σ(fake) as "non_saturating"."""
    return {kind: td.generator_loss(fake, kind) for kind in ("minimax", "non_saturating")}


@check(
    "8.1",
    points=0.15,
    cases=far_logits,
    compare=close(),
    follows=["discriminator_loss_is_two_means", "generator_loss_has_two_kinds"],
)
def losses_survive_far_logits(td, real, fake):
    """The losses are right, and numpy has nothing to warn of, where logits are 1000 or -1000."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        minimax, non_saturating = td.generator_loss(fake, "minimax"), td.generator_loss(fake, "non_saturating")
        return {
            "discriminator": td.discriminator_loss(real, fake),
            "minimax": minimax,
            "non_saturating": non_saturating,
        }


def loss_of_real(td, real, fake):
    return (lambda real: td.discriminator_loss(real, fake)), real


def loss_of_fake(td, real, fake):
    return (lambda fake: td.discriminator_loss(real, fake)), fake


def loss_of_generator(td, fake, kind):
    return (lambda fake: td.generator_loss(fake, kind)), fake


@check("8.1", points=0.15, cases=some_logits, compare=gradient(atol=1e-7, of=loss_of_real))
def discriminator_gradient_by_real_logits(td, real, fake):
    """discriminator_gradient gives first the derivatives of the loss by each real logit."""
    return td.discriminator_gradient(real, fake)[0]


@check("8.1", points=0.1, cases=some_logits, compare=gradient(atol=1e-7, of=loss_of_fake))
def discriminator_gradient_by_fake_logits(td, real, fake):
    """discriminator_gradient gives second the derivatives of the loss by each fake logit."""
    return td.discriminator_gradient(real, fake)[1]


@check("8.1", points=0.15, cases=logits_of_a_generator, compare=gradient(atol=1e-7, of=loss_of_generator))
def generator_gradient_is_its_losses(td, fake, kind):
    """generator_gradient gives the derivatives of generator_loss of the same kind, by each logit."""
    return td.generator_gradient(fake, kind)


@check(
    "8.1",
    points=0.1,
    cases=far_logits,
    compare=close(atol=1e-7),
    follows=["discriminator_gradient_by_real_logits", "generator_gradient_is_its_losses"],
)
def gradients_survive_far_logits(td, real, fake):
    """The gradients are right where logits are 1000 or -1000."""
    with np.errstate(over="ignore"):  # 1 / (1 + exp(1000)) warns, and is right
        by_real, by_fake = td.discriminator_gradient(real, fake)
        minimax, non_saturating = td.generator_gradient(fake, "minimax"), td.generator_gradient(fake, "non_saturating")
        return {"real": by_real, "fake": by_fake, "minimax": minimax, "non_saturating": non_saturating}


@check("8.1", points=0.1, cases=numbers_of_logits, compare=equal())
def losses_refuse(td, calls):
    """Losses and gradients raise ValueError where there are no logits, and for a kind that is none of the two."""
    found = []
    for n, m, i in calls.tolist():
        real, fake = np.ones(n), np.ones(m)
        kind = ["minimax", "non_saturating", "saturating", "wasserstein"][i]
        found.append([refused(td.discriminator_loss, real, fake), refused(td.discriminator_gradient, real, fake)])
        found.append([refused(td.generator_loss, fake, kind), refused(td.generator_gradient, fake, kind)])
    return found


# --- 8.2 the best discriminator ---------------------------------------------------------------------------------------


def log_densities(rng):
    def values(n, scale):
        return {"log_p": scale * rng.normal(size=n) - 1.0, "log_q": scale * rng.normal(size=n) - 1.0}

    return {"near": values(6, 1.0), "wide": values(30, 3.0), "one": values(1, 1.0)}


def log_densities_far_away(rng):
    """Densities that are 0 in floating point, and such as are 0; a place for each case of what may be where."""
    log_p = rng.uniform(-2500.0, -2000.0, size=9)
    log_q = log_p + rng.uniform(-3.0, 3.0, size=9)
    log_q[3:5] += [900.0, -900.0]
    log_p[[5, 7]] = log_q[[6, 7]] = -np.inf
    order = rng.permutation(9)
    return {"far": {"log_p": log_p[order], "log_q": log_q[order]}}


@check("8.2", points=0.3, cases=log_densities, compare=close())
def optimal_discriminator_is_a_share(td, log_p, log_q):
    """optimal_discriminator is p / (p + q), from the logarithms of p and q."""
    return td.optimal_discriminator(log_p, log_q)


@check(
    "8.2",
    points=0.15,
    cases=log_densities_far_away,
    compare=close(rtol=1e-3),  # in float32 each logarithm is up to 1.2e-4 off, and so is D's
    follows=["optimal_discriminator_is_a_share"],
)
def optimal_discriminator_far_away(td, log_p, log_q):
    """optimal_discriminator is right where log densities are -2000, or -inf; it is 0.5 where both are -inf."""
    return td.optimal_discriminator(log_p, log_q)


def numbers_of_places(rng):
    numbers = rng.integers(1, 4, size=(20, 2))
    same = rng.random(20) < 0.4
    numbers[same, 1] = numbers[same, 0]
    numbers[:4] = [[3, 1], [1, 3], [2, 3], [3, 3]]  # numpy would broadcast the first two
    return {"twenty_calls": {"numbers": numbers}}


@check("8.2", points=0.05, cases=numbers_of_places, compare=equal())
def optimal_discriminator_refuses(td, numbers):
    """optimal_discriminator raises ValueError where log_p and log_q have different shapes."""
    return [refused(td.optimal_discriminator, np.zeros(n), np.zeros(m)) for n, m in numbers.tolist()]


# --- 8.3 a GAN of four numbers ----------------------------------------------------------------------------------------


def small_gans(rng):
    def values(n, m):
        params = rng.uniform(0.5, 1.5, size=4) * rng.choice([-1.0, 1.0], size=4)
        return {"params": params, "x": 2.0 + rng.normal(size=n), "z": rng.normal(size=m)} | {
            "lr": float(rng.uniform(0.2, 0.5))
        }

    return {"few": values(5, 3), "one_each": values(1, 1), "as_many": values(4, 4), "many": values(20, 30)}


def both_discriminators(params):
    """Where one is so sure that no gradient is left, the opposite one is as wrong: no mistake is right for both."""
    return params, params * [1.0, 1.0, -1.0, -1.0]


@check(
    "8.3",
    points=0.3,
    cases=small_gans,
    compare=close(atol=1e-6),
    follows=["discriminator_gradient_by_real_logits", "discriminator_gradient_by_fake_logits"],
)
def gan_step_moves_the_discriminator(td, params, x, z, lr):
    """gan_step moves u and c once down the discriminator's loss on x and G(z); nothing that it is given changes."""
    moved = [td.gan_step(each, x, z, lr)[2:] for each in both_discriminators(params)]
    return {"u": [u for u, _ in moved], "c": [c for _, c in moved], "params": params, "x": x, "z": z}


@check(
    "8.3",
    points=0.3,
    cases=small_gans,
    compare=close(atol=1e-6),
    follows=["gan_step_moves_the_discriminator", "generator_gradient_is_its_losses"],
)
def gan_step_then_moves_the_generator(td, params, x, z, lr):
    """gan_step moves a and b down the non-saturating loss of the same z, through the new discriminator."""
    moved = [td.gan_step(each, x, z, lr)[:2] for each in both_discriminators(params)]
    return {"a": [a for a, _ in moved], "b": [b for _, b in moved]}


# --- 8.4 adding noise -------------------------------------------------------------------------------------------------


def linear_schedules(rng):
    start = rng.uniform(0.001, 0.05, size=3)
    end = start + rng.uniform(0.05, 0.3, size=3)
    return {
        f"{T}_steps": {"T": T, "start": float(start[i]), "end": float(end[i])} for i, T in enumerate([2, 5, 12])
    } | {"default": {"T": int(rng.integers(5, 500)), "start": None, "end": None}}


def some_betas(rng):
    return {name: {"betas": rng.uniform(0.02, 0.5, size=T)} for name, T in [("one", 1), ("five", 5), ("twelve", 12)]}


def noisy_rows(rng, T, n, d, t):
    x, y = rng.normal(size=(n, d)), rng.normal(size=(n, d))
    return {"x": x, "t": t, "y": y, "betas": np.sort(rng.uniform(0.02, 0.4, size=T))}


def one_time(rng):
    return {
        "first": noisy_rows(rng, 6, 4, 3, 0),
        "last": noisy_rows(rng, 6, 3, 2, 5),
        "between": noisy_rows(rng, 8, 5, 2, int(rng.integers(2, 7))),
        "square": noisy_rows(rng, 5, 3, 3, int(rng.integers(1, 4))),
    }


def a_time_for_each(rng):
    return {
        "square": noisy_rows(rng, 6, 4, 4, rng.permutation(6)[:4]),
        "tall": noisy_rows(rng, 4, 7, 2, rng.permutation([0, 3, *rng.integers(0, 4, size=5)])),
    }


def all_times(rng):
    return one_time(rng) | a_time_for_each(rng)


@check("8.4", points=0.1, cases=linear_schedules, compare=close())
def linear_betas_have_equal_distances(td, T, start, end):
    """linear_betas gives T numbers at equal distances, from start to end, which are 1e-4 and 0.02 by default."""
    return td.linear_betas(T) if start is None else td.linear_betas(T, start, end)


@check("8.4", points=0.2, cases=some_betas, compare=close())
def alpha_bars_are_products(td, betas):
    """alpha_bars gives for each t the product of 1 - β up to and including it."""
    return td.alpha_bars(betas)


@check("8.4", points=0.25, cases=one_time, compare=close(atol=1e-6), follows=["alpha_bars_are_products"])
def q_sample_adds_noise(td, x, t, y, betas):
    """q_sample is √ᾱ_t x_0 + √(1 - ᾱ_t) ε, with one t for all rows."""
    return td.q_sample(x, t, y, betas)


@check("8.4", points=0.15, cases=a_time_for_each, compare=close(atol=1e-6), follows=["q_sample_adds_noise"])
def q_sample_takes_a_time_for_each_row(td, x, t, y, betas):
    """q_sample takes n times as well, one for each row."""
    return td.q_sample(x, t, y, betas)


def betas_to_refuse(rng):
    """Sequences of betas; one in three has one that is outside (0, 1), or at its end."""
    betas = rng.uniform(0.02, 0.9, size=(20, 4))
    wrong = rng.random(20) < 0.4
    wrong[:6] = [True, True, True, True, False, False]
    outside = rng.choice([0.0, 1.0, -0.1, 1.3], size=20)
    outside[:4] = [0.0, 1.0, -0.1, 1.3]
    betas[wrong, rng.integers(4, size=20)[wrong]] = outside[wrong]
    return {"twenty": {"many": betas}}


@check("8.4", points=0.1, cases=calls_with_times, compare=equal())
def q_sample_refuses(td, calls):
    """q_sample refuses times outside 0 … T - 1, another number of them than n, betas outside (0, 1), other shapes."""
    return refusals(td.q_sample, calls)


@check("8.4", points=0.1, cases=betas_to_refuse, compare=equal())
def schedules_refuse(td, many):
    """alpha_bars raises ValueError where a β is not inside (0, 1), and linear_betas for T = 1, which has two ends."""
    return [refused(td.alpha_bars, betas) for betas in many] + [refused(td.linear_betas, T) for T in (1, 2, 3)]


# --- 8.5 telling the noise --------------------------------------------------------------------------------------------


@check("8.5", points=0.2, cases=all_times, compare=close(atol=1e-5), follows=["alpha_bars_are_products"])
def predict_x0_takes_noise_away(td, x, t, y, betas):
    """predict_x0 is the x_0 that leads to x_t with this noise."""
    return td.predict_x0(x, t, y, betas)


@check("8.5", points=0.15, cases=all_times, compare=close(atol=1e-5), follows=["alpha_bars_are_products"])
def predict_noise_is_what_was_added(td, x, t, y, betas):
    """predict_noise is the noise that leads from this x_0 to x_t."""
    return td.predict_noise(x, t, y, betas)


def noise_models(rng):
    return {
        name: values | {"W": rng.normal(size=(values["x"].shape[1],) * 2), "b": rng.normal(size=values["x"].shape[1])}
        for name, values in all_times(rng).items()
    }


def loss_of_W(td, W, b, x, t, y, betas):
    return (lambda W: td.noise_loss(W, b, x, t, y, betas)), W


def loss_of_b(td, W, b, x, t, y, betas):
    return (lambda b: td.noise_loss(W, b, x, t, y, betas)), b


@check("8.5", points=0.25, cases=noise_models, compare=close(), follows=["q_sample_adds_noise"])
def noise_loss_is_a_mean_over_rows(td, W, b, x, t, y, betas):
    """noise_loss is the mean over the rows of |W x_t + b - ε|²."""
    return [td.noise_loss(factor * W, b, x, t, y, betas) for factor in (1.0, -1.0, 2.0)]


@check(
    "8.5",
    points=0.2,
    cases=noise_models,
    compare=gradient(atol=1e-6, of=loss_of_W),
    follows=["q_sample_adds_noise"],
)
def noise_gradient_of_W(td, W, b, x, t, y, betas):
    """noise_loss_gradient gives first the gradient of noise_loss with respect to W."""
    return td.noise_loss_gradient(W, b, x, t, y, betas)[0]


@check(
    "8.5",
    points=0.15,
    cases=noise_models,
    compare=gradient(atol=1e-6, of=loss_of_b),
    follows=["q_sample_adds_noise"],
)
def noise_gradient_of_b(td, W, b, x, t, y, betas):
    """noise_loss_gradient gives second the gradient of noise_loss with respect to b."""
    return td.noise_loss_gradient(W, b, x, t, y, betas)[1]


@check("8.5", points=0.1, cases=calls_with_times, compare=equal(), follows=["q_sample_refuses"])
def noise_functions_refuse(td, calls):
    """predict_x0, predict_noise, noise_loss and its gradient raise ValueError wherever q_sample does."""
    W, b = np.eye(2), np.zeros(2)
    return {
        "predict_x0": refusals(td.predict_x0, calls),
        "predict_noise": refusals(td.predict_noise, calls),
        "noise_loss": refusals(lambda *rest: td.noise_loss(W, b, *rest), calls),
        "noise_loss_gradient": refusals(lambda *rest: td.noise_loss_gradient(W, b, *rest), calls),
    }


# --- 8.6 the way back -------------------------------------------------------------------------------------------------


def later_times(rng):
    return {
        "last": noisy_rows(rng, 6, 3, 2, 5),
        "second": noisy_rows(rng, 6, 4, 3, 1),
        "one_each": noisy_rows(rng, 5, 4, 4, 1 + rng.permutation(4)),
    }


def the_first_time(rng):
    return {"all_at_0": noisy_rows(rng, 5, 4, 3, 0), "one_each": noisy_rows(rng, 5, 3, 3, np.array([0, 3, 0]))}


def seeded(values, rng):
    return values | {"seed": int(rng.integers(2**31))}


def steps_back(rng):
    return {
        "last": seeded(noisy_rows(rng, 6, 3, 2, 5), rng),
        "second": seeded(noisy_rows(rng, 6, 4, 3, 1), rng),
        "between": seeded(noisy_rows(rng, 7, 3, 3, int(rng.integers(2, 6))), rng),
    }


def steps_to_0(rng):
    return {"one_row": seeded(noisy_rows(rng, 5, 1, 2, 0), rng), "rows": seeded(noisy_rows(rng, 5, 4, 3, 0), rng)}


@check("8.6", points=0.4, cases=later_times, compare=close(atol=1e-6), follows=["alpha_bars_are_products"])
def q_posterior_is_gaussian(td, x, t, y, betas):
    """q_posterior gives mean and variance of x_{t-1} given x_t and x_0."""
    mean, var = td.q_posterior(x, y, t, betas)
    return {"mean": mean, "var": var}


@check("8.6", points=0.1, cases=the_first_time, compare=close(atol=1e-6), follows=["q_posterior_is_gaussian"])
def q_posterior_ends_at_x0(td, x, t, y, betas):
    """At t = 0, q_posterior's mean is x_0 and its variance 0."""
    mean, var = td.q_posterior(x, y, t, betas)
    return {"mean": mean, "var": var}


@check(
    "8.6",
    points=0.3,
    cases=steps_back,
    compare=close(atol=1e-5),
    follows=["q_posterior_is_gaussian", "predict_x0_takes_noise_away"],
)
def ddpm_step_draws_from_the_posterior(td, x, t, y, betas, seed):
    """ddpm_step is q_posterior's mean at the x_0 of predict_x0, plus √variance times the draws; x_t and ε stay."""
    return {"drawn": td.ddpm_step(x, t, y, betas, np.random.default_rng(seed)), "x_t": x, "eps": y, "betas": betas}


@check("8.6", points=0.1, cases=steps_to_0, compare=close(atol=1e-5), follows=["predict_x0_takes_noise_away"])
def ddpm_step_draws_nothing_at_0(td, x, t, y, betas, seed):
    """At t = 0, ddpm_step returns the x_0 of predict_x0, and takes no draw from the generator."""
    rng = np.random.default_rng(seed)
    return {"x0": td.ddpm_step(x, t, y, betas, rng), "next_draw": rng.random()}


def linear_models(rng):
    """A model of the noise that is linear at each time, and a chain that is short enough to tell all of its draws."""

    def values(T, n, d):
        model = {"slopes": rng.uniform(0.2, 0.9, size=T), "offsets": rng.normal(size=(T, d))}
        return seeded(model | {"n": n, "d": d, "betas": rng.uniform(0.05, 0.4, size=T)}, rng)

    return {"four_times": values(4, 3, 2), "one_time": values(1, 4, 3), "seven_times": values(7, 2, 1)}


def model_of(slopes, offsets):
    """It takes one time, or one for each row, as functions of the TD do."""
    return lambda x, t: np.reshape(slopes[t], (-1, 1)) * x + offsets[t]


@check(
    "8.6",
    points=0.25,
    cases=linear_models,
    compare=close(atol=1e-5),
    follows=["ddpm_step_draws_from_the_posterior", "ddpm_step_draws_nothing_at_0"],
)
def ddpm_sample_goes_from_noise_to_0(td, slopes, offsets, n, d, betas, seed):
    """ddpm_sample begins with noise, and takes a ddpm_step at each time from T - 1 to 0, with the model's noise."""
    return td.ddpm_sample(model_of(slopes, offsets), n, d, betas, np.random.default_rng(seed))


def gaussian_data(rng):
    """Of data N(m, s²) in each column, the mean noise at each time, a line; and where exact samplers end.

    A step takes x to a x + b + σ z: mean and variance of what comes out follow step by step.
    """
    T, n, d = 30, 1000, 2
    betas = np.linspace(1e-3, 0.3, T)
    m, s = rng.uniform(1.0, 3.0, size=d) * rng.choice([-1.0, 1.0], size=d), float(rng.uniform(0.3, 0.8))
    bars = np.cumprod(1 - betas)
    spread = bars * s**2 + 1 - bars
    slopes, offsets = np.sqrt(1 - bars) / spread, -(np.sqrt((1 - bars) * bars) / spread)[:, None] * m
    mean, var = np.zeros(d), 1.0
    for t in reversed(range(T)):
        a = (1 - betas[t] / np.sqrt(1 - bars[t]) * slopes[t]) / np.sqrt(1 - betas[t])
        mean = a * mean - betas[t] / np.sqrt(1 - bars[t]) / np.sqrt(1 - betas[t]) * offsets[t]
        var = a**2 * var + betas[t] * (1 - bars[t - 1] if t else 0.0) / (1 - bars[t])
    given = {"slopes": slopes, "offsets": offsets, "n": n, "d": d, "betas": betas}
    return {"gaussian": seeded(given | {"mean": mean, "var": var}, rng)}


def has_the_moments(values, answer):
    """Within 5 standard errors, which are √(v/n) of a mean and v √(2/n) of a variance v."""
    n, var = values["n"], values["var"]
    for i, mean in enumerate(values["mean"].tolist()):
        off = (answer["mean"][i] - mean) / np.sqrt(var / n)
        if not abs(off) <= 5:
            return f"the samples' mean in column {i} is {abs(off):.1f} standard errors off"
        off = (answer["var"][i] - var) / (var * np.sqrt(2 / n))
        if not abs(off) <= 5:
            return f"the samples' variance in column {i} is {abs(off):.1f} standard errors off"
    return True


@check(
    "8.6",
    points=0.15,
    cases=gaussian_data,
    compare=predicate(has_the_moments),
    follows=["ddpm_sample_goes_from_noise_to_0"],
)
def ddpm_sample_has_the_datas_moments(td, slopes, offsets, n, d, betas, seed):
    """With the exact noise of Gaussian data, 1000 samples have their mean and variance, to 5 standard errors."""
    x = np.asarray(td.ddpm_sample(model_of(slopes, offsets), n, d, betas, np.random.default_rng(seed)))
    return {"mean": x.mean(axis=0), "var": x.var(axis=0)}


def calls_with_one_time(rng):
    calls = calls_with_times(rng)["twenty_calls"]["calls"]
    calls[:, 2] = 0
    return {"twenty_calls": {"calls": calls}}


def steps_and_betas(rng):
    return {"calls": calls_with_one_time(rng)["twenty_calls"] | betas_to_refuse(rng)["twenty"]}


@check("8.6", points=0.15, cases=steps_and_betas, compare=equal(), follows=["q_sample_refuses"])
def steps_back_refuse(td, calls, many):
    """q_posterior and ddpm_step raise ValueError wherever q_sample does, and ddpm_sample where a β is not in (0, 1)."""
    rng = np.random.default_rng(0)
    return {
        "q_posterior": refusals(lambda x, t, y, betas: td.q_posterior(x, y, t, betas), calls),
        "ddpm_step": refusals(lambda x, t, y, betas: td.ddpm_step(x, t, y, betas, rng), calls),
        "ddpm_sample": [refused(td.ddpm_sample, lambda x, t: x, 3, 2, betas, rng) for betas in many],
    }


# --- 8.7 noise that is known ------------------------------------------------------------------------------------------


def widths(rng, K):
    """Not near 1, whose square is 1 too."""
    return np.where(rng.random(K) < 0.5, rng.uniform(0.6, 0.85, size=K), rng.uniform(1.15, 1.5, size=K))


def mixture(rng, K, d):
    """Its parts overlap, so that all of them have a say, but are apart in each column."""
    places = rng.permuted(np.repeat(np.linspace(-1.0, 1.0, K)[:, None], d, axis=1), axis=0)
    pi = rng.permutation(np.arange(1, K + 1)) * rng.uniform(0.9, 1.1, size=K)
    return {"pi": pi / pi.sum(), "mu": places + rng.uniform(-0.2, 0.2, size=(K, d)), "s": widths(rng, K)}


def some_mixtures(rng):
    def values(n, K, d):
        return {"x": rng.normal(size=(n, d))} | mixture(rng, K, d)

    return {"plane": values(6, 3, 2), "one_part": values(4, 1, 3), "line": values(5, 2, 1), "square": values(3, 3, 3)}


def points_far_away(rng):
    """Where every density is 0 in floating point. All parts are as wide, and one is clearly the nearest."""

    def values(K, d):
        parts = mixture(rng, K, d) | {"s": np.full(K, widths(rng, 1)[0])}
        x = rng.normal(size=(60, d))
        x *= 1000.0 / np.sqrt(np.sum(x**2, axis=1, keepdims=True))
        ahead = np.sort(np.sum((x[:, None] - parts["mu"]) ** 2, axis=2), axis=1)
        return {"x": x[np.argsort(ahead[:, 0] - ahead[:, 1])[:5]]} | parts

    return {"plane": values(3, 2), "space": values(4, 3)}


def log_density_of_rows(td, x, pi, mu, s):
    return (lambda x: np.sum(td.mixture_log_density(x, pi, mu, s))), x


def noisy_mixtures(rng):
    def values(n, K, d, T, t):
        return {"x": rng.normal(size=(n, d)), "t": t, "betas": rng.uniform(0.05, 0.4, size=T)} | mixture(rng, K, d)

    return {
        "last": values(5, 3, 2, 6, 5),
        "first": values(4, 2, 3, 4, 0),
        "one_each": values(4, 3, 3, 6, rng.permutation(6)[:4]),
        "square": values(3, 3, 3, 5, rng.permutation(5)[:3]),
        "one_part": values(4, 1, 1, 5, int(rng.integers(1, 4))),
    }


@check("8.7", points=0.25, cases=some_mixtures, compare=close(atol=1e-6))
def log_density_of_a_mixture(td, x, pi, mu, s):
    """mixture_log_density is log Σ_k π_k N(x; μ_k, s_k² I), of each row."""
    return td.mixture_log_density(x, pi, mu, s)


@check(
    "8.7",
    points=0.2,
    cases=some_mixtures,
    compare=gradient(atol=1e-6, of=log_density_of_rows),
)
def score_is_the_log_densitys_gradient(td, x, pi, mu, s):
    """mixture_score is the gradient of mixture_log_density with respect to each row."""
    return td.mixture_score(x, pi, mu, s)


@check(
    "8.7",
    points=0.15,
    cases=points_far_away,
    compare=close(),
    follows=["log_density_of_a_mixture", "score_is_the_log_densitys_gradient"],
)
def mixtures_survive_far_points(td, x, pi, mu, s):
    """mixture_log_density and mixture_score are right where |x| = 1000, and every density is 0 in floating point."""
    return {"log_density": td.mixture_log_density(x, pi, mu, s), "score": td.mixture_score(x, pi, mu, s)}


@check(
    "8.7",
    points=0.3,
    cases=noisy_mixtures,
    compare=close(atol=1e-6),
    follows=["score_is_the_log_densitys_gradient", "alpha_bars_are_products"],
)
def mixture_noise_is_expected(td, x, t, betas, pi, mu, s):
    """mixture_noise is E[ε | x_t] where x_0 comes from the mixture; t is an int, or n ints."""
    return td.mixture_noise(x, t, betas, pi, mu, s)


def mixtures_to_refuse(rng):
    """Of each call how pi, s, mu's shape, t and β differ from what is right: of the first sixteen one at most."""
    wrong = np.where(rng.random((30, 5)) < 0.1, rng.integers(1, 4, size=(30, 5)), 0)
    wrong[:16] = np.concatenate([np.zeros((1, 5), dtype=int), *(kind * np.eye(5, dtype=int) for kind in (1, 2, 3))])
    return {"calls": {"calls": np.concatenate([wrong, rng.integers(2, 5, size=(30, 1))], axis=1)}}


@check("8.7", points=0.15, cases=mixtures_to_refuse, compare=equal())
def mixtures_refuse(td, calls):
    """mixture_* raise ValueError unless π and s are positive, Σ π = 1, and shapes fit; mixture_noise minds t, β."""
    found = []
    for pi, s, mu, t, beta, k in calls.tolist():
        shares = np.full(k, 1 / k)
        shares[:2] += [[0, 0], [0.01, 0], [1 / k, -1 / k], [2 / k, -2 / k]][pi]
        widths = np.array([[1.0], [0.0], [-1.0], []][s] + [1.0] * (k - 1))
        arguments = [shares, np.ones([(k, 2), (k, 3), (k + 1, 2), (k - 1, 2)][mu]), widths]
        x, times = np.ones((4, 2)), [0, -1, 3, np.zeros(1, dtype=int)][t]
        found.append([refused(f, x, *arguments) for f in (td.mixture_log_density, td.mixture_score)])
        betas = np.array([0.1, [0.1, 0.0, 1.0, 1.2][beta], 0.1])
        found[-1].append(refused(td.mixture_noise, x, times, betas, *arguments))
    return found


# --- 8.8 latent diffusion ---------------------------------------------------------------------------------------------


def ellipsoids(rng):
    """Data whose deviations are well apart, around a mean that is not 0."""

    def values(n, d, k):
        left = rng.normal(size=(n, d) if n > d else (n, n - 1))
        left = np.linalg.qr(left - left.mean(axis=0))[0]
        r = left.shape[1]
        scales = np.sqrt(n) * 3.0 * 0.6 ** np.arange(r) * rng.uniform(0.9, 1.1, size=r)
        right = np.linalg.qr(rng.normal(size=(d, d)))[0][:r]
        mean = rng.uniform(1.0, 3.0, size=d) * rng.choice([-1.0, 1.0], size=d)
        return {"X": (left * scales) @ right + mean, "k": k}

    return {
        "plane_in_space": values(20, 3, 2),
        "line": values(15, 4, 1),
        "all_directions": values(12, 3, 3),
        "wide": values(5, 8, 3),
    }


def some_pcas(rng):
    """Codes and points, and a pca for them that no data have."""

    def values(m, d, k):
        components = np.linalg.qr(rng.normal(size=(d, d)))[0][:k]
        given = {"mean": rng.normal(size=d), "components": components, "std": rng.uniform(0.5, 2.0, size=k)}
        return given | {"X": rng.normal(size=(m, d)), "Z": rng.normal(size=(m, k))}

    return {"plane_in_space": values(5, 3, 2), "square": values(3, 3, 3), "line": values(4, 5, 1)}


def many_ellipsoids(rng):
    """Of one or two components, every rule for signs may be right by chance."""
    return {"ten_times": {"Xs": np.stack([ellipsoids(rng)["plane_in_space"]["X"] for _ in range(10)])}}


def numbers_of_components(rng):
    n, d, k = rng.integers(2, 6, size=30), rng.integers(2, 6, size=30), rng.integers(0, 7, size=30)
    k = np.where(rng.random(30) < 0.6, np.minimum(n - 1, np.minimum(d, np.maximum(k, 1))), k)
    n[:5], d[:5], k[:5] = [4, 3, 5, 4, 5], [3, 4, 3, 4, 4], [4, 4, 0, -1, 4]
    n[5:8], d[5:8], k[5:8] = [4, 4, 5], [3, 3, 4], [1, 2, 2]
    varying = np.where(rng.random(30) < 0.8, d, rng.integers(0, 2, size=30))  # columns that are not constant
    varying[:8] = [*d[:5], 0, 1, 4]
    k = np.where((k == n) & (k <= d), n - 1, k)  # n points vary in n - 1 directions only, but for rounding
    return {"thirty_calls": {"calls": np.stack([n, d, k, varying], axis=1), "points": rng.normal(size=(5, 5))}}


@check("8.8", points=0.3, cases=ellipsoids, compare=close(atol=1e-5))
def pca_fit_finds_the_plane(td, X, k):
    """pca_fit gives the mean, the k directions of largest deviation and these deviations; signs do not matter here."""
    mean, components, std = td.pca_fit(X, k)
    return {"mean": mean, "components": np.abs(components), "std": std}


@check("8.8", points=0.1, cases=many_ellipsoids, compare=close(atol=1e-5), follows=["pca_fit_finds_the_plane"])
def pca_fit_makes_the_largest_entry_positive(td, Xs):
    """In each component of pca_fit, the entry largest in absolute value is positive."""
    return np.array([td.pca_fit(X, 2)[1] for X in Xs])


@check("8.8", points=0.15, cases=some_pcas, compare=close(atol=1e-6))
def pca_encode_gives_codes_of_variance_1(td, X, mean, components, std):
    """pca_encode gives the coordinates along the components, each divided by its deviation; X and pca stay."""
    codes = td.pca_encode(X, (mean, components, std))
    return {"codes": codes, "X": X, "mean": mean, "components": components, "std": std}


@check("8.8", points=0.1, cases=some_pcas, compare=close(atol=1e-6))
def pca_decode_comes_back_to_the_plane(td, Z, mean, components, std):
    """pca_decode gives the points whose codes are Z."""
    return td.pca_decode(Z, (mean, components, std))


@check("8.8", points=0.1, cases=numbers_of_components, compare=equal())
def pca_fit_refuses(td, calls, points):
    """pca_fit raises ValueError unless 1 <= k <= min(n, d), and where the data vary in fewer than k directions."""
    found = []
    for n, d, k, varying in calls.tolist():
        X = np.full((n, d), 3.0)
        X[:, :varying] = points[:n, :varying]
        found.append(refused(td.pca_fit, X, k))
    return found


# The share of rows read as was asked for, smallest and largest over 50 draws of digits, and the spread of classes:
#   right: the reference                           0.88  0.97   0.74 to 1.26
#          one Gaussian for each class, by DDIM    0.73  0.88   0.73 to 1.14
#   codes of the right variance, drawn at random   0.02  0.14   up to 2.7
#   all digits taken for one class                 0.02  0.13   up to 2.7
# No right row is nearer than 0.14 to a training row. Copies and means of classes are not counted: 0.


def digits_to_learn_from(rng):
    """200 digits to learn from, others to read the answers by, and the plane of the first 200."""
    images, digits = load_digits(return_X_y=True)
    drawn = rng.permutation(len(images))[:500]
    images, digits = images[drawn].astype(np.uint8), digits[drawn]
    X = images[:200] / 16
    axes = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:10]
    labels = rng.permutation(np.repeat(np.arange(10), 12))
    given = {"X": images[:200], "y": digits[:200], "labels": labels, "axes": axes, "betas": np.linspace(1e-3, 0.7, 12)}
    return {"digits": given | {"others": images[200:], "read_as": digits[200:], "asked": labels}}


def generated(td, X, y, labels, k, betas):
    """What is drawn is free, so the student's generator has one seed for all secrets."""
    rows = td.generate_rows(X / 16, y, labels, k, betas, np.random.default_rng(0))
    return np.asarray(rows, dtype=float).reshape(len(labels), X.shape[1])


def faults(rows, X, y, labels, axes):
    """Of each row: how far off the plane it is, how near to a training row in it, its class's spread by the real."""
    X = X / 16
    centred, real = rows - X.mean(axis=0), (X - X.mean(axis=0)) @ axes.T
    off = np.sqrt(np.sum((centred - centred @ axes.T @ axes) ** 2, axis=1))
    near = np.sqrt(np.min(np.sum(((centred @ axes.T)[:, None] - real) ** 2, axis=2), axis=1))
    spread = np.zeros(len(rows))
    for digit in range(10):
        made = (centred @ axes.T)[labels == digit].var(axis=0).sum()
        spread[labels == digit] = np.sqrt(made / real[y == digit].var(axis=0).sum())
    return {"off": off, "near": near, "spread": spread}


def are_new_rows_of_the_plane(values, answer):
    found = faults(np.asarray(answer, dtype=float), *(values[name] for name in ("X", "y", "labels", "axes")))
    if not np.max(found["off"]) <= 1e-3:
        return "some rows do not lie in the plane of the first k components"
    if not np.mean(found["near"] < 0.05) <= 0.05:
        return "some rows are copies of training rows"
    return True


@check("8.8", points=0.1, cases=digits_to_learn_from, compare=predicate(are_new_rows_of_the_plane))
def generated_rows_are_new(td, X, y, labels, axes, betas):
    """generate_rows makes rows that lie in the plane of the first k components, and are no copies of given rows."""
    return generated(td, X, y, labels, len(axes), betas)


@check(
    "8.8",
    points=0.4,
    cases=digits_to_learn_from,
    compare=accuracy("asked", full=0.65, none=0.2),
    follows=["generated_rows_are_new"],
)
def generated_digits_are_read_as_asked(td, X, y, labels, axes, betas, others, read_as):
    """generate_rows makes digits that are read as `labels`, with 0.5 to 1.5 times the class's real spread."""
    rows = generated(td, X, y, labels, len(axes), betas)
    wrong = faults(rows, X, y, labels, axes)
    nearest = np.argsort([np.sum((row - others / 16) ** 2, axis=1) for row in rows], axis=1)[:, :5]
    read = np.array([np.argmax(np.bincount(votes)) for votes in read_as[nearest]])
    right = (wrong["off"] <= 1e-3) & (wrong["near"] >= 0.05) & (wrong["spread"] >= 0.5) & (wrong["spread"] <= 1.5)
    return np.where(right, read, -1)


# --- 8.9 the value of the game ----------------------------------------------------------------------------------------


def distributions(rng):
    def draw(k):
        p = rng.uniform(0.1, 1.0, size=k)
        return p / p.sum()

    p, q = draw(6), draw(6)
    order = rng.permutation(6)
    p[order[:2]] = q[order[1:4]] = 0.0
    return {
        "everywhere": {"p": draw(5), "q": draw(5)},
        "zeros": {"p": p / p.sum(), "q": q / q.sum()},
        "two_outcomes": {"p": draw(2), "q": draw(2)},
    }


def vectors(rng):
    """How far the sum is from 1, whether an entry is negative, and whether there is one more: of p and of q."""
    off = np.where(rng.random((20, 2)) < 0.8, 0.0, rng.choice([1e-6, -1e-6, 0.1], size=(20, 2)))
    negative, longer = rng.random((20, 2)) < 0.05, rng.random(20) < 0.1
    off[:8], negative[:8], longer[:8] = 0.0, False, False
    off[[0, 1], [0, 1]], off[[2, 3], [0, 1]], longer[6] = 1e-6, -1e-6, True
    negative[[4, 5], [0, 1]] = True
    return {"twenty_calls": {"off": off, "negative": negative, "longer": longer}}


@check("8.9", points=0.3, cases=distributions, compare=close(atol=1e-6))
def gan_value_is_the_best_discriminators(td, p, q):
    """gan_value is E_p log D + E_q log(1 - D) by the best D, and 0 log 0 is 0 in it."""
    return td.gan_value(p, q)


@check("8.9", points=0.1, cases=vectors, compare=equal())
def gan_value_refuses(td, off, negative, longer):
    """gan_value raises ValueError unless p and q have as many entries, none negative, and sum to 1, to 1e-9."""
    found = []
    for i in range(len(off)):
        pair = []
        for j in range(2):
            values = np.array([-0.2, 0.7, 0.5] if negative[i, j] else [0.2, 0.3, 0.5]) + [off[i, j], 0.0, 0.0]
            pair.append(np.append(values, 0.0) if j and longer[i] else values)
        found.append(refused(td.gan_value, *pair))
    return found


# --- 8.10 the cosine schedule -----------------------------------------------------------------------------------------


def cosine_schedules(rng):
    steps = [("ten", 10), ("fifty", 50), ("some", int(rng.integers(5, 9)))]
    schedules = {name: {"T": T, "s": float(rng.uniform(0.005, 0.1))} for name, T in steps}
    return schedules | {"default": {"T": int(rng.integers(20, 200)), "s": None}}


@check("8.10", points=0.3, cases=cosine_schedules, compare=close(rtol=1e-4, atol=1e-5))
def cosine_betas_follow_f(td, T, s):
    """cosine_betas gives min(1 - f(t + 1) / f(t), 0.999), f(t) = cos²(π/2 (t/T + s) / (1 + s)), s 0.008 by default."""
    betas = np.asarray(td.cosine_betas(T) if s is None else td.cosine_betas(T, s))
    return {"head": betas[:5], "sum": betas.sum(), "last": betas[-1]}


# --- 8.11 fewer steps -------------------------------------------------------------------------------------------------


def strides(rng):
    def values(T, n, d, t, t_prev):
        return noisy_rows(rng, T, n, d, t) | {"t_prev": t_prev}

    return {
        "one_step": values(6, 4, 3, 5, 4),
        "far": values(8, 3, 2, 7, int(rng.integers(1, 4))),
        "to_0": values(5, 3, 3, 3, 0),
        "to_the_end": values(5, 3, 3, int(rng.integers(1, 5)), -1),
        "from_0": values(5, 2, 3, 0, -1),
    }


def strides_with_noise(rng):
    def values(T, n, d, t, t_prev, eta):
        return seeded(noisy_rows(rng, T, n, d, t) | {"t_prev": t_prev, "eta": eta}, rng)

    return {
        "half": values(6, 4, 3, 5, 2, float(rng.uniform(0.3, 0.7))),
        "whole": values(6, 3, 2, 4, 3, 1.0),
        "to_0": values(6, 3, 3, 3, 0, float(rng.uniform(0.5, 0.9))),
        "hardly_any_signal": values(60, 3, 2, 59, 5, 1.0)
        | {"betas": np.full(60, 0.5)},  # 1 - ᾱ' - σ² is rounded below 0
    }


@check("8.11", points=0.3, cases=strides, compare=close(atol=1e-5), follows=["predict_x0_takes_noise_away"])
def ddim_step_goes_where_the_noise_leads(td, x, t, y, betas, t_prev):
    """With eta = 0, ddim_step is √ᾱ' x_0 + √(1 - ᾱ') ε, at predict_x0's x_0; ᾱ' is 1 at t_prev = -1. x_t and ε stay."""
    return {"x": td.ddim_step(x, t, t_prev, y, betas), "x_t": x, "eps": y, "betas": betas}


@check(
    "8.11",
    points=0.2,
    cases=strides_with_noise,
    compare=close(atol=1e-5),
    follows=["ddim_step_goes_where_the_noise_leads"],
)
def ddim_step_adds_noise_by_eta(td, x, t, y, betas, t_prev, eta, seed):
    """With eta > 0, ddim_step puts noise of deviation σ in the place of some of ε."""
    return td.ddim_step(x, t, t_prev, y, betas, eta, np.random.default_rng(seed))


def steps_without_noise(rng):
    steps = {"no_eta": (3, 1, 0.0), "to_the_end": (3, -1, 1.0), "noise": (3, 1, 0.5)}
    return {
        name: seeded(noisy_rows(rng, 5, 3, 2, t) | {"t_prev": t_prev, "eta": eta}, rng)
        for name, (t, t_prev, eta) in steps.items()
    }


@check("8.11", points=0.1, cases=steps_without_noise, compare=close(atol=1e-6))
def ddim_step_draws_only_what_it_uses(td, x, t, y, betas, t_prev, eta, seed):
    """ddim_step takes draws from the generator where σ > 0, and none else: not at eta = 0, nor on the last step."""
    rng = np.random.default_rng(seed)
    td.ddim_step(x, t, t_prev, y, betas, eta, rng)
    return rng.random()


def etas(rng):
    """t, t_prev and eta, and whether there is a generator; some wrong on purpose."""
    t, t_prev = rng.integers(0, 5, size=20), rng.integers(-1, 4, size=20)
    t_prev = np.where(rng.random(20) < 0.7, np.minimum(t_prev, t - 1), t_prev)
    eta = np.where(rng.random(20) < 0.8, rng.choice([0.0, 0.5, 1.0], size=20), rng.choice([-0.1, 1.1], size=20))
    generator = rng.random(20) < 0.8
    t[:9], t_prev[:9] = [3, 3, 3, 3, 3, 3, 3, 3, 5], [3, 4, -2, 1, 1, 1, -1, 2, 2]
    eta[:9] = [0.0, 0.0, 0.0, 1.1, -0.1, 0.5, 0.5, 1.0, 0.0]
    generator[:9] = [True, True, True, True, True, False, False, True, True]
    return {"twenty_calls": {"calls": np.stack([t, t_prev, eta, generator], axis=1)}}


def times_and_etas(rng):
    return {
        "calls": {"calls": calls_with_one_time(rng)["twenty_calls"]["calls"]}
        | {"strides": etas(rng)["twenty_calls"]["calls"]}
    }


@check("8.11", points=0.1, cases=times_and_etas, compare=equal(), follows=["q_sample_refuses"])
def ddim_step_refuses(td, calls, strides):
    """ddim_step raises ValueError as q_sample does, and unless -1 <= t_prev < t, 0 <= eta <= 1, and rng if eta > 0."""
    found = []
    for t, t_prev, eta, generator in strides.tolist():
        rng = np.random.default_rng(0) if generator else None
        x = np.ones((3, 2))
        found.append(refused(td.ddim_step, x, int(t), int(t_prev), x, np.full(5, 0.1), eta, rng))
    return {"strides": found, "times": refusals(lambda x, t, y, betas: td.ddim_step(x, t, -1, y, betas), calls)}


def few_steps(rng):
    return {
        f"{steps}_of_{T}": values | {"steps": steps}
        for T, steps in ((7, 3), (8, 4), (5, 5), (6, 1))
        for values in [
            seeded(
                {"slopes": rng.uniform(0.2, 0.9, size=T), "offsets": rng.normal(size=(T, 2)), "n": 3, "d": 2}
                | {"betas": rng.uniform(0.05, 0.4, size=T)},
                rng,
            )
        ]
    }


def numbers_of_steps(rng):
    T = rng.integers(1, 6, size=20)
    steps = np.where(rng.random(20) < 0.5, rng.integers(1, 6, size=20), T + rng.choice([0, 1], size=20))
    T[:4], steps[:4] = [4, 4, 4, 4], [0, -1, 5, 4]
    return {"twenty_calls": {"calls": np.stack([T, steps], axis=1)} | betas_to_refuse(rng)["twenty"]}


@check(
    "8.11",
    points=0.3,
    cases=few_steps,
    compare=close(atol=1e-5),
    follows=["ddim_step_goes_where_the_noise_leads"],
)
def ddim_sample_takes_strides(td, slopes, offsets, n, d, betas, steps, seed):
    """ddim_sample begins as ddpm_sample does, and goes through the times agreed on to -1, with eta = 0."""
    return td.ddim_sample(model_of(slopes, offsets), n, d, betas, steps, np.random.default_rng(seed))


@check("8.11", points=0.1, cases=numbers_of_steps, compare=equal())
def ddim_sample_refuses(td, calls, many):
    """ddim_sample raises ValueError unless 1 <= steps <= T and every β is in (0, 1)."""
    rng = np.random.default_rng(0)
    calls = [(np.full(T, 0.1), steps) for T, steps in calls.tolist()] + [(betas, 2) for betas in many]
    return [refused(td.ddim_sample, lambda x, t: x, 3, 2, betas, steps, rng) for betas, steps in calls]


# --- 8.12 guidance ----------------------------------------------------------------------------------------------------


def two_noises(rng):
    def values(n, d, w):
        return {"eps_cond": rng.normal(size=(n, d)), "eps_uncond": rng.normal(size=(n, d)), "w": w}

    return {
        "beyond": values(4, 2, float(rng.uniform(1.5, 4.0))),
        "between": values(3, 3, float(rng.uniform(0.2, 0.8))),
        "whole": values(2, 2, 2),
    }


@check("8.12", points=0.15, cases=two_noises, compare=close(atol=1e-6))
def guided_noise_goes_beyond(td, eps_cond, eps_uncond, w):
    """guided_noise is w times the noise of the class, plus 1 - w times that of all data."""
    return td.guided_noise(eps_cond, eps_uncond, w)


def shapes_of_noises(rng):
    shapes = rng.integers(1, 4, size=(20, 4))
    same = rng.random(20) < 0.6
    shapes[same, 2:] = shapes[same, :2]
    shapes[:3] = [[3, 2, 1, 2], [3, 2, 3, 1], [3, 2, 3, 2]]
    return {"twenty_shapes": {"shapes": shapes}}


@check("8.12", points=0.05, cases=shapes_of_noises, compare=equal())
def guided_noise_refuses(td, shapes):
    """guided_noise raises ValueError where its two arrays have different shapes."""
    return [refused(td.guided_noise, np.ones((n, d)), np.ones((m, e)), 2.0) for n, d, m, e in shapes.tolist()]
