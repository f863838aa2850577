"""Guards: what speaks against the option that is ahead, and answers that are none."""

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case, RunSettings
from advisor.case.case_file import load_sample
from advisor.case.checks import Checks
from advisor.case.texts import Prompt
from advisor.evidence.metrics import METRICS, Asked
from advisor.evidence.model import Output, Vote
from advisor.evidence.notes import Note
from advisor.evidence.scores import score_table
from tests.evidence.cases import WHOLE, gather_evidence, in_blocks, sample_answers

NOTES = Brief(
    use_case="domain_summarization", training_pairs=67, stage="tuned_on_trial", together=False
)
TEXT, NOTE = "a visit of andrew, 59", "Andrew is 59."


def voted_on(base, tuned, wins, losses, checks=None):
    """Votes on answers made by (number of the prompt) -> text."""
    preferences = in_blocks(wins, losses)
    prompts = tuple(
        Prompt(id=f"p{i:03}", text=f"{TEXT} no. {i}", reference=NOTE)
        for i in range(len(preferences))
    )
    case = Case(title="Notes", brief=NOTES, prompts=prompts, checks=checks or Checks())
    outputs = [
        Output(p.id, arm, 0, "answered", text(i))
        for i, p in enumerate(prompts)
        for arm, text in (("base", base), ("tuned", tuned))
    ]
    votes = [Vote(p.id, said) for p, said in zip(prompts, preferences, strict=True)]
    return gather_evidence(case, outputs, votes, **WHOLE)


def plain(i):
    return f"Visit {i}: Andrew is 59."


def made_up(n):
    """Invents a name in the first n answers."""
    return lambda i: f"Visit {i}: Andrew {'Taylor' if i < n else ''} is 59."


# Invented names and numbers


def test_invented_names_of_the_better_arm_are_a_trade_off():
    found = voted_on(plain, made_up(14), 35, 5)
    assert (found.word, found.favours) == ("trade_off", "tuned")
    assert found.guards == (Note("invented_in_all", (14, 0)),)
    assert found.notes[-1] == Note("worse_by_guard", (14, 0), "tuned", "invented")


def test_it_is_the_same_for_base():
    found = voted_on(made_up(14), plain, 5, 35)
    assert (found.word, found.favours) == ("trade_off", "base")
    assert found.notes[-1] == Note("worse_by_guard", (14, 0), "base", "invented")


@pytest.mark.parametrize(
    ("base", "tuned"),
    [
        pytest.param(0, 5, id="5 to 0 may be chance: p = 2 / 32"),
        pytest.param(20, 20, id="as many"),
        pytest.param(14, 0, id="the other one invents"),
    ],
)
def test_what_does_not_speak_against_the_better_arm(base, tuned):
    assert voted_on(made_up(base), made_up(tuned), 35, 5).word == "decides"


def test_nothing_is_invented_where_there_is_no_approved_answer():
    case = Case(title="Chat", brief=NOTES, prompts=(Prompt(id="p", text="who was first?"),))
    outputs = [Output("p", arm, 0, "answered", "Then came Armstrong, 1969.") for arm in ("base",)]
    assert score_table(case, outputs, ["invented"]) == {"invented": {}}


# Facts that must be there


def test_facts_left_out_by_the_better_arm_are_a_trade_off():
    checks = Checks(must_have=("Andrew",), must_have_by_text={"p000": ("59",)})
    found = voted_on(plain, lambda i: f"Visit {i}: he is 59." if i < 9 else plain(i), 35, 5, checks)
    assert (found.word, found.favours) == ("trade_off", "tuned")
    assert found.guards == (Note("left_out_in_all", (41, 9, 0)),)
    assert found.notes[-1] == Note("worse_by_guard", (9, 0), "tuned", "left_out")


# The clinic sample


def test_the_clinic_sample_does_not_decide_and_says_what_was_made_up():
    case = load_sample("clinic_notes")
    outputs = [
        Output(p, arm, 0, "answered", text)
        for (p, arm), text in sample_answers("clinic_notes").items()
    ]
    found = gather_evidence(case, outputs, **WHOLE)
    assert found.word == "not_enough"
    assert (round(found.base_chars), round(found.tuned_chars)) == (1695, 2546)
    assert found.guards == (Note("invented_in_all", (125, 59)),)


