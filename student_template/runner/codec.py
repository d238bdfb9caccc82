"""The codec between processes that do not trust each other, and the format of public cases.

A message is a tree of None, bool, int, float, str, bytes, list, tuple, dict with string keys, and numpy arrays
of numbers, booleans or text.  It is written as a JSON header, which holds the tree, followed by the
arrays' bytes.  There is no pickle and no object: decoding builds plain values or raises `CodecError`.

    message := MAGIC  u32 header-length  u64 body-length  header  body

Arrays are little-endian and C-contiguous; sizes in the header are checked against the body before
any array is made, so that a small message cannot ask for a large allocation.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

MAGIC = b"sdx1"
PREFIX = struct.Struct("<4sIQ")
MAX_HEADER = 4 << 20
MAX_DEPTH = 32
MAX_NDIM = 16
MAX_ITEMS = 1_000_000
MAX_EMPTY = 1 << 20  # product of the other axes of an array without elements: as lists it would have so many
KINDS = "biufcU"  # numpy dtype kinds that may travel
PLAIN = frozenset({type(None), bool, int, float, str})  # what JSON makes is of these types, a list or a dict
DTYPE = re.compile(rf"[<|][{KINDS}][0-9]{{1,9}}")  # as `encode` writes them; numpy takes much else for one, and warns


class CodecError(ValueError):
    """A value that cannot be written, or bytes that are not a message."""


def encode(tree: Any, *, limit: int | None = None, convert: Callable[[Any], Any] | None = None) -> bytes:
    """Write a tree as one message.

    `convert` makes an array of an object of any other type. Raises `CodecError` where there is none or it refuses, for
    an array of objects, for a tree nested deeper than 32, or when the message would be longer than `limit` bytes.
    """
    buffers: list[bytes] = []
    size = 0

    def pack(value: Any, depth: int) -> Any:
        nonlocal size
        if depth > MAX_DEPTH:
            raise CodecError(f"nested deeper than {MAX_DEPTH}")
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        if kind is bytes:
            size += len(value)
            buffers.append(value)
            return {"b": len(value)}
        if isinstance(value, (np.ndarray, np.generic)):
            array = np.asarray(value)
            if array.dtype.kind not in KINDS:
                raise CodecError(f"an array of dtype {array.dtype}")
            array = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
            size += array.nbytes
            if limit is not None and size > limit:
                raise CodecError(f"longer than {limit} bytes")
            buffers.append(array.tobytes())
            # np.ascontiguousarray makes a 0-d array 1-d: the shape is the value's own.
            return {"a": [array.dtype.str, list(np.shape(value))]}
        if isinstance(value, int):
            return int(value) if abs(value) < 1 << 63 else {"i": hex(value)}
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else {"f": repr(float(value))}
        if isinstance(value, str):
            return str(value)
        if isinstance(value, bytes):
            size += len(value)
            buffers.append(bytes(value))
            return {"b": len(value)}
        if isinstance(value, list):
            return [pack(item, depth + 1) for item in value]
        if isinstance(value, tuple):
            return {"t": [pack(item, depth + 1) for item in value]}
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise CodecError(f"a dictionary with a key of type {type(key).__name__}")
            return {"d": [[str(key), pack(item, depth + 1)] for key, item in value.items()]}
        if convert is not None:
            return pack(np.asarray(convert(value)), depth)
        raise CodecError(f"an object of type {type(value).__name__}")

    packed = pack(tree, 0)
    try:
        header = json.dumps(packed, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    except (ValueError, TypeError) as error:
        raise CodecError(str(error)) from None
    if len(header) > MAX_HEADER:
        raise CodecError(f"more than {MAX_HEADER} bytes of plain Python values")
    body = b"".join(buffers)
    message = PREFIX.pack(MAGIC, len(header), len(body)) + header + body
    if limit is not None and len(message) > limit:
        raise CodecError(f"longer than {limit} bytes")
    return message


def length(prefix: bytes, limit: int) -> int:
    """Length in bytes of the rest of a message, from its 16-byte prefix; `CodecError` above `limit`."""
    if len(prefix) != PREFIX.size:
        raise CodecError("a message cut short")
    magic, header, body = PREFIX.unpack(prefix)
    if magic != MAGIC:
        raise CodecError("not a message")
    if header > MAX_HEADER or header + body > limit:
        raise CodecError(f"longer than {limit} bytes")
    return int(header + body)


def decode(message: bytes | memoryview, items: int = MAX_ITEMS) -> Any:
    """Read one message of at most `items` values. Arrays are fresh and writable.

    Raises `CodecError` whatever the bytes are.
    """
    view = memoryview(message)
    if len(view) < PREFIX.size:
        raise CodecError("a message cut short")
    rest = length(bytes(view[: PREFIX.size]), len(view))
    _, header_size, body_size = PREFIX.unpack(view[: PREFIX.size])
    if len(view) != PREFIX.size + rest:
        raise CodecError("a message of another length than it says")
    body = view[PREFIX.size + header_size :]
    try:
        packed = json.loads(bytes(view[PREFIX.size : PREFIX.size + header_size]).decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise CodecError(f"a header that is not JSON ({type(error).__name__})") from None
    offset = 0

    def take(count: int) -> memoryview:
        nonlocal offset
        if count < 0 or offset + count > body_size:
            raise CodecError("an array longer than the message")
        part = body[offset : offset + count]
        offset += count
        return part

    seen = 0

    def count(values: int) -> None:
        nonlocal seen
        seen += values
        if seen > items:
            raise CodecError(f"more than {items} values")

    def unpack(value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise CodecError(f"nested deeper than {MAX_DEPTH}")
        if type(value) in PLAIN:
            return value
        if type(value) is list:
            count(len(value))
            return [unpack(item, depth + 1) for item in value]
        if len(value) != 1:
            raise CodecError("an unknown form")
        ((tag, content),) = value.items()
        if tag == "t" and type(content) is list:
            count(len(content))
            return tuple([unpack(item, depth + 1) for item in content])
        if tag == "d" and type(content) is list:
            count(len(content))
            result = {}
            for pair in content:
                if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
                    raise CodecError("a dictionary that is not pairs")
                result[pair[0]] = unpack(pair[1], depth + 1)
            return result
        if tag == "a" and isinstance(content, list) and len(content) == 2:
            return _array(content[0], content[1], take)
        if tag == "b" and type(content) is int:
            return bytes(take(content))
        if tag == "f" and content in ("nan", "inf", "-inf"):
            return float(content)
        if tag == "i" and isinstance(content, str) and len(content) < 4096:
            try:
                return int(content, 16)
            except ValueError:
                raise CodecError("an integer that is not one") from None
        raise CodecError("an unknown form")

    count(1)
    tree = unpack(packed, 0)
    if offset != body_size:
        raise CodecError("bytes that no array uses")
    return tree


def _array(dtype_name: Any, shape: Any, take: Any) -> Any:
    if not isinstance(dtype_name, str) or not DTYPE.fullmatch(dtype_name):
        raise CodecError("an unknown dtype")
    try:
        dtype = np.dtype(dtype_name)
    except (TypeError, ValueError):
        raise CodecError("an unknown dtype") from None
    if dtype.itemsize == 0:
        raise CodecError("a dtype that may not travel")
    if not isinstance(shape, list) or len(shape) > MAX_NDIM:
        raise CodecError("an unknown shape")
    for axis in shape:
        if isinstance(axis, bool) or not isinstance(axis, int) or not 0 <= axis < 1 << 40:
            raise CodecError("an unknown shape")
    if 0 in shape and math.prod(max(axis, 1) for axis in shape) > MAX_EMPTY:
        raise CodecError("an unknown shape")
    count = math.prod(shape)
    data = take(count * dtype.itemsize)
    if dtype.kind == "U" and count and int(np.frombuffer(data, "<u4").max()) > 0x10FFFF:
        raise CodecError("text that is not Unicode")
    return np.frombuffer(data, dtype, count).reshape(shape).astype(dtype.newbyteorder("="))
