"""The twelve questions as the reader sees them: wording, choices, and the brief's key for each.

The use-case page draws this list; the report words a stored value with `label`, or with `clause`
within a sentence. An answer that is left open is None: don't know.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.case.brief import Brief
from pricing.regions import CHOICES, REGION_NAMES


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: the value the brief holds, and its words."""

    value: str | int | bool
    label: str
    clause: str = ""
    """The same within a sentence; "" where no sentence says it."""


ChoiceWords = str | tuple[str, str]
"""An answer's label; or its label and its clause."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question with fixed answers; `many` allows several."""

    number: int
    key: str
    short: str
    """Its name where there is no room for the text."""
    text: str
    choices: tuple[Choice, ...]
    help: str = ""
    many: bool = False


def _q(
    number: int,
    key: str,
    short: str,
    text: str,
    choices: Mapping[str, ChoiceWords] | Mapping[int, ChoiceWords] | Mapping[bool, ChoiceWords],
    hint: str = "",
    *,
    many: bool = False,
) -> Question:
    worded = tuple(
        Choice(value, words) if isinstance(words, str) else Choice(value, *words)
        for value, words in choices.items()
    )
    return Question(number, key, short, text, worded, hint, many)


NOTHING = "nothing"
"""The choice that stands for an empty list in a question with several answers."""

QUESTIONS: tuple[Question, ...] = (
    _q(
        2,
        "stage",
        "Stage",
        "Where are you today?",
        {
            "idea": "Only an idea",
            "base_in_use": "A model with an instruction is in use",
            "tuned_on_trial": "A fine-tuned model is on trial",
            "tuned_live": "A fine-tuned model is live",
        },
    ),
    _q(
        3,
        "tried",
        "What you tried",
        "What have you tried? Tick all.",
        {
            NOTHING: ("Nothing", "nothing"),
            "prompt": ("A careful instruction", "an instruction"),
            "few_shot": ("A few good examples in it", "examples"),
            "retrieval": ("Looking up our documents", "looking up"),
        },
        "Each of these costs hours, not weeks, and often makes fine-tuning unnecessary.",
        many=True,
    ),
    _q(
        4,
        "gap",
        "Best of these",
        "How good was the best of these?",
        {
            "good_enough": ("Use as it is", "used as it is"),
            "small_edits": ("Small edits", "small edits needed"),
            "not_good": ("Not good enough", "not good enough"),
        },
        "Skip this if nobody checked.",
    ),
    _q(
        5,
        "training_pairs",
        "Approved answers",
        "How many texts have an answer an expert approved?",
        {0: "Under 10", 10: "10–49", 50: "50–199", 200: "200–999", 1000: "1,000 or more"},
        "Pairs of a text and the answer you would send. Documents alone don't count: a model "
        "learns a task from examples of the task done well.",
    ),
    _q(
        6,
        "training_permission",
        "Permission to train",
        "May those approved answers be used to train a model?",
        {
            "yes": "Yes, confirmed",
            "nothing_personal": "Nothing personal in them",
            "not_asked": "Not asked yet",
            "no": "No",
        },
    ),
    _q(
        7,
        "data_may_go",
        "Where texts may go",
        "Where may the texts go?",
        {
            "any_vendor": ("Any vendor", "any vendor"),
            "under_contract": ("Vendors under contract", "vendors under contract"),
            "region": ("Only in these regions", "some regions"),
            "own_or_rented": ("Only our own or rented machines", "your own or rented machines"),
            "own_machines": ("Only our own machines", "your own machines"),
        },
        "This binds every option, base models too. We never recommend one that breaks it.",
    ),
    _q(
        7,
        "regions",
        "Regions",
        "Which regions?",
        {str(code): REGION_NAMES[code] for code in CHOICES},
        many=True,
    ),
    _q(
        7,
        "can_host",
        "Own GPU",
        "Could you run a model on a GPU of your own, rented or bought?",
        {True: "Yes", False: "No"},
    ),
    _q(
        9,
        "error_cost",
        "Cost of a wrong answer",
        "What does a wrong answer cost?",
        {
            "low": ("Quickly fixed", "a wrong answer is quickly fixed"),
            "medium": ("Time or money", "a wrong answer costs time or money"),
            "high": (
                "Harms a customer or concerns a regulator",
                "a wrong answer harms a customer or concerns a regulator",
            ),
        },
        "It never argues for or against fine-tuning. It sets how much proof is asked for.",
    ),
    _q(
        9,
        "human_check",
        "Checked by a person",
        "Does someone read each answer first?",
        {
            "always": ("Yes, each", "a person reads every answer before it is used"),
            "spot": ("Spot checks", "a person reads some answers before they are used"),
            "never": ("No", "no person reads the answers before they are used"),
        },
    ),
    _q(
        10,
        "fact_change",
        "Facts",
        "Where do the facts in an answer come from?",
        {
            "in_text": ("All in the text I hand over", "all facts are in the text handed over"),
            "weekly": ("Elsewhere, changing weekly", "facts change weekly"),
            "monthly": ("Elsewhere, monthly", "facts change monthly"),
            "quarterly": ("Elsewhere, every few months", "facts change every quarter"),
            "yearly": ("Elsewhere, yearly", "facts change once a year"),
            "never": ("Elsewhere, hardly ever", "facts hardly ever change"),
        },
        "Fine-tuning teaches form and task. Facts that change are looked up, not trained.",
    ),
    _q(
        11,
        "strictness",
        "Exactness",
        "How exact must the result look?",
        {
            "loose": ("Free wording", "free wording"),
            "some": ("House style and terms", "some fixed terms or style"),
            "strict": (
                "Fixed fields a system reads, or a strict style",
                "fixed style, terms or fields",
            ),
        },
    ),
    _q(
        11,
        "task_change",
        "Changes of the task",
        "How often does the required format change?",
        {
            "monthly": ("Monthly", "the task changes monthly"),
            "quarterly": ("Quarterly", "the task changes every quarter"),
            "yearly": ("Yearly", "the task changes once a year"),
            "frozen": ("It is fixed", "the task is frozen"),
        },
        "Each change means training again.",
    ),
)

