"""Candidates in, repair out: the likeliest text that some damage would have turned into what was seen.

Leaving ``seen`` alone is a candidate like the others, with evidence 0 by definition; the last line of `best` is a
``max`` over all of them. What wins is looked at again, because damage comes in layers and in several kinds at once.
"""

from collections.abc import Iterator
from dataclasses import replace

from repair import bytewise, compat, escapes, ftfy_proposer, mirror
from repair.channel import Pieces, Proposal, UndamageableError, damage
from repair.edits import edits_of
from repair.found import Found
from repair.language import Model, load
from repair.lost import lost_places
from repair.mapped import apply_mappings
from repair.mirror import rest
from repair.outright import read_at_once
from repair.places import Scored, scored_by_catalogue
from repair.policy import Policy
from repair.quoted import QUOTED
from repair.result import Edit, Grade, Repair, weakest
from repair.soundness import BETWEEN_CHINESE, between_chinese, distinct, proves_itself, reads_well
from repair.triage import suspicious

_BEAM = (6, 3, 2)
"""Candidates of each layer that are looked at for a further layer where none of them convinces."""
_ROUNDS = 6
_SHRINKS = 2.0
"""Bits a character by which undoing a layer must make a text likelier if there is to be another below: each layer of
damage makes a text longer and stranger."""
_FEWEST_PROVED, _AROUND = 2, 8
"""Distinct hanzi that are enough where they were UTF-8, and those around that tell that the text is Chinese."""
_SETTLED = (escapes.propose, bytewise.propose, compat.propose)


def repair_text(text: str, policy: Policy | None = None) -> Repair:
    """Return the likeliest text that damage would have turned into ``text``, with its evidence.

    Clean text comes back as it is, grade ``clean``.

    >>> repair_text("鍏ㄩ潰钀藉疄闃叉睕璐ｄ换").text
    '全面落实防汛责任'
    """
    return repair_found(Found(text), text, policy)


def repair_found(found: Found, seen: str, policy: Policy | None = None) -> Repair:
    """Go on from what is found already; see `repair_text`."""
    policy = policy or Policy()
    for program in policy.programs:
        if undone := mirror.known_of(program, found.text):
            found = found.followed_by(_settled(undone, found.text), seen)
    if suspicious(found.text):
        found = _rest_searched(found, seen, policy) or search(found, seen, policy)
    return finished(found, seen, policy)


def finished(found: Found, seen: str, policy: Policy) -> Repair:
    """Turn what was found into a repair, the user's mappings applied and what stays lost marked."""
    return mark_lost(apply_mappings(_repair(found, seen, policy), policy))


def search(found: Found, seen: str, policy: Policy) -> Found:
    """Undo damage after damage until nothing convinces any more, then what each place tells by itself."""
    for _ in range(_ROUNDS):
        step = best(found.text, policy)
        if step is None or not _replays(step, found.text):
            break
        found = found.followed_by(step, seen)
        if not suspicious(found.text):
            return found
        if searched := _rest_searched(found, seen, policy):
            return searched
    for propose in _SETTLED:
        for proposal in propose(found.text):
            found = found.followed_by(_settled(proposal, found.text), seen)
            break  # the others are of the text as it was
    return found


def _replays(step: Found, seen: str) -> bool:
    """Say whether what was put together of pieces is damaged into what was seen; the rest was compared when found."""
    if not any(isinstance(channel, Pieces) for channel in step.chain):
        return True
    try:
        return damage(step.chain, step.text) == seen
    except UndamageableError:
        return False


def _rest_searched(found: Found, seen: str, policy: Policy) -> Found | None:
    """Search the lines that are left odd of a mirrored page; None where it is no such page, or most lines are."""
    spans = rest.odd_lines(found.text) if rest.explains(found.chain) else []
    if not spans:
        return None
    lines = ((span, found.text[slice(*span)]) for span in spans)
    own = [(span, search(Found(line), line, policy)) for span, line in lines]
    mended = [(span, one) for span, one in own if one.chain]
    return found.followed_by(rest.joined(found.text, mended), seen) if mended else found


