"""Make sklearn_unsupervised.json: what scikit-learn and scipy answer, for reference/{clustering,decomposition,tsne}.py.

    python tests/reference/make_sklearn_unsupervised.py

Values are written to 17 digits. It needs scikit-learn 1.9 and scipy 1.17, with others the last digits may differ;
the two functions of t-SNE are scikit-learn's own, without underscore no one has them.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist, pdist
from scipy.stats import entropy
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold._t_sne import _kl_divergence
from sklearn.manifold._utils import _binary_search_perplexity
from sklearn.metrics.cluster import contingency_matrix
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

TARGET = Path(__file__).with_name("sklearn_unsupervised.json")


def main() -> None:
    rng = np.random.default_rng(5)
    X = rng.normal(size=(24, 4)) * [3.0, 2.0, 1.0, 0.5] + [1.0, -2.0, 0.0, 5.0]
    Y = rng.normal(size=(9, 4))
    labels, clusters = rng.integers(-1, 2, size=24), rng.integers(3, size=24)
    made: dict[str, Any] = {"X": X, "Y": Y, "labels": labels, "clusters": clusters}

    made["distances"] = cdist(X, Y, "sqeuclidean")
    made["knn"] = [KNeighborsClassifier(k, algorithm="brute").fit(X, labels).predict(Y) for k in (1, 5, 24)]
    kmeans = KMeans(3, init=X[:3], n_init=1, tol=0.0, algorithm="lloyd").fit(X)
    made["kmeans"] = {"labels": kmeans.labels_, "centers": kmeans.cluster_centers_, "inertia": kmeans.inertia_}
    made["purity"] = contingency_matrix(labels, clusters).max(axis=0).sum() / len(labels)

    scaler, pca = StandardScaler().fit(X), PCA(3, svd_solver="full").fit(X)
    made["scaler"] = {name: getattr(scaler, name) for name in ("mean_", "scale_")} | {"Y": scaler.transform(Y)}
    names = ("mean_", "components_", "explained_variance_", "explained_variance_ratio_")
    made["pca"] = {name: getattr(pca, name) for name in names}  # its signs follow another rule
    made["pca"]["projected"] = pca.inverse_transform(pca.transform(Y))

    D = cdist(X, X, "sqeuclidean").astype(np.float32)
    made["conditional"] = _binary_search_perplexity(D, 6.0, 0)  # entropies to 1e-5
    P = made["conditional"] + made["conditional"].T
    P /= P.sum()
    points = rng.normal(size=(24, 2))
    upper = P[np.triu_indices(24, 1)]  # each pair once: its sum counts it twice
    divergence, gradient = _kl_divergence(points.ravel(), upper, 1.0, 24, 2)
    made["tsne"] = {"P": P, "Y": points, "divergence": divergence, "gradient": gradient.reshape(24, 2)}
    made["tsne"]["q"] = 1 / (1 + pdist(points, "sqeuclidean")) / (2 / (1 + pdist(points, "sqeuclidean"))).sum()
    made["entropy"] = entropy(P.ravel(), np.full(24 * 24, 1 / 24**2))
    TARGET.write_text(json.dumps(made, default=plain) + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    return [plain(item) for item in value] if isinstance(value, list) else np.asarray(value).tolist()


if __name__ == "__main__":
    main()
