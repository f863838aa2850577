"""Memoise a function: by the value it is given, or for as long as that value lives."""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from pricing.editions import edition_in_use

A = TypeVar("A")
R = TypeVar("R")


def memoised_by_value(size: int) -> Callable[[Callable[[A], R]], Callable[[A], R]]:
    """Keep the last `size` results of a function without side effects.

    Sessions that open the same sample, and a page that is loaded again, come with a value of
    their own that says the same. A value is known by the digest of its pickle, so two equal ones
    may at worst be taken for different; the value itself is not kept. Results of another edition
    of the prices and dates are others.
    """

    def keep(make: Callable[[A], R]) -> Callable[[A], R]:
        kept: OrderedDict[bytes, R] = OrderedDict()
        lock = Lock()

        @wraps(make)
        def found(value: A) -> R:
            edition = edition_in_use()
            rests_on = edition.sha256 if edition is not None else ""
            key = hashlib.blake2b(pickle.dumps((rests_on, value))).digest()
            with lock:
                if key in kept:
                    kept.move_to_end(key)
                    return kept[key]
            result = make(value)
            with lock:
                kept[key] = result
                if len(kept) > size:
                    kept.popitem(last=False)
            return result

        return found

    return keep


def once_for_each(make: Callable[[A], R]) -> Callable[[A], R]:
    """Keep what a function made of a value for as long as that very value lives."""
    kept: WeakKeyDictionary[A, R] = WeakKeyDictionary()

    @wraps(make)
    def found(value: A) -> R:
        if value not in kept:
            kept[value] = make(value)
        return kept[value]

    return found
