"""reference.language: torch's loss and gradient, draws by their cumulative probabilities, and a model of letters."""

import numpy as np
import pytest

from reference.language import (
    fit_language_model,
    generate,
    language_model_logits,
    next_token_gradient,
    next_token_loss,
    perplexity,
    sample_token,
    token_probabilities,
)
from tests.reference.differences import differences
from tests.reference.torch_attention import MADE

L = MADE["loss"]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestLoss:
    def test_torchs(self) -> None:
        assert next_token_loss(L["logits"], L["ids"]) == pytest.approx(float(L["loss"]), rel=1e-13)
        assert perplexity(L["logits"], L["ids"]) == pytest.approx(np.exp(float(L["loss"])), rel=1e-13)
        found = next_token_gradient(L["logits"], L["ids"])
        np.testing.assert_allclose(found, L["dlogits"], rtol=1e-12, atol=1e-15)
        assert np.all(found[:, -1] == 0)

    def test_central_differences(self) -> None:
        expected = differences(lambda logits: next_token_loss(logits, L["ids"]), L["logits"])
        np.testing.assert_allclose(next_token_gradient(L["logits"], L["ids"]), expected, rtol=1e-6, atol=1e-9)

    def test_who_knows_nothing_guesses_among_all(self) -> None:
        assert perplexity(np.zeros((3, 7)), np.array([1, 6, 0])) == pytest.approx(7.0)

    def test_logits_of_a_thousand(self) -> None:
        logits = np.array([[1000.0, 0.0], [0.0, 0.0]])
        assert next_token_loss(logits, np.array([0, 1])) == 1000.0

    @pytest.mark.parametrize("f", [next_token_loss, perplexity, next_token_gradient])
    def test_refuses(self, f) -> None:
        for n, ids in ((1, [0]), (3, [0, 1]), (2, [0, 4]), (2, [-1, 0]), (2, [[0, 1]])):
            with pytest.raises(ValueError, match=r"an id outside|logits of shape"):
                f(np.zeros((n, 4)), np.array(ids))


class TestSampling:
    def test_probabilities(self) -> None:
        logits = np.log([0.1, 0.4, 0.2, 0.3])
        np.testing.assert_allclose(token_probabilities(logits), [0.1, 0.4, 0.2, 0.3])
        np.testing.assert_allclose(token_probabilities(logits, 0.5), np.array([1, 16, 4, 9]) / 30)
        np.testing.assert_allclose(token_probabilities(logits, 1.0, 2), [0, 4 / 7, 0, 3 / 7])
        np.testing.assert_allclose(token_probabilities(logits, top_k=9), [0.1, 0.4, 0.2, 0.3])
        assert token_probabilities(logits, 0.0).tolist() == [0, 1, 0, 0]

    def test_ties_go_to_the_lower_id(self) -> None:
        logits = np.array([1.0, 2.0, 2.0, 1.0])
        assert token_probabilities(logits, 0).tolist() == [0, 1, 0, 0]
        assert (token_probabilities(logits, 1.0, 3) > 0).tolist() == [True, True, True, False]

    def test_far_apart(self) -> None:
        assert token_probabilities(np.array([0.0, 1000.0, -1000.0]), 0.01).tolist() == [0, 1, 0]

    @pytest.mark.parametrize(("temperature", "top_k"), [(-0.1, None), (1.0, 0), (0.0, 0), (-1.0, 3)])
    def test_refuses(self, temperature: float, top_k: int | None) -> None:
        with pytest.raises(ValueError, match="temperature"):
            token_probabilities(np.zeros(3), temperature, top_k)

    def test_draws_are_those_of_the_cumulative_probabilities(self) -> None:
        p = np.array([0.1, 0.0, 0.4, 0.2, 0.3])
        with np.errstate(divide="ignore"):
            found = [sample_token(np.log(p), rng(seed)) for seed in range(50)]
        assert found == [int(np.searchsorted(np.cumsum(p), rng(seed).random(), side="right")) for seed in range(50)]

    def test_temperature_0_draws_nothing(self) -> None:
        draws = rng()
        assert sample_token(np.array([0.0, 3.0, 1.0]), draws, 0) == 1
        assert draws.random() == rng().random()
        assert sample_token(np.array([0.0, 3.0, 1.0]), None, 0) == 1


class TestGenerate:
    def test_the_model_sees_the_last_ids(self) -> None:
        seen = []

        def successor(ids: list[int]) -> np.ndarray:
            seen.append(list(ids))
            return np.eye(5)[(np.array(ids) + 1) % 5]

        start = [2, 3]
        assert generate(successor, start, 4, 3) == [2, 3, 4, 0, 1, 2]
        assert seen == [[2, 3], [2, 3, 4], [3, 4, 0], [4, 0, 1]]
        assert start == [2, 3]
        assert generate(successor, start, 0, 3) == start

    def test_draws(self) -> None:
        logits, draws = rng(1).normal(size=(1, 6)), rng()
        expected = [sample_token(logits[0], draws, 0.7, 4) for _ in range(20)]
        assert generate(lambda ids: logits, [0], 20, 8, rng(), 0.7, 4)[1:] == expected

    def test_nothing_to_go_on_from(self) -> None:
        with pytest.raises(ValueError, match="nothing to go on from"):
            generate(lambda ids: np.zeros((1, 2)), [], 1, 1)


class TestModel:
    def test_knows_the_words_of_a_small_language(self) -> None:
        draws = rng()
        words = [[*draws.integers(1, 12, size=draws.integers(3, 7)), 0] for _ in range(20)]
        ids = np.concatenate([words[i] for i in draws.integers(20, size=700)])
        logits = language_model_logits(fit_language_model(ids[:1600], 12, draws), ids[1600:2200])
        assert perplexity(logits, ids[1600:2200]) < 3
        np.testing.assert_allclose(np.exp(logits).sum(axis=-1), 1.0, rtol=1e-12)

    def test_the_future_is_not_seen(self) -> None:
        ids = rng().integers(5, size=60)
        model = fit_language_model(ids[:40], 5, rng())
        assert np.array_equal(language_model_logits(model, ids[40:50]), language_model_logits(model, ids[40:])[:10])

    def test_letters_never_seen(self) -> None:
        logits = language_model_logits(fit_language_model(np.zeros(9, dtype=int), 3, rng()), np.array([2, 1]))
        assert np.all(np.isfinite(logits))