SUBJECTS = {
    1: "the use case",
    2: "where you are today",
    3: "what was tried",
    4: "how good the best was",
    5: "approved answers",
    6: "permission to train",
    7: "where texts may go",
    8: "vendors under contract",
    9: "cost of a wrong answer",
    10: "where the facts come from",
    11: "how exact it must look",
    12: "texts a month",
}
"""What each of the twelve asks about, by its number, as an item of a list."""

WEIGHED = ("tried", "gap", "training_pairs", "fact_change", "strictness", "task_change")
"""Keys whose answers stand among the lean's signals."""

BASE_KIND = _q(
    1,
    "base_kind",
    "Compared with",
    "Which base model do you mean?",
    {
        "general": "The best general model I can buy",
        "same_size": "A chat model of the tuned model's size",
        "raw": "A raw model, never taught to chat",
    },
    "A fine-tuned model nearly always beats a raw model, often a chat model of its own size, and "
    "the best general model only on narrow tasks.",
)


def short(key: str) -> str:
    """The question's short name."""
    return next(q.short for q in (*QUESTIONS, BASE_KIND) if q.key == key)


def label(key: str, value: object) -> str:
    """The reader's words for a stored value; "not answered" for None."""
    if value is None:
        return "not answered"
    question = next(q for q in (*QUESTIONS, BASE_KIND) if q.key == key)
    if key == "training_pairs":
        return f"{value:,}"
    if isinstance(value, tuple):
        words = [choice.label for choice in question.choices if choice.value in value]
        return ", ".join(words) if words else "Nothing"
    return next(choice.label for choice in question.choices if choice.value == value)


def clause(key: str, value: object) -> str:
    """The reader's words for a stored value, within a sentence; "" for None."""
    if value is None:
        return ""
    question = next(q for q in QUESTIONS if q.key == key)
    return next(choice.clause for choice in question.choices if choice.value == value)


def said(brief: Brief) -> tuple[tuple[str, str], ...]:
    """Name and answer of each question answered that the lean does not weigh, in page order."""
    return tuple(
        (question.short, label(question.key, getattr(brief, question.key)))
        for question in (BASE_KIND, *QUESTIONS)
        if question.key not in WEIGHED and getattr(brief, question.key) is not None
    )
