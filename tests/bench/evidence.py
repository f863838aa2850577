"""`make evidence`: how often the test is wrong where it must not be, and right where it should be.

Every figure is simulated through the product's own functions, with seeds, and printed beside its
bar. `python -m tests.bench.evidence 200` takes fewer draws.
"""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

import numpy as np
from scipy.special import expit

from advisor.case.brief import Brief
from advisor.case.order import random_order
from advisor.case.use_cases import load_use_cases
from advisor.evidence import over_cases, planning
from advisor.evidence.guards import Guards
from advisor.evidence.joined import join
from advisor.evidence.model import Evidence, Joined, Preference, PreferenceSource, Tally
from advisor.evidence.planning import SettledWhen, Stood
from advisor.evidence.weigh import Basis, weigh_pair
from advisor.verdict.likelihood import Seen, likelihood
from advisor.verdict.rules import load_rules
from tests.verdict.cases import verdict

RULES = load_rules()
LIMITS = RULES.evidence
RULE = SettledWhen(LIMITS.e_needed, LIMITS.scored)
DRAWS = 2_000
WORD: dict[int, Preference] = {1: "tuned", -1: "base", 0: "tie"}
CHAT = Brief(use_case="general_chatbots", together=False)
Row = tuple[str, str, str, bool]
"""What, measured, bar, kept."""


# The product's word on what is in


def weighed(
    signs: Sequence[int],
    cases: Sequence[str] | None = None,
    *,
    source: PreferenceSource = "votes",
    lengths: tuple[Sequence[float], Sequence[float]] | None = None,
    overlap: bool = False,
) -> Evidence:
    """What a whole run with these preferences shows; lengths are those of base and of tuned."""
    ids = [f"{n:04}" for n in range(len(signs))]
    base, tuned = lengths or ([100.0] * len(ids), [100.0] * len(ids))
    basis = Basis(
        evidence=Evidence("none", source=source, prompts=len(ids), by_overlap=overlap),
        preferences={p: WORD[s] for p, s in zip(ids, signs, strict=True)},
        base_chars=dict(zip(ids, base, strict=True)),
        tuned_chars=dict(zip(ids, tuned, strict=True)),
        cluster_of=dict(zip(ids, cases, strict=True)) if cases else {},
        guards=Guards(),
        seed=0,
    )
    return weigh_pair(basis, basis.preferences, CHAT, LIMITS, word_only=True)


@lru_cache(maxsize=200_000)
def of_tally(wins: int, losses: int, ties: int) -> Evidence:
    """The same of single texts, of which only the counts matter."""
    return weighed([1] * wins + [-1] * losses + [0] * ties)


def decided_at_any_look(signs: np.ndarray, cases: Sequence[str] | None = None) -> str | None:
    """Whom a test is decided for when it is looked at after every vote, in this order."""
    if cases is None:
        won, lost = np.cumsum(signs == 1), np.cumsum(signs == -1)
        e = over_cases.log_e_single(won, lost)
        for look in np.flatnonzero(e >= math.log(LIMITS.e_needed)):
            found = of_tally(
                int(won[look]), int(lost[look]), int(look + 1 - won[look] - lost[look])
            )
            if found.word == "decides":
                return found.favours
        return None
    ends = [n for n in range(1, len(cases) + 1) if n == len(cases) or cases[n] != cases[n - 1]]
    means = [float(signs[a:b].mean()) for a, b in zip([0, *ends], ends, strict=False)]
    e = over_cases.log_e(np.cumsum(over_cases.log_growth(np.array(means)), axis=0))
    for case in np.flatnonzero(e >= math.log(LIMITS.e_needed)):
        end = ends[case]
        found = weighed([int(s) for s in signs[:end]], cases[:end])
        if found.word == "decides":
            return found.favours
    return None


# What is drawn


def votes(chance: np.random.Generator, rates: np.ndarray, ties: float = 0.0) -> np.ndarray:
    """One preference a text; `rates` are the chances that a clear choice goes to tuned."""
    won = np.where(chance.random(rates.shape) < rates, 1, -1)
    return np.where(chance.random(rates.shape) < ties, 0, won)


def of_cases(
    chance: np.random.Generator, cases: int, size: int, rate: float, icc: float
) -> tuple[np.ndarray, list[str]]:
    """Texts of cases that go together by `icc`, case by case."""
    spread = (1 - icc) / icc
    rates = chance.beta(rate * spread, (1 - rate) * spread, cases)
    return votes(chance, np.repeat(rates, size)), [
        f"c{n}" for n in range(cases) for _ in range(size)
    ]


