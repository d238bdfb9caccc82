"""reference.latent: components and codes against scikit-learn's, and generated digits against real ones."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier

from reference.diffusion import linear_betas
from reference.latent import draw_images, generate_rows, pca_decode, pca_encode, pca_fit

X = np.random.default_rng(0).normal(size=(20, 4)) * [3.0, 2.0, 1.0, 0.5] + [1.0, -2.0, 0.0, 5.0]


class TestPca:
    def test_scikit_learns(self) -> None:
        pca, (mean, components, std) = PCA(3, whiten=True).fit(X), pca_fit(X, 3)
        np.testing.assert_allclose(mean, pca.mean_, rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(np.abs(components), np.abs(pca.components_), rtol=1e-10)
        np.testing.assert_allclose(std**2 * 20 / 19, pca.explained_variance_, rtol=1e-12)
        assert np.all(np.max(components, axis=1) == np.max(np.abs(components), axis=1))
        codes = pca_encode(X, (mean, components, std))
        np.testing.assert_allclose(np.abs(codes), np.abs(pca.transform(X)) * np.sqrt(20 / 19), rtol=1e-9)
        rows = pca_decode(codes, (mean, components, std))
        np.testing.assert_allclose(rows, pca.inverse_transform(pca.transform(X)), rtol=1e-10)

    def test_codes_have_variance_1(self) -> None:
        codes = pca_encode(X, pca_fit(X, 4))
        np.testing.assert_allclose(codes.T @ codes / 20, np.eye(4), atol=1e-12)
        np.testing.assert_allclose(pca_decode(codes, pca_fit(X, 4)), X, rtol=1e-12, atol=1e-12)

    @pytest.mark.parametrize(("n", "d", "k"), [(3, 4, 4), (4, 3, 4), (4, 3, 0), (4, 3, -1)])
    def test_refuses_other_numbers_of_components(self, n: int, d: int, k: int) -> None:
        with pytest.raises(ValueError, match="components of data"):
            pca_fit(np.random.default_rng(1).normal(size=(n, d)), k)

    def test_refuses_directions_without_variance(self) -> None:
        flat = X.copy()
        flat[:, 1] = flat[:, 0]
        assert len(pca_fit(flat, 3)[2]) == 3
        with pytest.raises(ValueError, match="do not vary in 4"):
            pca_fit(flat, 4)
        with pytest.raises(ValueError, match="do not vary in 1"):
            pca_fit(np.full((5, 3), 7.0), 1)


def test_generated_digits_are_read_as_what_was_asked_for() -> None:
    images, digits = load_digits(return_X_y=True)
    images, labels = images / 16, np.arange(100) % 10
    rng = np.random.default_rng(0)
    rows = generate_rows(images[:400], digits[:400], labels, 12, linear_betas(50, 1e-3, 0.2), rng)
    read = KNeighborsClassifier(5).fit(images[400:], digits[400:]).predict(rows)
    assert np.mean(read == labels) >= 0.85  # 0.87 to 0.98 over seeds
    pca = pca_fit(images[:400], 12)
    np.testing.assert_allclose(pca_decode(pca_encode(rows, pca), pca), rows, atol=1e-12)


def test_draw_images_fills_a_sheet_from_the_top() -> None:
    class Axes:
        def pcolormesh(self, sheet: np.ndarray, **options: object) -> None:
            self.sheet = sheet[::-1]

        def set_aspect(self, aspect: str) -> None:
            assert aspect == "equal"

        def axis(self, which: str) -> None:
            assert which == "off"

    ax, rows = Axes(), np.random.default_rng(0).random((5, 64))
    draw_images(ax, rows, 3)
    assert ax.sheet.shape == (18, 27)
    assert np.array_equal(ax.sheet[9:17, 9:17].ravel(), rows[4])
    assert np.all(ax.sheet[9:, 18:] == 0)
