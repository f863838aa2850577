"""Near-duplicates and leakage: the pairs a comparison of each with each would find, and no others."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.case.texts import Prompt
from advisor.training.formats.detect import read_row
from advisor.training.leakage import find_leaks
from advisor.training.lines import example_of
from advisor.training.rules import load_training_rules
from advisor.training.similar import crowds, groups_of, holders, near_ones, near_pairs, plain
from tests.training.files import chat, pair

RULES = load_training_rules().similar
WORDS = [f"word{i}" for i in range(400)]


def words(n: int, seed: int) -> str:
    return " ".join(random.Random(seed).sample(WORDS, n))


def near(*texts: str) -> list[tuple[int, int]]:
    return sorted(near_pairs(groups_of([plain(text) for text in texts], RULES), RULES))


def leaks(prompts: list[str], rows: list[dict]) -> list[tuple[str, int, bool]]:
    examples = [example_of(read_row(row, i), i, len) for i, row in enumerate(rows, start=1)]
    given_ = [Prompt(id=f"p{i}", text=text) for i, text in enumerate(prompts, start=1)]
    return [(leak.prompt_id, leak.line, leak.exact) for leak in find_leaks(given_, examples, RULES)]


def test_plain_sets_case_blanks_and_punctuation_aside():
    assert plain("  Where is\nmy ORDER?! ") == "where is my order"
    assert plain("Größe – 12,5 kg") == "größe 12 5 kg"
    assert plain("予約を変更") == "予 約 を 変 更"
    assert plain("?!") == "?!"


def test_one_word_changed_in_thirty_is_near_and_ten_are_not():
    # 28 groups of three; one word in the middle changes three of them: 25 / 31 = 0.81 in common
    text = words(30, 1).split()
    one = [*text[:15], "other", *text[16:]]
    ten = [word if i % 3 else "other" for i, word in enumerate(text)]
    assert near(" ".join(text), " ".join(one)) == [(0, 1)]
    assert near(" ".join(text), " ".join(ten)) == []


def test_short_texts_are_compared_by_letters():
    assert near("How do I reset my password?", "how do i reset my passwords") == [(0, 1)]
    assert near("How do I reset my password?", "Where can I see my invoice?") == []


def test_texts_without_spaces_are_compared_too():
    text = "予約を来週の火曜日の午後三時に変更してください。よろしくお願いします。"
    assert near(text, text.replace("三", "四") + "。") == [(0, 1)]


def test_a_crowd_is_one_crowd_and_takes_no_square_of_time():
    text = words(60, 2)
    same = [f"{text} {i}" for i in range(5_000)]
    found = crowds(near_pairs(groups_of(same, RULES), RULES))
    assert [len(crowd) for crowd in found] == [5_000]


def test_pairs_just_over_the_threshold_are_found_as_each_with_each_finds_them():
    chance = random.Random(3)
    texts = []
    for seed in range(150):
        base = words(60, seed).split()
        other = list(base)
        for at in chance.sample(range(60), chance.randint(0, 6)):
            other[at] = f"new{at}"
        texts += [" ".join(base), " ".join(other)]
    sets = [set(zip(t.split(), t.split()[1:], t.split()[2:], strict=False)) for t in texts]
    truth = {
        (i, j)
        for i in range(len(texts))
        for j in range(i + 1, len(texts))
        if len(sets[i] & sets[j]) / len(sets[i] | sets[j]) >= RULES.near
    }
    found = set(near(*texts))
    assert found <= truth
    assert len(truth) > 50
    assert len(found) >= 0.97 * len(truth)


def test_a_text_without_a_blank_is_one_word_and_costs_no_more_than_others():
    sets = groups_of(["a" * 3_000_000, "b" * 3_000_000, "a" * 3_000_000], RULES)
    assert [len(groups) for groups in sets] == [1, 1, 1]
    assert list(near_pairs(sets, RULES)) == [(0, 2)]


@settings(max_examples=50)
@given(st.lists(st.text(max_size=40), max_size=8))
def test_a_text_is_near_itself_whatever_it_holds(texts):
    sets = groups_of([plain(text) for text in texts], RULES)
    assert near_ones(sets, sets, RULES).keys() == set(range(len(texts)))


def test_crowds_join_what_is_near_to_one_of_them():
    assert crowds([(4, 1), (2, 3), (4, 7)]) == ((1, 4, 7), (2, 3))
    assert crowds([]) == ()


def test_a_text_within_a_longer_one_is_held():
    inner, other = words(20, 4), words(20, 5)
    long = f"Summarise this please {inner} and keep it short"
    assert holders([plain(inner), plain(other)], [plain(words(50, 6)), plain(long)], RULES) == {
        0: 1
    }


def test_boilerplate_points_to_nobody():
    head = words(30, 7)
    rows = [pair(f"{head} case {i} {words(4, i)}", "x") for i in range(300)]
    assert leaks([f"{head} and then something quite else, which nobody has asked"], rows) == []


def test_exact_near_and_held_prompts_are_leaked_and_others_are_not():
    text = words(30, 8)
    rows = [
        pair("Reset my password", "Click here."),
        chat(f"Answer this: {text}", "Yes."),
        pair("Where can I find my invoices", "There."),
    ]
    prompts = ["reset my PASSWORD!", text, "where can I find my invoice?", words(30, 9), "Hello"]
    assert leaks(prompts, rows) == [("p1", 1, True), ("p2", 2, False), ("p3", 3, False)]


def test_every_turn_of_a_user_is_looked_at_and_no_answer():
    turns = chat("First question of all", "Well")["messages"]
    row = {
        "messages": [
            *turns,
            *chat("Second question of all", "An answer of some length")["messages"],
        ]
    }
    asked = ["second question of all", "An answer of some length"]
    assert leaks(asked, [row]) == [("p1", 1, True)]


@pytest.mark.parametrize(("prompts", "rows"), [([], [pair("a", "b")]), (["a"], [])])
def test_nothing_is_leaked_where_there_is_nothing(prompts, rows):
    assert leaks(prompts, rows) == []
