"""Early: a run that somebody ended because what it had shown was settled."""

from dataclasses import replace

from advisor.evidence.weigh import Basis


def settled(basis: Basis) -> Basis:
    """The basis of an incomplete run that was ended as settled, so that its part may decide.

    The e-value holds however often one looks and whatever made one stop (Ville's inequality), so
    what the prompts answered so far decide, they decide. Nothing else is read out of a part.
    """
    evidence, others = basis.evidence, tuple(map(settled, basis.others))
    if evidence.complete:
        return basis
    notes = tuple(note for note in evidence.notes if note.kind != "incomplete")
    ended = replace(evidence, stopped_early=True, notes=notes)
    return replace(basis, evidence=ended, others=others)