def best(seen: str, policy: Policy) -> Found | None:
    """Return the candidate that beats leaving ``seen`` alone and every rival; None where none does."""
    model = load()
    if at_once := read_at_once(seen, policy):
        return at_once
    mirrored = _mirrored(seen, model)
    if explained := _convincing(mirrored, seen, policy):
        return explained
    candidates = [*_candidates(seen, model), *mirrored]
    chosen = _convincing(candidates, seen, policy)
    if chosen is None and policy.max_depth > 1:
        candidates += _deeper(seen, candidates, model, policy.max_depth - 1)
        chosen = _convincing(candidates, seen, policy)
    if policy.max_depth > 1 and (chosen is None or _leaves_a_rest(chosen, seen)):
        from repair.layers import proposing  # noqa: PLC0415 - loads the compiler, which importing does not wait for

        candidates += proposing.propose(seen, policy.max_depth, model)
        chosen = _convincing(candidates, seen, policy) or chosen
    return chosen


def _leaves_a_rest(chosen: Found, seen: str) -> bool:
    """Say whether only stretches of a line were explained, and what is beside them is damaged as well."""
    return "\n" not in seen and isinstance(chosen.chain[0], Pieces) and suspicious(chosen.text)


def _candidates(seen: str, model: Model) -> Iterator[Found]:
    for scored in scored_by_catalogue(seen, model):
        yield _found(scored)
    yield from _all_proposed(seen, [*ftfy_proposer.propose(seen)], model)


def _mirrored(seen: str, model: Model) -> list[Found]:
    """Return what a mirror site's page was: the program that makes all of its notes has no rival in the catalogue."""
    return list(_all_proposed(seen, [*mirror.propose(seen)], model))


def _all_proposed(seen: str, proposals: list[Proposal], model: Model) -> Iterator[Found]:
    for proposal, gain in zip(proposals, _gains(seen, proposals, model), strict=True):
        yield _proposed(proposal, gain)


def _settled(proposal: Proposal, seen: str) -> Found:
    """Return what needs no rival: whether it reads well as a whole, and how much came out of damage, nobody asks."""
    candidate = proposal.candidate
    evidence = proposal.log_prior + _gains(seen, [proposal], load())[0]
    return Found(candidate.text, proposal.chain, evidence, cuts=candidate.cuts, losses=candidate.losses)


def _gains(seen: str, proposals: list[Proposal], model: Model) -> list[float]:
    """Return the bits by which each proposal's text is likelier than what was seen."""
    if not proposals:
        return []
    bits = model.log_probabilities([seen, *(proposal.candidate.text for proposal in proposals)])
    gains: list[float] = (bits[1:] - bits[0]).tolist()
    return gains


def _found(scored: Scored) -> Found:
    return Found(
        scored.text,
        scored.chain,
        scored.evidence,
        cuts=scored.cuts,
        losses=scored.losses,
        changed=scored.changed,
        sound=scored.sound,
    )


def _proposed(proposal: Proposal, gain: float) -> Found:
    candidate = proposal.candidate
    return Found(
        candidate.text,
        proposal.chain,
        proposal.log_prior + gain,
        cuts=candidate.cuts,
        losses=candidate.losses,
        changed=distinct(candidate.text),
        sound=reads_well(candidate.text, load()),
    )


def _deeper(seen: str, candidates: list[Found], model: Model, depth: int) -> Iterator[Found]:
    """Yield what a further layer of damage makes of the best candidates so far."""
    if depth < 1:
        return
    least = _SHRINKS * sum(not character.isascii() for character in seen)
    promising = [candidate for candidate in candidates if candidate.evidence > least and not candidate.losses]
    unique = {candidate.text: candidate for candidate in sorted(promising, key=_evidence)}
    for outer in sorted(unique.values(), key=_evidence, reverse=True)[: _BEAM[-depth]]:
        every = (*_candidates(outer.text, model), *_mirrored(outer.text, model))
        inner = [_below(outer, found, seen, model) for found in every]
        yield from inner
        yield from _deeper(outer.text, inner, model, depth - 1)


