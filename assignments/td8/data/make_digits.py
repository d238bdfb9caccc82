"""Make digits.npz: 500 of scikit-learn's handwritten digits as small integers, always the same bytes (with one zlib).

    python assignments/td8/data/make_digits.py

X (500, 64): the 8 x 8 pixels of each image, row by row, from 0 (paper) to 16 (ink); y (500,): the digits. Both uint8.
Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository
(CC BY 4.0), https://doi.org/10.24432/C50P49. Not handed out: students get digits.npz.
"""

import io
import zipfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

TARGET = Path(__file__).with_name("digits.npz")
EPOCH = (1980, 1, 1, 0, 0, 0)  # numpy.savez would write the time of day into the archive


def main() -> None:
    digits = load_digits()
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, values in (("X", digits.data), ("y", digits.target)):
            buffer = io.BytesIO()
            np.save(buffer, values[:500].astype(np.uint8))
            info = zipfile.ZipInfo(f"{name}.npy", date_time=EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            archive.writestr(info, buffer.getvalue())


if __name__ == "__main__":
    main()
