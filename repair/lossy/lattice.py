"""The search through everything that may have stood at the holes: forwards, backwards, and the best way through.

States are what matters for what follows: the bytes of an unfinished character and the last two characters. Between
holes far enough apart only one state is left, so the choices there are independent; near each other they are weighed
together. Probabilities are those of the forward-backward algorithm (Baum et al. 1970).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from repair.decoders import Habit
from repair.language import Model, load
from repair.lossy.parsing import Entry, Parsed, begun, completions, entries, parse, parse_all
from repair.lossy.stream import Stream

_MEMORY = 2
"""Characters that the language model remembers."""
_MOST_STATES = 64
_MOST_EDGES = 2048
_DEAREST = 13.0
"""Bits a character beyond which runs of known bytes are no text."""
_ENDS_BITS = 40.0
"""What they may cost more, because they begin and end in the middle of something."""
TEMPER = 0.75
"""What a bit of the model counts for in probabilities: it takes its evidence for more than it is (``benchmarks/``)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the bytes were written and read."""

    original: str
    wrong: str
    habit: Habit


@dataclass(slots=True)
class State:
    """Where the search can stand after a run: unfinished bytes, the last characters, the best score so far in bits."""

    pending: bytes
    tail: str
    best: float = 0.0
    via: "Edge | None" = None
    forward: float = 0.0
    backward: float = -np.inf


@dataclass(slots=True)
class Edge:
    """One filling of a hole: ``head`` is the text that it completes, ``rest`` the run's text after it."""

    source: State
    head: str
    rest: Parsed
    bits: float = 0.0
    target: State = field(init=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands at one hole: the text, the run after it, and every text that could, with its probability."""

    head: str
    rest: str
    alternatives: tuple[tuple[str, float], ...]


def best_path(stream: Stream, reading: Reading, model: Model) -> tuple[str, list[Choice]] | None:
    """Return the text before the first hole and the best choice at each; None where nothing parses or reads."""
    first = parse(stream.runs[0], reading.original)
    ways = [entries(run, reading.original) for run in stream.runs[1:]]
    if first is None or not all(ways) or not _readable(first, ways, reading.original, model):
        return None
    states = [State(first.pending, first.text[-_MEMORY:])]
    layers: list[list[Edge]] = []
    for hole, own in enumerate(ways):
        edges = _edges(states, stream, hole, own, reading)
        if not edges:
            return None
        _score(edges, model, last=hole + 1 == len(ways))
        states = _joined(edges, reading.original)
        layers.append(edges)
    _backward(layers, states)
    return first.text, _traced(layers, max(states, key=lambda state: state.best))


def _readable(first: Parsed, ways: Sequence[tuple[Entry, ...]], original: str, model: Model) -> bool:
    """Say whether the known bytes read as text at all; encodings without UTF-8's grammar parse nearly anything."""
    if original == "utf-8":
        return True
    runs = [(first.text,), *([entry.rest.text for entry in entries] for entries in ways)]
    bits = iter(model.conditional([("", text) for texts in runs for text in texts]).tolist())
    best = [
        max(((next(bits), len(text)) for text in texts), key=lambda pair: pair[0] / (pair[1] or 1)) for texts in runs
    ]
    return bool(-sum(cost for cost, _ in best) <= _DEAREST * sum(length for _, length in best) + _ENDS_BITS)


def _edges(states: Sequence[State], stream: Stream, hole: int, ways: Sequence[Entry], reading: Reading) -> list[Edge]:
    """Return every filling of a hole that parses with the bytes before and after it, the likeliest where too many."""
    run, codes, after = stream.runs[hole + 1], stream.codes[hole], stream.after(hole)
    more = hole + 1 < len(stream.holes)
    edges: list[Edge] = []
    for state in states:
        for way in ways:
            if codes is None:
                done = completions(reading.original, reading.wrong, reading.habit.name, state.pending, after, way.head)
            else:
                done = parse_all(reading.original, state.pending, codes, way.head)
            joins = more and len(way.head) == len(run)  # the next hole may go on with the character
            edges += [
                Edge(state, one.text, Parsed("", one.pending) if one.pending else way.rest)
                for one in done
                if joins or not one.pending
            ]
    if not more:
        edges = [edge for edge in edges if not edge.rest.pending]
    return edges if len(edges) <= _MOST_EDGES else _likeliest(edges)


def _likeliest(edges: list[Edge]) -> list[Edge]:
    """Keep the edges that are likeliest by the frequency of their characters alone."""
    costs = load().unigram_bits
    rough = [edge.source.best - sum(float(costs[ord(character)]) for character in edge.head) for edge in edges]
    order = np.argsort(-np.array(rough), kind="stable")[:_MOST_EDGES]
    return [edges[number] for number in order]


def _score(edges: Sequence[Edge], model: Model, *, last: bool) -> None:
    """Score each edge: its characters after those before it, as far as edges differ; a boundary ends the last."""
    alike = len({edge.rest.text for edge in edges}) == 1
    end = "\n" if last else ""
    pairs = [
        (edge.source.tail, edge.head + (f"{edge.rest.text}{end}"[:_MEMORY] if alike else edge.rest.text + end))
        for edge in edges
    ]
    for edge, bits in zip(edges, model.conditional(pairs).tolist(), strict=True):
        edge.bits = bits


def _joined(edges: Sequence[Edge], original: str) -> list[State]:
    """Return the states that the edges lead to, the likeliest ones; edges to others lead nowhere."""
    states: dict[tuple[bytes, str], State] = {}
    forward: dict[tuple[bytes, str], list[float]] = {}
    for edge in edges:
        tail = (edge.source.tail + edge.head + edge.rest.text)[-_MEMORY:]
        key = (edge.rest.pending, tail)
        state = states.setdefault(key, State(edge.rest.pending, tail, -np.inf))
        edge.target = state
        score = edge.source.best + edge.bits
        if score > state.best:
            state.best, state.via = score, edge
        forward.setdefault(key, []).append(edge.source.forward + TEMPER * edge.bits)
    for key, state in states.items():
        state.forward = _log_sum(forward[key])
    ranked = sorted(states.values(), key=lambda state: state.best + begun(state.pending, original), reverse=True)
    kept = ranked[:_MOST_STATES]
    top = max(state.forward for state in kept)
    for state in kept:
        state.forward -= top  # only differences count
    return kept


def _backward(layers: Sequence[Sequence[Edge]], last: Sequence[State]) -> None:
    for state in last:
        state.backward = 0.0
    for edges in reversed(layers):
        leaving: dict[int, list[float]] = {}
        sources: dict[int, State] = {}
        for edge in edges:
            if edge.target.backward > -np.inf:
                leaving.setdefault(id(edge.source), []).append(TEMPER * edge.bits + edge.target.backward)
                sources[id(edge.source)] = edge.source
        for key, values in leaving.items():
            sources[key].backward = _log_sum(values)
        top = max((sources[key].backward for key in leaving), default=0.0)
        for key in leaving:
            sources[key].backward -= top


def _traced(layers: Sequence[Sequence[Edge]], state: State) -> list[Choice]:
    choices: list[Choice] = []
    for edges in reversed(layers):
        edge = state.via
        assert edge is not None  # every state but the first was reached
        choices.append(Choice(edge.head, edge.rest.text, _alternatives(edges, edge)))
        state = edge.source
    return choices[::-1]


def _alternatives(edges: Sequence[Edge], chosen: Edge) -> tuple[tuple[str, float], ...]:
    """Return each text that could stand at a hole with its probability, the chosen one first."""
    bits: dict[str, list[float]] = {}
    for edge in edges:
        bits.setdefault(edge.head, []).append(edge.source.forward + TEMPER * edge.bits + edge.target.backward)
    sums = {head: _log_sum(values) for head, values in bits.items()}
    total = _log_sum(list(sums.values()))
    shares = {head: float(2.0 ** (value - total)) for head, value in sums.items()}
    ranked = sorted(shares, key=lambda head: (head != chosen.head, -shares[head]))
    return tuple((head, shares[head]) for head in ranked)


def _log_sum(values: Sequence[float]) -> float:
    top = max(values)
    if top == -np.inf:
        return top
    return float(top + np.log2(np.exp2(np.array(values) - top).sum()))
