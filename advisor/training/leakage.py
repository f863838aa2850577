"""Leakage: texts of the comparison that stand in the training file, so that they prove nothing."""

from collections.abc import Sequence

from advisor.case.case import Case
from advisor.case.texts import Prompt
from advisor.case.training_summary import digest_of
from advisor.training.model import Example, Leak
from advisor.training.rules import SimilarRules
from advisor.training.similar import groups_of, holders, near_ones, plain


def find_leaks(
    prompts: Sequence[Prompt], examples: Sequence[Example], rules: SimilarRules
) -> tuple[Leak, ...]:
    """Prompts that an example's input is, nearly is, or holds; one leak for each such prompt.

    Answers are not looked at: a prompt is leaked by its question, whatever the file answers.
    """
    if not prompts or not examples:
        return ()
    said = [(plain(text), example.line) for example in examples for text in example.asked]
    said = [(text, line) for text, line in said if text]
    whole = dict(reversed(said))  # the first line of a text stands
    wanted = [plain(prompt.text) for prompt in prompts]
    texts = [text for text, _ in said]
    near = _near(wanted, texts, rules)
    held = holders(wanted, texts, rules)
    leaks = []
    for at, prompt in enumerate(prompts):
        if wanted[at] in whole:
            leaks.append(Leak(prompt.id, whole[wanted[at]], True))
        elif at in near or at in held:
            leaks.append(Leak(prompt.id, said[near.get(at, held.get(at, 0))][1], False))
    return tuple(leaks)


def alike(texts: Sequence[str], compared: Sequence[str], rules: SimilarRules) -> frozenset[int]:
    """Positions of texts that a compared one is, nearly is, or holds, or that hold one."""
    if not texts or not compared:
        return frozenset()
    wanted = [plain(text) for text in compared]
    left = {at: plain(text) for at, text in enumerate(texts)}
    there = set(wanted)
    found = {at for at, text in left.items() if text in there}
    places = list(left)
    found |= {places[at] for at in _near(list(left.values()), wanted, rules)}
    found |= {places[at] for at in holders(list(left.values()), wanted, rules)}
    while True:  # each look names one text that a compared one stands in; there may be more
        places = [at for at in left if at not in found]
        among = [left[at] for at in places]
        more = {places[at] for at in holders(wanted, among, rules).values()} if among else set()
        if not more:
            return frozenset(found)
        found |= more


def without_leaked(case: Case) -> Case:
    """The case without the prompts that stand in its training file, nor judgments on them."""
    if case.training is None:
        return case
    gone = case.leaked
    prompts = tuple(prompt for prompt in case.prompts if prompt.id not in gone)
    # One that is shown as an example for now stays known: it may come back into the comparison.
    left = {known: at for known, at in case.training.leaked.items() if known not in gone}
    training = case.training.model_copy(
        update={"leaked": left, "prompts_sha256": digest_of(prompts)}
    )
    judgments = tuple(said for said in case.judgments if said.prompt_id not in gone)
    return case.model_copy(
        update={"prompts": prompts, "judgments": judgments, "training": training}
    )


def _near(wanted: Sequence[str], texts: Sequence[str], rules: SimilarRules) -> dict[int, int]:
    """Short prompts that nearly are a short text; a long one that is so near is held by it."""

    def short(among: Sequence[str]) -> list[int]:
        return [at for at, text in enumerate(among) if text.count(" ") < rules.short_words]

    asked, there = short(wanted), short(texts)
    found = near_ones(
        groups_of((wanted[at] for at in asked), rules),
        groups_of((texts[at] for at in there), rules),
        rules,
    )
    return {asked[at]: there[other] for at, other in found.items()}