def in_kept_order(
    signs: np.ndarray, cases: Sequence[str] | None, seed: int, batch: int | None = None
) -> tuple[np.ndarray, list[str] | None]:
    """The votes in the order in which a decision asks for them; added `batch` at a time."""
    ids = [f"t{n}" for n in range(len(signs))]
    clusters = dict(zip(ids, cases, strict=True)) if cases else {}
    batches = {p: n // batch for n, p in enumerate(ids)} if batch else {}
    order = [int(p[1:]) for p in random_order(ids, seed, clusters, batches)]
    return signs[order], [cases[n] for n in order] if cases else None


def share(n: int, draw: Callable[[np.random.Generator, int], bool], seed: int) -> float:
    """How often a draw comes true."""
    chance = np.random.default_rng(seed)
    return sum(draw(chance, i) for i in range(n)) / n


# The rows


def percent(value: float) -> str:
    return f"{value * 100:.1f} %"


def at_most(what: str, found: float, bar: float) -> Row:
    return what, percent(found), f"<= {bar * 100:g} %", found <= bar


def at_least(what: str, found: float, bar: float) -> Row:
    return what, percent(found), f">= {bar * 100:g} %", found >= bar


def false_alarms(n: int) -> Iterator[Row]:
    halves = np.array([0.8] * 50 + [0.2] * 50)

    def plain(chance: np.random.Generator, seed: int) -> bool:
        signs = votes(chance, np.full(100, 0.5), 0.1)
        return decided_at_any_look(in_kept_order(signs, None, seed)[0]) is not None

    def added(chance: np.random.Generator, seed: int) -> bool:
        signs = votes(chance, chance.permutation(halves))
        return decided_at_any_look(in_kept_order(signs, None, seed, batch=5)[0]) is not None

    def grouped(chance: np.random.Generator, seed: int) -> bool:
        signs = votes(chance, halves)
        return decided_at_any_look(in_kept_order(signs, None, seed)[0]) is not None

    def clustered(cases: int, kept: bool) -> Callable[[np.random.Generator, int], bool]:
        def draw(chance: np.random.Generator, seed: int) -> bool:
            signs, names = of_cases(chance, cases, 8, 0.5, 0.3)
            if kept:
                signs, shuffled = in_kept_order(signs, names, seed)
                names = shuffled or names
            return decided_at_any_look(signs, names) is not None

        return draw

    yield at_most("false alarms, every look: in the decision's order", share(n, plain, 1), 0.05)
    yield at_most("  texts added 5 at a time", share(n, added, 2), 0.05)
    yield at_most("  a file grouped by difficulty", share(n, grouped, 3), 0.05)
    for cases in (12, 25):
        for kept in (True, False):
            how = "in the decision's order" if kept else "in the file's order"
            found = share(n, clustered(cases, kept), 4 + cases + kept)
            yield at_most(f"  {cases} cases of 8, ICC 0.3, {how}", found, 0.05)


GAPS = (0.0, 0.013, 0.03, 0.06, 0.10, 0.20)
"""Published differences between the means of two options' scores, of 1."""
SPREAD = 0.12
"""Standard deviation of the difference of two scores on a text, as in the recorded notes."""


@cache
def true_net(gap: float) -> float:
    """Net preference that such a gap comes to, a score 0.01 apart being a win."""
    from scipy.stats import norm

    return float(norm.sf(0.01, gap, SPREAD) - norm.cdf(-0.01, gap, SPREAD))


def wrong_by_scores(n: int) -> Iterator[Row]:
    for texts in (30, 100):
        chance, wrong, level = np.random.default_rng(texts), 0, 0
        for _ in range(n):
            gap = float(chance.choice(GAPS) * chance.choice([-1, 1]))
            d = chance.normal(gap, SPREAD, texts)
            won, lost = int((d > 0.01).sum()), int((d < -0.01).sum())
            found = of_tally(won, lost, texts - won - lost)
            right = "tuned" if gap > 0 else "base" if gap < 0 else None
            wrong += found.word == "decides" and found.favours != right
            level += found.word == "no_difference" and abs(true_net(gap)) > found.margin
        yield at_most(f"decided and wrong, {texts} texts: by evidence", wrong / n, 0.005)
        yield at_most(
            f"  level though the gap is outside the margin, {texts} texts", level / n, 0.03
        )


def against_a_clear_side(n: int) -> Iterator[Row]:
    from scipy.stats import binomtest

    chance, against, seen = np.random.default_rng(7), 0, 0
    rows = [row.id for row in load_use_cases()]
    for _ in range(n):
        texts = int(chance.integers(6, 120))
        wins = int(chance.binomial(texts, chance.beta(2, 2)))
        brief = Brief(
            use_case=str(chance.choice(rows)),
            stage="tuned_on_trial",
            training_pairs=int(chance.integers(10, 5000)),
            strictness=str(chance.choice(["loose", "some", "strict"])),  # type: ignore[arg-type]
            fact_change=str(chance.choice(["weekly", "quarterly", "in_text"])),  # type: ignore[arg-type]
            task_change=str(chance.choice(["monthly", "frozen"])),  # type: ignore[arg-type]
            tried=("prompt", "few_shot", "retrieval"),
            gap=str(chance.choice(["good_enough", "not_good"])),  # type: ignore[arg-type]
        )
        if binomtest(wins, texts).pvalue >= LIMITS.alpha:
            continue
        seen += 1
        shown = Evidence("not_enough", source="votes", tally=Tally(wins, texts - wins, 0))
        found = verdict(brief, shown)
        against += found.recommendation != ("tuned" if 2 * wins > texts else "base")
    what = f"recommendations against a clear side of the test's own, of {seen:,}"
    yield what, str(against), "0", against == 0


def power(n: int) -> Iterator[Row]:
    from scipy.stats import binom

    for rate, end, any_look in ((0.7, 0.83, 0.86), (0.8, 0.99, None)):
        chance = np.random.default_rng(int(rate * 10))
        # Only the counts matter at the end, so it is worked out exactly.
        last = sum(
            binom.pmf(won, 100, rate)
            for won in range(101)
            if of_tally(won, 100 - won, 0).favours == "tuned"
        )
        looked = sum(
            decided_at_any_look(votes(chance, np.full(100, rate))) == "tuned" for _ in range(n)
        )
        yield at_least(f"power, 100 single texts, true {rate}: at the end", float(last), end)
        if any_look:
            yield at_least(f"  at any look, true {rate}", looked / n, any_look)


def promises(n: int) -> Iterator[Row]:
    """Each promise is for a split that stays as it was seen, so that is what goes on."""
    worst = 0.0
    for seen, more in (((0, 0, 0), 100), ((14, 10, 6), 100), ((20, 8, 4), 40), ((30, 14, 10), 60)):
        wins, losses, ties = seen
        rate = wins / (wins + losses) if wins else 0.7
        level = ties / sum(seen) if wins else 0.2
        told = planning.chance_of_texts(Stood(wins, losses, sum(seen)), more, rate, level, RULE)
        chance, came = np.random.default_rng(more + wins), 0
        for _ in range(n):
            signs = votes(chance, np.full(more, rate), level)
            won, lost = int((signs == 1).sum()), int((signs == -1).sum())
            of = of_tally(wins + won, losses + lost, ties + more - won - lost)
            came += of.word == "decides"
        worst = max(worst, abs(told - came / n))
    yield at_most("promise of a chance against what happens: single texts", worst, 0.05)
    worst = 0.0
    for cases, size, rate in ((12, 8, 0.7), (25, 8, 0.7), (40, 8, 0.7), (20, 4, 0.8)):
        told = planning.chance_of_cases((), cases, size, rate, 0.0, RULE)
        chance, came = np.random.default_rng(cases), 0
        many = max(n, 1_000)  # of 100 draws one in three is 5 points off by chance alone
        for _ in range(many):
            signs, names = of_cases(chance, cases, size, rate, planning.ICC)
            came += weighed([int(s) for s in signs], names).word == "decides"
        worst = max(worst, abs(told - came / many))
    yield at_most("  clustered", worst, 0.05)


def calibration(n: int) -> Iterator[Row]:
    chance, rules = np.random.default_rng(11), RULES.likelihood
    told, true, before = [], [], []
    for i in range(4 * n):
        score = chance.uniform(-70, 70)
        texts = (10, 30, 60)[i % 3]
        right = chance.random() < 1 / (1 + math.exp(-rules.slope * score))
        rate = chance.beta(rules.prior, rules.prior)
        rate = max(rate, 1 - rate) if right else min(rate, 1 - rate)
        if i % 2:
            won = int(chance.binomial(texts, rate))
            seen = Seen(won, texts - won)
        else:  # cases of 4
            signs, names = of_cases(chance, max(8, texts // 4), 4, rate, 0.3)
            effect = over_cases.design_effect(signs.tolist(), names)
            won, lost = int((signs == 1).sum()), int((signs == -1).sum())
            seen = Seen.of_cases(won, lost, effect)
        found = likelihood(score, seen, rules.slope, rules.prior)
        told.append(found.after)
        before.append(found.before)
        true.append(float(right))
    after, first, was = np.array(told), np.array(before), np.array(true)
    worst = 0.0
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        band = (after >= low) & (after < low + 0.2 + (low == 0.8))
        worst = max(worst, abs(float(after[band].mean() - was[band].mean())))
    yield at_most("likelihood: furthest of five bands from what is true", worst, 0.07)
    thirty = np.array([(10, 30, 60)[i % 3] == 30 for i in range(4 * n)])
    brier = float(((after - was)[thirty] ** 2).mean())
    prior = float(((first - was)[thirty] ** 2).mean())
    yield "  Brier score after 30 texts", f"{brier:.3f}", f"<= prior's {prior:.3f}", brier <= prior


def by_length(n: int) -> Iterator[Row]:
    def drawn(chance: np.random.Generator, texts: int, better: float) -> Evidence:
        """A judge that loves length: 1.3 times as long is preferred in 2 of 3; `better` in logits."""
        base = chance.lognormal(6, 0.5, texts)
        longer = chance.normal(math.log(1.3), 0.3, texts)
        wins = chance.random(texts) < expit(better + 2.6 * longer)
        lengths = ([float(x) for x in base], [float(x) for x in base * np.exp(longer)])
        return weighed([1 if w else -1 for w in wins], source="judge", lengths=lengths)

    for texts in (100, 200):
        found = share(n, lambda chance, _, t=texts: drawn(chance, t, 0.0).word == "decides", texts)
        yield at_most(f"a verbose twin of the same model, {texts} texts: decided", found, 0.04)
    found = share(n, lambda chance, _: drawn(chance, 200, 1.1).word == "decides", 5)
    yield at_least("a true win of a 1.3 times longer side, 200 texts: decided", found, 0.90)


def level_at_its_margin(n: int) -> Iterator[Row]:
    margin, worst, where = LIMITS.no_difference, 0.0, ""
    for ties in (0.0, 0.2, 0.4, 0.6, 0.75, 0.85):
        for texts in (30, 50, 100, 200):
            chance = np.random.default_rng(int(ties * 100) * 1000 + texts)
            shares = [(1 - ties + margin) / 2, (1 - ties - margin) / 2, ties]
            counts = chance.multinomial(texts, np.clip(shares, 0, 1), n)
            found = sum(of_tally(*map(int, c)).word == "no_difference" for c in counts) / n
            if found > worst:
                worst, where = found, f"{ties:.0%} ties, {texts} texts"
    yield at_most(f"level at its margin, the worst ({where})", worst, 0.07)


def coverage(n: int) -> Iterator[Row]:
    for agree in (0.4, 0.6, 0.8, 0.9):
        chance, held, told = np.random.default_rng(int(agree * 10)), 0, 0
        shares = np.array([0.45, 0.30, 0.25])
        for _ in range(n):
            truth = chance.choice([1, -1, 0], 230, p=shares)
            guess = chance.choice([1, -1, 0], 230, p=shares)
            # Agreement as a share: a guess is right by chance in 0.355 of texts.
            known = (agree - float(shares @ shares)) / (1 - float(shares @ shares))
            judged = np.where(chance.random(230) < known, truth, guess)
            people: dict[str, Preference] = {f"t{i:03}": WORD[int(truth[i])] for i in range(30)}
            judge: dict[str, Preference] = {f"t{i:03}": WORD[int(judged[i])] for i in range(230)}
            found = join(people, judge, alpha=0.05)
            if isinstance(found, Joined):
                told += 1
                held += found.net.low <= 0.15 <= found.net.high
        what = f"joined estimate, 30 votes of 230 judged, agreement {agree}: coverage"
        yield what, f"{percent(held / told)} of {told:,}", "93 to 97 %", 0.93 <= held / told <= 0.97


ROWS: tuple[Callable[[int], Iterator[Row]], ...] = (
    false_alarms,
    wrong_by_scores,
    against_a_clear_side,
    power,
    promises,
    calibration,
    by_length,
    level_at_its_margin,
    coverage,
)


def main(draws: int = DRAWS) -> int:
    """Print the table; 1 where a bar is not kept."""
    kept = True
    print(f"{draws:,} draws each\n")
    print(f"{'what':<72} {'measured':>18} {'bar':>18}")
    for rows in ROWS:
        for what, measured, bar, good in rows(draws):
            kept &= good
            print(f"{what:<72} {measured:>18} {bar:>18} {'' if good else '  MISSED'}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS))
