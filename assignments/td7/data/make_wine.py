"""Make wine.npz: scikit-learn's wines, always the same bytes (with one zlib).

    python assignments/td7/data/make_wine.py

X (178, 13): what a chemical analysis found in each wine, columns in thirteen different units; y (178,): which of three
growers made it. float32 and uint8.
Source: S. Aeberhard and M. Forina, Wine, UCI Machine Learning Repository (CC BY 4.0),
https://doi.org/10.24432/C5PC7J. Not handed out: students get wine.npz.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_wine

TARGET = Path(__file__).with_name("wine.npz")
EPOCH = (1980, 1, 1, 0, 0, 0)  # numpy.savez would write the time of day into the archive


def main() -> None:
    X, y = load_wine(return_X_y=True)
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, values in (("X", X.astype(np.float32)), ("y", y.astype(np.uint8))):
            buffer = io.BytesIO()
            np.save(buffer, values)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            archive.writestr(info, buffer.getvalue())


if __name__ == "__main__":
    main()
