"""From counts to probabilities: interpolated estimates, and the n-grams that are worth keeping.

Each order is interpolated with the next lower one as by Witten and Bell (1991, IEEE Trans. Inf. Theory 37, 1085), with
more left to the lower order, because archives are not written like the sources. Pruning follows Stolcke (1998,
"Entropy-based pruning of backoff language models"): an n-gram goes where the text is hardly dearer without it.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from flows.build_model.counts import LAST, SHIFT, UNKNOWN, Counted, Counts, Index, Keys, found, grouped, places
from flows.build_model.packing import Kept
from repair.language.vocabulary import FIRST_CHARACTER

CLASS_FLOOR = 2e-6
"""Probability that every class has at least: one unseen member of a class of 20,000 then costs some 33 bits."""
CHARACTER_FLOOR = 2e-7
_LEAST = 1e-4
"""What a context leaves for what was not seen after it, at least."""
_KINDS = 2.0
_FLOORS = {2: 0.02, 3: 0.05}
"""The least share of the shorter n-gram, by order. Both measured on news of 1998 and on talk, which no source holds: 4
kinds and 0.05 and 0.1 predict better (news 7.05 → 6.98 bits a character), but make rare characters so cheap that the
average of garbage comes nearer to that of text: from 1.7 bits above the dearest percent of clean text to 1.5."""
_TINY = 1e-9
_HALVINGS = 8


@dataclass(frozen=True, slots=True)
class Order:
    """The n-grams of one order with their probabilities, those of the next shorter n-gram, and what each is worth.

    ``worth`` is by how many bits the counted text would be dearer without the n-gram.
    """

    order: int
    keys: Keys
    p: Counts
    lower: Counts
    worth: Counts


def unigram_probabilities(counts: Counts) -> Counts:
    """Return the probability of each unit, none below its floor."""
    p = counts / counts.sum()
    floor = np.full(len(p), CHARACTER_FLOOR)
    floor[1:FIRST_CHARACTER] = CLASS_FLOOR
    p = np.maximum(p, floor)
    probabilities: Counts = p / p.sum()
    return probabilities


def estimated(counts: list[Counted], p1: Counts) -> list[Order]:
    """Return the estimates of all orders from two up."""
    orders: list[Order] = []
    below: tuple[Keys, Counts] | None = None
    for order, (keys, number) in enumerate(counts, 2):
        real = (keys & LAST) != UNKNOWN
        if below is None:
            lower = p1[np.where(real, keys & LAST, 0).astype(np.int64)]
        else:
            lower = below[1][places(below[0], keys & _mask(order - 1))]
        share, scale = _interpolation(grouped(keys), number, real, _FLOORS[order])
        p = np.where(real, number * scale + share * lower, 0)
        worth = np.where(real, number * np.log2(np.where(real, p, 1) / np.where(real, share * lower, 1)), -1)
        orders.append(Order(order, keys[real], p[real], lower[real], worth[real]))
        below = (keys, p)
    return orders


def _interpolation(context: Index, number: Counts, real: npt.NDArray[np.bool_], floor: float) -> tuple[Counts, Counts]:
    """Return for each n-gram the share of the shorter one, and what its own count is multiplied by.

    The share is that of Witten and Bell, with every kind of continuation counted ``_KINDS`` times, and what followed
    the ends of words left to the shorter n-gram; ``floor`` is what it is at least.
    """
    kinds = _KINDS * np.bincount(context, np.where(real, np.minimum(number, 1), 0))
    known = np.bincount(context, np.where(real, number, 0))
    unknown = np.bincount(context, np.where(real, 0, number))
    share = (unknown + kinds) / (known + unknown + kinds)
    share += floor * (1 - share)
    scale = (1 - share) / np.maximum(known, _TINY)
    return share[context], scale[context]


def pruned(orders: list[Order], p1: Counts, most: int) -> tuple[list[Kept], Counts]:
    """Return the ``most`` n-grams that are worth most, and what backing off from each unit costs, in bits.

    With a trigram its first two and its last two units are kept, without which it would not be looked for.
    """
    worth = np.concatenate([order.worth for order in orders])
    low, high = (float(np.partition(worth, -n)[-n]) if n < len(worth) else 0.0 for n in (most, most // 2))
    orders = _subsets(orders, low)  # no higher threshold needs more
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if sum(map(len, _above(orders, middle))) > most:
            low = middle
        else:
            high = middle
    return _backed_off(_subsets(orders, high), p1)


def _subsets(orders: list[Order], least: float) -> list[Order]:
    return [_subset(order, at) for order, at in zip(orders, _above(orders, least), strict=True)]


def _above(orders: list[Order], least: float) -> list[Index]:
    """Return the indices of the n-grams worth ``least`` bits, and of those that they begin or end with."""
    needed = np.zeros(0, np.uint64)
    chosen: list[Index] = []
    for order in reversed(orders):
        own = np.union1d(np.flatnonzero(order.worth > least), places(order.keys, needed))
        needed = np.union1d(order.keys[own] >> SHIFT, order.keys[own] & _mask(order.order - 1))
        chosen.append(own)
    return chosen[::-1]


def _subset(order: Order, at: Index) -> Order:
    return Order(order.order, order.keys[at], order.p[at], order.lower[at], order.worth[at])


def _backed_off(orders: list[Order], p1: Counts) -> tuple[list[Kept], Counts]:
    """Return the kept n-grams with the factors of their contexts, so that the probabilities after each sum to 1."""
    kept: list[Kept] = []
    factors = [np.full(len(p1), np.nan), *(np.full(len(order.keys), np.nan) for order in orders)]
    for n, order in enumerate(orders):
        lower = _model(orders[:n], factors, p1, order.keys & _mask(order.order - 1))
        context = order.keys >> SHIFT
        groups = grouped(order.keys)
        left = np.clip(1 - np.bincount(groups, order.p), _LEAST, 1)
        lower_left = np.clip(1 - np.bincount(groups, lower), _LEAST, 1)
        unique = np.unique(context)
        at = unique.astype(np.int64) if n == 0 else places(orders[n - 1].keys, unique)
        factors[n][at] = left / lower_left
    for order, factor in zip(orders, factors[1:], strict=True):
        kept.append(Kept(order.order, order.keys, -np.log2(order.p), -np.log2(factor)))
    return kept, -np.log2(np.where(np.isnan(factors[0]), 1.0, factors[0]))


def _model(orders: list[Order], factors: list[Counts], p1: Counts, keys: Keys) -> Counts:
    """Return the pruned model's probability of each n-gram of the order after the last of ``orders``, less one."""
    if not orders:
        p: Counts = p1[keys.astype(np.int64)]
        return p
    *shorter, order = orders
    shortened = _model(shorter, factors, p1, keys & _mask(order.order - 1))
    context = keys >> SHIFT
    if shorter:
        at, known = found(shorter[-1].keys, context)
        factor = np.where(known, factors[len(shorter)][at], np.nan)
    else:
        factor = factors[0][context.astype(np.int64)]
    at, known = found(order.keys, keys)
    estimate: Counts = np.where(known, order.p[at], np.where(np.isnan(factor), 1.0, factor) * shortened)
    return estimate


def _mask(order: int) -> np.uint64:
    return np.uint64((1 << 16 * order) - 1)