# Answers that are none

SAME = "I am glad to help. The patient is well and will follow up in two weeks."


@pytest.mark.parametrize("source", ["votes", "metric"])
@pytest.mark.parametrize(
    "control",
    [
        pytest.param(lambda p: SAME, id="the same for all"),
        pytest.param(lambda p: "", id="empty"),
        pytest.param(lambda p: p.text, id="the text itself"),
        pytest.param(lambda p: f"  {p.text.upper()}\n", id="the text, dressed up"),
    ],
)
@pytest.mark.parametrize("arm", ["base", "tuned"])
def test_no_answer_wins_whoever_prefers_it(source, control, arm):
    # The other arm is worse than nothing, and voters are charmed.
    settings = RunSettings(primary_metric="token_f1")
    prompts = tuple(
        Prompt(id=f"p{i}", text=f"patient number {i} of ward {i + 7}", reference=f"Ward {i + 7}.")
        for i in range(60)
    )
    case = Case(title="Notes", brief=NOTES, prompts=prompts, run=settings)
    other = "tuned" if arm == "base" else "base"
    outputs = [Output(p.id, arm, 0, "answered", control(p)) for p in prompts]
    outputs += [Output(p.id, other, 0, "answered", f"xyz{p.id}") for p in prompts]
    votes = [Vote(p.id, arm) for p in prompts] if source == "votes" else []
    found = gather_evidence(case, outputs, votes, **WHOLE)
    assert found.source == source
    assert found.word != "decides"
    if source == "votes":
        assert "no_answers" in {note.kind for note in found.notes}


def test_the_same_label_for_the_same_question_is_no_fault():
    prompts = tuple(Prompt(id=f"p{i}", text="is it so?", reference="yes") for i in range(40))
    case = Case(title="Labels", brief=NOTES, prompts=prompts)
    outputs = [
        Output(p.id, arm, 0, "answered", text)
        for p in prompts
        for arm, text in (("base", f"no {p.id}"), ("tuned", "yes"))
    ]
    assert gather_evidence(case, outputs, **WHOLE).word == "decides"


PRIMARY = [key for key, found in METRICS.items() if found.primary]


def calls_of(order):
    """An answer that looks one order up."""
    return f'[{{"name": "order_status", "arguments": {{"order": {order}}}}}]'


def task(key):
    """(text, approved answer, a fair answer) of ten tasks of the kind a metric is for."""
    if key in ("label_accuracy", "exact_match", "normalised_match"):
        labels = ["refund", "complaint", "delivery", "praise", "invoice"] * 2
        return [
            (f"letter {i} about a {label}", label, label if i < 7 else "refund")
            for i, label in enumerate(labels)
        ]
    if key == "field_accuracy":
        return [
            (f"order {i} of {i + 3} pens", f'{{"n": {i}, "q": {i + 3}}}', f'{{"n": {i}, "q": 0}}')
            for i in range(10)
        ]
    if key == "same_calls":
        orders = [(f"where is order {i}?", calls_of(i)) for i in range(10)]
        return [
            (text, calls, calls if i < 7 else calls_of(0)) for i, (text, calls) in enumerate(orders)
        ]
    case, answers = load_sample("clinic_notes"), sample_answers("clinic_notes")
    return [(p.text, p.reference, answers[p.id, "base"]) for p in case.prompts[:10]]


@pytest.mark.parametrize("key", PRIMARY)
def test_no_metric_that_may_decide_is_won_by_a_constant_or_a_copy(key):
    tasks = task(key)
    checks = Checks(labels=("refund", "complaint", "delivery", "praise", "invoice"))

    def mean(answers):
        return sum(
            METRICS[key].of(given, Asked(str(i), text, reference, checks, calls=reference))
            for i, (given, (text, reference, _)) in enumerate(zip(answers, tasks, strict=True))
        ) / len(tasks)

    fair = mean([fair for _, _, fair in tasks])
    controls = {
        "empty": [""] * 10,
        "a sentence": [SAME] * 10,
        "all labels": [" ".join(checks.labels)] * 10,
        "the text": [text for text, _, _ in tasks],
        "another approved answer": [tasks[(i + 1) % 10][1] for i in range(10)],
        "one approved answer": [tasks[0][1]] * 10,
    }
    for name, answers in controls.items():
        assert mean(answers) < fair, name


