#!/usr/bin/env python3
"""Make test/fixtures/arrays/: small npy and npz files as NumPy writes them, and what they hold as JSON; and
test/fixtures/tables/: two CSV files of scikit-learn's (BSD 3-Clause) with statistics that NumPy takes of them.

Run by hand:  /usr/bin/python3 scripts/make_golden_formats.py [FOLDER]

FOLDER holds scikit-learn's CSV files (default: where Debian's python3-sklearn has them).

NumPy (Debian's python3-numpy) writes the files; arrays.json says of each its shape and its elements in row-major order,
as texts where JSON's numbers don't reach (64-bit integers, NaN and infinity).
"""

import io
import json
import shutil
import sys
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

FIXTURES = Path(__file__).resolve().parent.parent / "test" / "fixtures"
OUT = FIXTURES / "arrays"
SKLEARN = "/usr/lib/python3/dist-packages/sklearn/datasets/data"

numbers = np.array([[0, 1, -2.5], [3, -0.0, 65504]])
small = np.array([[0, 1, 2], [3, 100, 127]])

arrays = {
    "f4": numbers.astype("<f4"),
    "f8": numbers.astype("<f8") / 3,
    "f2": np.array([0, -0.0, 1, 65504, 6e-8, 6.1e-5, np.inf, -np.inf, np.nan, 0.1], dtype="<f2"),
    "big-f4": numbers.astype(">f4"),
    "big-f8": numbers.astype(">f8"),
    "big-f2": numbers.astype(">f2"),
    "big-i2": (small - 64).astype(">i2"),
    "big-i8": (small - 2**40).astype(">i8"),
    "b1": np.array([True, False, True]),
    "i8": np.array([-(2**63), -1, 0, 2**63 - 1], dtype="<i8"),
    "u8": np.array([0, 2**64 - 1], dtype="<u8"),
    **{f"{kind}{width}": small.astype(f"{kind}{width}") for kind in "iu" for width in (1, 2, 4)},
    "fortran": np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)),
    "fortran-matrix": np.asfortranarray(np.arange(6, dtype="<i4").reshape(2, 3)),
    "scalar": np.array(7.5, dtype="<f4"),
    "empty": np.zeros((0, 3), dtype="<f4"),
    "unicode": np.array(["cat", "Käse", "", "😀x"]),
    "big-unicode": np.array(["cat", "Käse"], dtype=">U4"),
    "bytes": np.array([b"cat", b"horse"]),
}


def shown(array):
    """The elements in row-major order, in what JSON can say exactly."""
    if array.dtype.kind in "US":
        return [v.decode() if isinstance(v, bytes) else str(v) for v in array.ravel()]
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8:
        return [str(int(v)) for v in array.ravel()]
    if array.dtype.kind == "f":
        floats = [float(v) for v in array.ravel()]
        return [str(v) if v != v or abs(v) == float("inf") else v for v in floats]
    return [int(v) for v in array.ravel()]


def main():
    OUT.mkdir(exist_ok=True)
    expected = {name: {"shape": array.shape, "data": shown(array)} for name, array in arrays.items()}
    for name, array in arrays.items():
        np.save(OUT / f"{name}.npy", array)
    for version in ((2, 0), (3, 0)):
        with open(OUT / f"version{version[0]}.npy", "wb") as file:
            npy.write_array(file, arrays["f4"], version=version)
        expected[f"version{version[0]}"] = expected["f4"]
    np.save(OUT / "refused-objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.save(OUT / "refused-complex.npy", np.array([1 + 2j], dtype="<c8"))
    np.save(OUT / "refused-records.npy", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))
    np.save(OUT / "refused-dates.npy", np.array(["2026-01-01"], dtype="<M8[D]"))

    features = (np.arange(24) % 7).astype("<f4").reshape(6, 4)
    labels = np.array([0, 1, 2, 0, 1, 2], dtype="<i8")
    split = {"x_train": features[:4], "y_train": labels[:4], "x_test": features[4:], "y_test": labels[4:]}
    np.savez(OUT / "stored.npz", **split)
    np.savez_compressed(OUT / "deflated.npz", **split)
    # As written to a pipe: sizes follow the data, and the local headers have none.
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.bytes = b""

        def writable(self):
            return True

        def write(self, data):
            self.bytes += bytes(data)
            return len(data)

    pipe = Pipe()
    np.savez(pipe, **split)
    (OUT / "piped.npz").write_bytes(pipe.bytes)
    (OUT / "arrays.json").write_text(json.dumps(expected, indent=1) + "\n")
    tables(Path(sys.argv[1] if len(sys.argv) > 1 else SKLEARN))


def tables(folder):
    """Copies tables, and writes what NumPy makes of them."""
    (FIXTURES / "tables").mkdir(exist_ok=True)
    expected = {}
    for name in ("iris.csv", "wine_data.csv"):
        shutil.copy(folder / name, FIXTURES / "tables" / name)
        first = (folder / name).read_text().split("\n")[0].split(",")
        rows = np.loadtxt(folder / name, delimiter=",", skiprows=1)
        expected[name] = {
            "classNames": first[2:],
            "counts": np.bincount(rows[:, -1].astype(int)).tolist(),
            "mean": rows[:, :-1].mean(axis=0).tolist(),
            "deviation": rows[:, :-1].std(axis=0).tolist(),
            "last": rows[-1].tolist(),
        }
    (FIXTURES / "tables" / "tables.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
