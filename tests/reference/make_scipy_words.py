"""Make scipy_words.json: what scipy and scikit-learn answer, for the reference of words and their vectors.

    python tests/reference/make_scipy_words.py

Values are written to 17 digits. It needs scikit-learn 1.9 and scipy 1.17, with others the last digits may differ.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.linalg import orthogonal_procrustes, svd
from scipy.special import log_expit
from scipy.stats.contingency import expected_freq
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics.pairwise import cosine_similarity

TARGET = Path(__file__).with_name("scipy_words.json")


def main() -> None:
    rng = np.random.default_rng(6)
    sentences = [" ".join(rng.choice(list("abcdef"), size=rng.integers(1, 7))) for _ in range(12)]
    vectorizer = CountVectorizer(token_pattern=r"\w").fit(sentences)
    counts = vectorizer.transform(sentences).sum(axis=0)
    made: dict[str, Any] = {"sentences": [sentence.split() for sentence in sentences]}
    made["counts"] = dict(zip(vectorizer.get_feature_names_out().tolist(), counts.tolist()[0], strict=True))

    U, V = rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
    centers, contexts, negatives = rng.integers(6, size=9), rng.integers(6, size=9), rng.integers(6, size=(9, 3))
    made |= {"U": U, "V": V, "centers": centers, "contexts": contexts, "negatives": negatives}
    terms = [
        log_expit(U[i] @ V[j]) + log_expit(-V[ks] @ U[i]).sum()
        for i, j, ks in zip(centers, contexts, negatives, strict=True)
    ]
    made["loss"] = -np.mean(terms)

    C = rng.integers(0, 5, size=(7, 7)) * 1.0
    with np.errstate(divide="ignore"):
        made |= {"C": C, "ppmi": np.maximum(np.log(C / expected_freq(C)), 0)}
    left, sigma, _ = svd(C)
    made["svd"] = left[:, :3] * np.sqrt(sigma[:3])  # its signs are anybody's

    X, Y = rng.normal(size=(8, 4)), rng.normal(size=(8, 4))
    made |= {"X": X, "Y": Y, "cosines": cosine_similarity(X, Y)}
    made["projected"] = PCA(2, svd_solver="full").fit_transform(X)  # its signs follow another rule
    made["procrustes"] = orthogonal_procrustes(X, Y)[0].T  # scipy's is for rows, x R = y
    TARGET.write_text(json.dumps(made, default=plain) + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    return [plain(item) for item in value] if isinstance(value, list) else np.asarray(value).tolist()


if __name__ == "__main__":
    main()