# Sides that are level


def level(tuned, base, checks, texts=40):
    """Every text a draw."""
    prompts = tuple(Prompt(id=f"p{i:03}", text=f"{TEXT} no. {i}") for i in range(texts))
    case = Case(title="Notes", brief=NOTES, prompts=prompts, checks=checks)
    outputs = [
        Output(p.id, arm, 0, "answered", text(i))
        for i, p in enumerate(prompts)
        for arm, text in (("base", base), ("tuned", tuned))
    ]
    return gather_evidence(case, outputs, [Vote(p.id, "tie") for p in prompts], **WHOLE)


FACTS = Checks(must_have=("fever", "cough"))


def holding(fever, cough):
    """The first answers hold the one, the first ones the other."""
    return lambda i: f"{i} {'fever' if i < fever else ''} {'cough' if i < cough else ''}"


def test_level_sides_of_which_one_leaves_out_facts_are_a_trade_off():
    """Of 80 facts fine-tuned leaves out 28, base 16: 12 more, and 15 % of 80 are 12."""
    found = level(holding(40, 12), holding(40, 24), FACTS)
    assert (found.word, found.favours) == ("trade_off", None)
    assert found.notes == (Note("level_but_worse", (28, 16, 80), "tuned", "left_out"),)
    swapped = level(holding(40, 24), holding(40, 12), FACTS)
    assert (swapped.word, swapped.notes[0].side) == ("trade_off", "base")


def test_level_sides_that_leave_out_nearly_the_same_are_as_good():
    """5 texts of 40 differ: 5 of 80 facts, and p = 2 / 32."""
    assert level(holding(40, 19), holding(40, 24), FACTS).word == "no_difference"


def test_many_more_facts_left_out_are_significant_within_the_margin():
    """10 texts of 40 differ, all one way: 10 of 80 facts are 12.5 %, and p = 2 / 1,024."""
    assert level(holding(40, 14), holding(40, 24), FACTS).word == "trade_off"


def test_level_sides_of_which_one_invents_names_are_a_trade_off():
    prompts = tuple(
        Prompt(id=f"p{i:03}", text=f"{TEXT} no. {i}", reference=NOTE) for i in range(40)
    )
    case = Case(title="Notes", brief=NOTES, prompts=prompts)
    outputs = [
        Output(p.id, arm, 0, "answered", text(i))
        for i, p in enumerate(prompts)
        for arm, text in (("base", plain), ("tuned", made_up(6)))
    ]
    found = gather_evidence(case, outputs, [Vote(p.id, "tie") for p in prompts], **WHOLE)
    assert (found.word, found.favours) == ("trade_off", None)
    assert found.notes[-1] == Note("level_but_worse", (6, 0), "tuned", "invented")


def test_a_constant_answer_is_said_of_the_side_that_loses_too():
    prompts = tuple(Prompt(id=f"p{i}", text=f"message {i}", reference=f"{i}") for i in range(48))
    case = Case(title="Labels", brief=NOTES, prompts=prompts)
    outputs = [
        Output(p.id, arm, 0, "answered", text, finish_reason=ended)
        for p in prompts
        for arm, text, ended in (("base", "billing", "length"), ("tuned", f"no {p.id}", "stop"))
    ]
    found = gather_evidence(case, outputs, [Vote(p.id, "tuned") for p in prompts], **WHOLE)
    assert (found.word, found.favours) == ("not_enough", None)
    assert Note("no_answers", side="base", why="constant") in found.notes
    # Cut off are the base's answers, and none of the other's.
    assert [n for n in found.notes if n.kind == "cut_off"] == [Note("cut_off", (48, 48), "base")]


def test_level_sides_of_which_one_does_not_answer_are_not_as_good():
    found = level(lambda i: "I can help with that.", holding(40, 40), Checks())
    assert found.word == "not_enough"
    assert found.notes[-1] == Note("no_answers", side="tuned", why="constant")