def _below(outer: Found, found: Found, seen: str, model: Model) -> Found:
    """Join a layer below another; two guesses on end must leave a text that reads well as a whole."""
    joined = outer.followed_by(found, seen)
    new = "".join(set(joined.text).difference(seen))  # what lay between the layers, and what came back, is no evidence
    changed = min(joined.changed, distinct(new))
    return replace(joined, changed=changed, sound=joined.sound and reads_well(joined.text, model))


def _convincing(candidates: list[Found], seen: str, policy: Policy) -> Found | None:
    """Return the likeliest candidate if it is likely enough beside leaving the text alone and beside its rivals."""
    if not candidates:
        return None
    likeliest = max(candidates, key=_evidence)
    chosen = next((one for one in candidates if one.sound and one.text == likeliest.text), likeliest)
    rivals = [candidate for candidate in candidates if _differs(candidate, chosen)]
    rival = max(rivals, key=_evidence, default=None)
    margin = chosen.evidence - rival.evidence if rival else float("inf")
    fewest = _FEWEST_PROVED if _proved_in_chinese(chosen) else policy.min_characters
    least = policy.min_evidence - (BETWEEN_CHINESE if between_chinese(chosen.chain, seen, chosen.changed) else 0.0)
    enough = chosen.evidence >= least and chosen.changed >= fewest
    if not enough or not chosen.sound or probability(margin) < policy.min_probability:
        return None
    return replace(chosen, margin=margin, rival=rival.chain if rival else ())


def _proved_in_chinese(found: Found) -> bool:
    """Say whether what was changed was UTF-8 that stands in Chinese text, not in quotes: less of it is enough then."""
    pieces = found.chain[0].pieces if found.chain and isinstance(found.chain[0], Pieces) else ()
    proved = bool(pieces) and all(len(chain) == 1 and proves_itself(chain[0]) for _, _, chain in pieces)
    quoted = any(start and QUOTED.fullmatch(found.text[start - 1 : end + 1]) for start, end, _ in pieces)
    return proved and not quoted and distinct(found.text) >= found.changed + _AROUND


def _differs(one: Found, other: Found) -> bool:
    """Say whether two answers contradict each other.

    Two that lost bytes tell the same story where they begin with the same encoding: what several habits of decoders
    make of a lost place, its alternatives tell.
    """
    return one.text != other.text and not (one.losses and other.losses and _written(one) == _written(other))


def _written(found: Found) -> str | None:
    """Return the encoding in which a text was written."""
    return getattr(found.chain[0], "original", None) if found.chain else None


def _evidence(found: Found) -> float:
    return found.evidence


def probability(margin: float) -> float:
    """Return the probability of an answer that beats its only rival by ``margin`` bits.

    >>> probability(0.0), probability(float("inf"))
    (0.5, 1.0)
    """
    return float(1 / (1 + 2.0 ** -min(margin, 1000.0)))


def _repair(found: Found, seen: str, policy: Policy) -> Repair:
    """Turn what was found into a repair: edits with grades, and what is not likely enough left as it was."""
    if not found.chain:
        return Repair(seen, seen)
    delivered = edits_of(found.text, seen, found.lined_up(seen), found.losses, policy, found.chain)
    edits = delivered.edits
    if found.margin < policy.min_margin:
        edits = tuple(_doubted(edit, probability(found.margin)) for edit in edits)
    return Repair(
        text=delivered.text,
        seen=seen,
        chain=delivered.chain + found.chain,
        edits=edits,
        evidence=found.evidence,
        margin=found.margin,
        rival=found.rival,
    )


def _doubted(edit: Edit, likely: float) -> Edit:
    """Grade an edit down where another chain, with another text, comes close."""
    if edit.grade is not Grade.EXACT:
        return edit
    return edit._replace(grade=Grade.LIKELY, alternatives=((edit.text, likely),))


def mark_lost(repair: Repair) -> Repair:
    """Add the places whose original is gone, and grade the whole by its weakest edit."""
    taken = [(edit.start, edit.end) for edit in repair.edits if edit.grade is Grade.LOST]
    lost = (edit for edit in lost_places(repair.text) if not any(a < edit.end and edit.start < b for a, b in taken))
    edits = tuple(sorted((*repair.edits, *lost)))
    return replace(repair, edits=edits, grade=weakest([edit.grade for edit in edits]))
