"""The codec: what travels comes back the same, and hostile bytes raise CodecError and nothing else."""

import contextlib
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from student_template.runner import codec

arrays = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex128]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
scalars = st.none() | st.booleans() | st.integers(-(2**80), 2**80) | st.floats() | st.text() | st.binary(max_size=20)
trees = st.recursive(
    scalars | arrays,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def same(a, b):
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float) and math.isnan(a):
        return isinstance(b, float) and math.isnan(b)
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and a == b


@given(trees)
def test_what_travels_comes_back_the_same(tree):
    assert same(tree, codec.decode(codec.encode(tree)))


@given(trees, st.data())
def test_damaged_bytes_never_raise_anything_else(tree, data):
    message = bytearray(codec.encode(tree))
    for _ in range(data.draw(st.integers(1, 4))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(codec.CodecError):
        codec.decode(bytes(message[: data.draw(st.integers(0, len(message)))]))


@pytest.mark.parametrize("value", [object(), {1: 2}, np.array([object()]), {"a": {3}}, np.array(["2026"], "M8[Y]")])
def test_objects_do_not_travel(value):
    with pytest.raises(codec.CodecError):
        codec.encode(value)


def test_no_message_is_nested_deeper_than_one_may_write():
    deepest = 1.5
    for _ in range(codec.MAX_DEPTH):
        deepest = [deepest]
    assert codec.decode(codec.encode(deepest)) == deepest
    with pytest.raises(codec.CodecError, match="nested deeper"):
        codec.encode([deepest])
    header = json.dumps([deepest]).encode()
    with pytest.raises(codec.CodecError, match="nested deeper"):
        codec.decode(codec.PREFIX.pack(codec.MAGIC, len(header), 0) + header)


def test_a_small_message_cannot_ask_for_a_large_array():
    header = b'{"a":["<f8",[1000000000000]]}'
    message = codec.PREFIX.pack(codec.MAGIC, len(header), 0) + header
    with pytest.raises(codec.CodecError, match="longer than the message"):
        codec.decode(message)


def test_a_limit_is_kept_on_both_sides():
    with pytest.raises(codec.CodecError, match="longer than 100 bytes"):
        codec.encode(np.zeros(1000), limit=100)
    with pytest.raises(codec.CodecError, match="longer than 100 bytes"):
        codec.length(codec.encode(np.zeros(1000))[: codec.PREFIX.size], 100)


@pytest.mark.parametrize(
    "name", ["a", "f8,f8", "<f8\n", "float64", "O", ">f8", "<U0", "<U999999999", "<b3", "T", "", "x" * 99]
)
def test_a_dtype_is_one_that_is_written(name):
    """numpy takes much else for one, and warns of some."""
    header = json.dumps({"a": [name, []]}).encode()
    with pytest.raises(codec.CodecError, match="dtype"):
        codec.decode(codec.PREFIX.pack(codec.MAGIC, len(header), 8) + header + bytes(8))
