"""reference.decomposition: scaling and PCA against scikit-learn's, gradients against central differences."""

import numpy as np
import pytest

from reference.decomposition import (
    PCA,
    StandardScaler,
    autoencoder_gradients,
    autoencoder_loss,
    fit_autoencoder,
    rank_k_approximation,
)
from tests.reference.differences import differences
from tests.reference.made import made

MADE = made("sklearn_unsupervised")
X, Y = np.array(MADE["X"]), np.array(MADE["Y"])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


class TestStandardScaler:
    def test_scikit_learns(self) -> None:
        scaler = StandardScaler()
        assert scaler.fit(X) is scaler
        for name in ("mean_", "scale_"):
            np.testing.assert_allclose(getattr(scaler, name), MADE["scaler"][name], rtol=1e-13)
        np.testing.assert_allclose(scaler.transform(Y), MADE["scaler"]["Y"], rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(scaler.inverse_transform(scaler.transform(Y)), Y, rtol=1e-13)

    def test_constant_columns_are_shifted_alone(self) -> None:
        data = np.column_stack([np.full(7, 0.1), np.arange(7.0)])
        scaler = StandardScaler().fit(data)
        assert scaler.scale_.tolist() == [1.0, 2.0]
        np.testing.assert_allclose(scaler.transform(data)[:, 0], 0.0, atol=1e-15)


class TestPCA:
    def test_scikit_learns_up_to_signs(self) -> None:
        pca = PCA(3).fit(X)
        for name in ("mean_", "explained_variance_", "explained_variance_ratio_"):
            np.testing.assert_allclose(getattr(pca, name), MADE["pca"][name], rtol=1e-12)
        theirs = np.array(MADE["pca"]["components_"])
        signs = np.sign(np.sum(theirs * pca.components_, axis=1))
        np.testing.assert_allclose(pca.components_, signs[:, None] * theirs, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(
            pca.inverse_transform(pca.transform(Y)), MADE["pca"]["projected"], rtol=1e-11, atol=1e-12
        )

    def test_the_largest_entry_of_each_component_is_positive(self) -> None:
        for seed in range(20):
            for row in PCA(3).fit(rng(seed).normal(size=(9, 4))).components_:
                assert row[np.argmax(np.abs(row))] > 0

    def test_fit_transform_is_both(self) -> None:
        pca = PCA(2)
        np.testing.assert_array_equal(pca.fit_transform(X), PCA(2).fit(X).transform(X))
        np.testing.assert_allclose(np.cov(pca.transform(X).T), np.diag(pca.explained_variance_), rtol=1e-10, atol=1e-12)

    def test_more_columns_than_rows(self) -> None:
        wide = rng().normal(size=(4, 9))
        pca = PCA(4).fit(wide)
        np.testing.assert_allclose(pca.inverse_transform(pca.transform(wide)), wide, rtol=1e-10, atol=1e-12)
        assert pca.explained_variance_ratio_.sum() == pytest.approx(1.0)

    def test_constant_data_have_no_variance(self) -> None:
        pca = PCA(2).fit(np.full((5, 3), 0.1))
        np.testing.assert_allclose(pca.explained_variance_, 0.0, atol=1e-30)
        assert pca.explained_variance_ratio_.tolist() == [0.0, 0.0]

    @pytest.mark.parametrize(("shape", "k"), [((5, 3), 0), ((5, 3), 4), ((3, 5), 4), ((1, 3), 1), ((5, 3), -1)])
    def test_refuses(self, shape: tuple[int, int], k: int) -> None:
        with pytest.raises(ValueError, match="components of data"):
            PCA(k).fit(np.zeros(shape))


class TestRankK:
    def test_no_other_matrix_of_that_rank_is_nearer(self) -> None:
        values = np.linalg.svd(X, compute_uv=False)
        for k in range(5):
            nearest = rank_k_approximation(X, k)
            assert np.linalg.matrix_rank(nearest) == k
            assert np.sum((X - nearest) ** 2) == pytest.approx(np.sum(values[k:] ** 2), abs=1e-10)
        assert not rank_k_approximation(X, 0).any()

    @pytest.mark.parametrize(("shape", "k"), [((5, 3), -1), ((5, 3), 4), ((3, 5), 4)])
    def test_refuses(self, shape: tuple[int, int], k: int) -> None:
        with pytest.raises(ValueError, match="of a matrix of shape"):
            rank_k_approximation(np.zeros(shape), k)


class TestAutoencoder:
    W, V, DATA = rng(1).normal(size=(2, 4)), rng(2).normal(size=(4, 2)), rng(3).normal(size=(7, 4))

    def test_loss_by_hand(self) -> None:
        expected = np.mean([np.sum((self.V @ (self.W @ x) - x) ** 2) for x in self.DATA])
        assert autoencoder_loss(self.W, self.V, self.DATA) == pytest.approx(expected, rel=1e-13)

    def test_gradients_are_central_differences(self) -> None:
        grad_W, grad_V = autoencoder_gradients(self.W, self.V, self.DATA)
        expected = differences(lambda W: autoencoder_loss(W, self.V, self.DATA), self.W)
        np.testing.assert_allclose(grad_W, expected, rtol=1e-7, atol=1e-8)
        expected = differences(lambda V: autoencoder_loss(self.W, V, self.DATA), self.V)
        np.testing.assert_allclose(grad_V, expected, rtol=1e-7, atol=1e-8)

    def test_no_gradient_at_pcas_plane(self) -> None:
        centred = X - X.mean(axis=0)
        components = PCA(2).fit(X).components_
        for grad in autoencoder_gradients(components, components.T, centred):
            np.testing.assert_allclose(grad, 0.0, atol=1e-12)

    def test_training_finds_pcas_plane(self) -> None:
        scaled = (X - X.mean(axis=0)) / 2
        W, V = fit_autoencoder(scaled, 2, 0.1, 5000, rng())
        components = PCA(2).fit(scaled).components_
        np.testing.assert_allclose(V @ W, components.T @ components, atol=1e-4)

    def test_both_move_at_once_from_the_agreed_start(self) -> None:
        generator = rng(7)
        W, V = 0.1 * generator.standard_normal((2, 4)), 0.1 * generator.standard_normal((4, 2))
        grad_W, grad_V = autoencoder_gradients(W, V, X)
        for got, expected in zip(fit_autoencoder(X, 2, 0.01, 0, rng(7)), (W, V), strict=True):
            np.testing.assert_array_equal(got, expected)
        for got, expected in zip(
            fit_autoencoder(X, 2, 0.01, 1, rng(7)), (W - 0.01 * grad_W, V - 0.01 * grad_V), strict=True
        ):
            np.testing.assert_allclose(got, expected, rtol=1e-14)
