"""The n-grams a learned judge knows, as sorted numbers: all of a text's are looked up at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, cast

import numpy as np

from nlu.grams import LONGEST

Array = Any
"""A numpy array; its stubs are not in both environments."""

_BITS = 21
"""A character fits in so many; three of them in a number of 64."""


class Vocabulary:
    """N-grams by column, in the order given."""

    def __init__(self, grams: Sequence[str]) -> None:
        self._grams = grams
        keys = _keys_of(grams)
        self._columns = np.argsort(keys, kind="stable")
        self._keys = keys[self._columns]

    def __len__(self) -> int:
        return len(self._grams)

    def columns(self, body: str) -> Array:
        """The columns of the known n-grams that stand in a prepared text, each once."""
        if not len(self._keys):
            return np.zeros(0, dtype=np.int64)
        keys = _keys_in(body)
        places = cast(Array, np.searchsorted(self._keys, keys))
        places[places == len(self._keys)] = 0
        known = set(self._columns[places[self._keys[places] == keys]].tolist())
        return np.fromiter(known, dtype=np.int64, count=len(known))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The n-grams by column."""
        return tuple(self._grams)


def _codes(text: str) -> Array:
    """A number above zero for each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64) + 1


def _keys_in(body: str) -> Array:
    """A number for each n-gram of a text, doubles too."""
    codes = _codes(body)
    keys = [codes]
    for size in range(2, LONGEST + 1):
        if len(codes) >= size:
            keys.append(keys[-1][:-1] | codes[size - 1 :] << _BITS * (size - 1))
    return np.concatenate(keys)


def _keys_of(grams: Sequence[str]) -> Array:
    """The same for each of the n-grams."""
    codes: Array = _codes("".join(grams))
    sizes: Array = np.fromiter(map(len, grams), dtype=np.int64, count=len(grams))
    starts: Array = np.cumsum(sizes) - sizes
    keys = cast(Array, np.zeros(len(grams), dtype=np.int64))
    for place in range(LONGEST):
        longer = sizes > place
        keys[longer] |= codes[starts[longer] + place] << _BITS * place
    return keys
