"""How a verdict is computed, in ten lines, with the thresholds that it went by."""

from advisor.report.claims import LEAST_FOR_PERCENT
from advisor.verdict.rules import Rules
from advisor.words import chance, percent


def how_it_is_computed(rules: Rules) -> tuple[str, ...]:
    """Ten sentences, from the stoppers to the sources; the document's last section but one."""
    test, likely = rules.evidence, rules.likelihood
    return (
        "The first rule that applies gives the verdict: a stopper, the test, the money, what the "
        "answers suggest, base.",
        f"Stoppers: fewer than {rules.gates.pairs} approved answers, nowhere to train, facts that "
        "change too fast and were never looked up, no permission, a model that stops within "
        f"{rules.gates.stop_months:g} months.",
        "Both options answer the same texts; per text one of them is preferred, by readers who do "
        "not know which is which, by a judge, or by one measure. A judge that is asked here is "
        "asked in both orders.",
        "A test decides when its e-value, the evidence against an even split, reaches "
        f"{test.e_needed:g} ({test.e_needed_high:g} where a wrong answer is costly): false alarms "
        f"stay under {percent(1 / test.e_needed)} however often you look.",
        f"It takes {test.scored} texts with a preference at least; under {test.clear_choices} clear "
        f"choices no figure is shown, and never a percentage of fewer than {LEAST_FOR_PERCENT}.",
        f"Likely ranges hold {100 * (1 - test.alpha):.0f} times in 100: Wilson for a share, paired t "
        f'for the mean of a measure. "No difference" needs the {percent(1 - 2 * test.alpha)} range '
        f"within {percent(test.no_difference)} either way.",
        "A test that settles it overrules practice; where it finds no difference, the cheaper "
        "option wins, and base where they cost nearly the same.",
        "Without such a test seven answers are weighed, -100 to +100, and give a chance that "
        "fine-tuning is right. The test's choices move it: from "
        f"{chance(likely.leaning)} on it is leaning, from {chance(likely.likely)} likely.",
        "Cost: units billed x price + training once + hosting, over the months planned or until the "
        "tuned model stops; people's time is in every total once it is given.",
        "Prices are list prices on the day they were read, or the reader's own figures, which are "
        "marked; a missing price stays unknown, never zero.",
    )
