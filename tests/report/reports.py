"""Reports made by hand, figures invented: what the PDF is tested with."""

from dataclasses import replace
from datetime import UTC, date, datetime

from advisor.report.first_page_values import (
    FirstPage,
    Line,
    MoneyLine,
    SpendLine,
    SpendPicture,
    Unknown,
)
from advisor.report.how import how_it_is_computed
from advisor.report.model import (
    CostRow,
    EvidenceBlock,
    Excerpt,
    Figure,
    Reason,
    Report,
    SignalRow,
    Source,
)
from advisor.verdict.rules import load_rules

OPENAI_PRICES = Source(
    "OpenAI, prices of models",
    "https://openai.com/api/pricing/",
    date(2026, 11, 20),
)
AZURE_RETIREMENT = Source(
    "Azure, dates on which models stop",
    "https://learn.microsoft.com/en-us/azure/foundry/openai/concepts/model-retirement-schedule",
    date(2026, 11, 20),
)
AZURE_PRICES = Source(
    "Azure, prices of fine-tuned models",
    "https://azure.microsoft.com/en-us/pricing/details/cognitive-services/openai-service/",
    date(2026, 11, 20),
    "Region East US 2.",
)
ACI_BENCH = Source(
    "ACI-Bench: visits, notes and recorded answers",
    "https://github.com/wyim/aci-bench",
    date(2026, 11, 18),
    "CC BY 4.0.",
)
RECORDED_TEST = Source("The test in this case, 40 texts")
PRACTICE = Source(
    "Van Veen et al., Nature Medicine 2024",
    "https://doi.org/10.1038/s41591-024-02855-5",
    date(2026, 11, 18),
)

LEGAL = (
    Line("Texts in this document", "3 texts of the sample with both answers; none of your own."),
    Line("Who received the texts", "Nobody: the answers were recorded before and are replayed."),
    Line("Where they may go", "Vendors under contract, as answered in this case."),
    Line("Personal data", ""),
    Line("Permission to train", "Yes, confirmed, as answered in this case. Given by, on:"),
)
SIGNED = (
    Line("Decided by", ""),
    Line("On", ""),
    Line("Look again on, at the latest 19 Jan 2027", ""),
)
PLAN = FirstPage(
    kind="plan",
    request="I ask you to approve finding out first, before more money goes into fine-tuning.",
    director=(
        Line("Rule of thumb", "Base, for now. 22 of 37 clear choices went to fine-tuned."),
        Line("To find out", "About $0.31 of model use and about 2 hours for each reader."),
        Line("Until then", "The fine-tuned model stays on trial; no further training is bought."),
        Line("Valid until", "19 Jan 2027: refresh the prices then."),
    ),
    unknowns=(
        Unknown("Which option answers better", "46 more texts, compared blind", "about $0.31"),
        Unknown("Whether examples are enough", "40 answers with five examples", "about $0.30"),
        Unknown("What correcting a note costs", "Time ten corrections", "About an hour"),
    ),
    signed=SIGNED,
    money=(
        MoneyLine(
            "base",
            "Base as it is",
            "none",
            "$34",
            "$413",
            "$330",
            "$496",
            "not counted",
            "List price; paid by use, nothing fixed",
            27.5,
            41.3,
        ),
        MoneyLine(
            "base_examples",
            "Base with examples",
            "none",
            "$166",
            "$1,992",
            "$1,594",
            "$2,390",
            "not counted",
            "List price; paid by use, nothing fixed",
            132.8,
            199.2,
        ),
        MoneyLine(
            "tuned",
            "Fine-tuned",
            "$60",
            "$1,241",
            "$13,643",
            "$13,200",
            "$14,080",
            "not counted",
            "List price; hosting is paid by the hour until you end it",
            1233.0,
            1316.0,
        ),
    ),
    money_notes=(
        "It never pays back. The tuned model stops on 14 Oct 2027.",
        "Low and high: a fifth fewer or more texts a month.",
    ),
    legal=LEGAL,
    not_advice="This is not legal advice.",
    spend=SpendPicture(
        currency="USD",
        lines=(
            SpendLine("base", "Base", (0.0, 5.0, 10.7), (0.0, 172.0, 368.0), "$368"),
            SpendLine(
                "tuned", "Fine-tuned", (0.0, 5.0, 10.7), (60.0, 6_265.0, 13_643.0), "$13,643"
            ),
        ),
        ticks=((0.0, "$0"), (5_000.0, "$5,000"), (10_000.0, "$10,000"), (15_000.0, "$15,000")),
        stop="tuned model stops 14 Oct 2027",
        said="Spent in all after 10.7 months: base $368 and fine-tuned $13,643.",
    ),
)

CLINIC = Report(
    title="Clinic visit notes",
    made_at=datetime(2026, 11, 22, 10, 30, tzinfo=UTC),
    today=date(2026, 11, 22),
    sample_note="Sample, not your data. Recorded in 2023.",
    recommendation="base",
    firmness="leaning",
    headline="Base, for now.",
    firmness_label="Leaning",
    summary=(
        "Stay with the base model and give it five approved notes as examples. Of 40 visits, 22 "
        "notes were closer to the clinician's from the fine-tuned model and 15 from the base "
        "model, 3 showed no difference: too few texts to tell, not a draw. When the test cannot "
        "tell, the cheaper and simpler option stays."
    ),
    line="Suggested: base.",
    rests_on="9 of 12 questions · 40 texts",
    figures=(
        Figure("Clear choices for fine-tuned", "22 of 37", "likely range 43 to 74 % (Wilson)"),
        Figure("Base, a month", "$34", "all-in over 12 months of use"),
        Figure("Fine-tuned, a month", "$1,275", "all-in over 10.7 months of use"),
        Figure("To settle it", "46 more texts", "80 % power at a true win rate of 70 %"),
    ),
    reasons=(
        Reason(
            "Quality",
            "Of 37 clear choices 22 went to fine-tuned and 15 to base. Longer notes score higher "
            "on this measure, and the fine-tuned notes are 50 % longer.",
            RECORDED_TEST,
        ),
        Reason(
            "Money",
            "Fine-tuned costs $1,241 more a month at 4,000 notes, nearly all of it hosting. It "
            "never pays back through the price of a text.",
            AZURE_PRICES,
        ),
        Reason(
            "Practice",
            "For summaries of clinical text, large base models with a few examples matched or beat "
            "fine-tuned small ones in the one study with blinded physicians.",
            PRACTICE,
        ),
        Reason(
            "Access",
            "OpenAI no longer takes new customers for fine-tuning. Azure still does; a model tuned "
            "there now stops on 14 Oct 2027.",
            AZURE_RETIREMENT,
        ),
    ),
    missing=(
        "Nobody has said whether the notes may be used to train a model.",
        "You have not tried examples in the instruction.",
        "Minutes to correct a note are not known, so people's time is left out of the money.",
    ),
    changes=(
        "46 more texts, if 7 of 10 clear choices still go to fine-tuned.",
        "More than 61,000 notes a month: then hosting is spread thin enough to pay back.",
        "6 minutes less correcting on every tenth note at $60 an hour.",
        "A base model that costs 38 times as much as today's.",
    ),
    next_step=(
        "Run the same 40 visits through the base model with five approved notes as examples: 40 "
        "answers, about $0.31, four minutes. It is ready to start on the page Compare."
    ),
    costs=(
        CostRow(
            arm="base",
            option="Base",
            model="gpt-6-luna",
            per_request="$0.0086",
            first_month="$34",
            all_in_month="$34",
            training="none",
            hosting_month="none",
            total="$413",
            basis="list price",
            all_in_month_usd=34.4,
            until="no stop date published",
        ),
        CostRow(
            arm="base_examples",
            option="Base with examples",
            model="gpt-6-luna",
            per_request="$0.0415",
            first_month="$166",
            all_in_month="$166",
            training="none",
            hosting_month="none",
            total="$1,992",
            basis="list price",
            all_in_month_usd=166.0,
            until="no stop date published",
        ),
        CostRow(
            arm="tuned",
            option="Fine-tuned",
            model="gpt-4.1-mini on Azure",
            per_request="$0.0072",
            first_month="$1,304",
            all_in_month="$1,275",
            training="$34",
            hosting_month="$1,241",
            total="$13,681",
            basis="list price",
            all_in_month_usd=1275.2,
            until="stops on 14 Oct 2027",
        ),
    ),
    cost_note=(
        "For 4,000 notes a month over 12 months; fine-tuned over 10.7 months, until it stops. It "
        "does not pay back at this volume. List prices without tax."
    ),
    evidence=EvidenceBlock(
        heading="Your own test: 40 texts",
        sentences=(
            "22 texts went to fine-tuned, 15 to base, 3 showed no difference.",
            "22 of 37 clear choices is 59 %; the likely range, 43 to 74 %, includes an even split.",
            "Fine-tuned notes are longer (2,546 characters against 1,695), and length alone moves "
            "this measure.",
            "46 more texts would settle it if 7 of 10 clear choices go to the better one.",
        ),
        base_wins=15,
        ties=3,
        tuned_wins=22,
        judged_by="Compared by overlap of words with the approved note (ROUGE-1); nobody voted.",
        analyst=(
            ("Main measure", "ROUGE-1 F, margin 0.01"),
            ("Mean, base / tuned", "0.539 / 0.552"),
            ("Exact sign test", "p = 0.32"),
            ("e-value, largest so far", "0.61, 20 needed"),
            ("Equal within ±0.15 (TOST)", "not shown, p = 0.47"),
            ("Length-controlled", "54 %"),
            ("Clusters", "40 of 40 visits"),
        ),
    ),
    score=-36.3,
    signals=(
        SignalRow("What practice says", "summarise our own documents", 25, -1, -25),
        SignalRow("Approved answers", "67 pairs", 20, -0.8, -15.8),
        SignalRow("Tried and still short", "a careful instruction: small edits", 15, 0, 0),
        SignalRow("How fast facts change", "all in the text handed over", 15, 0.3, 4.5),
        SignalRow("How exact the result", "house style and terms", 10, 1, 10),
        SignalRow("Cost", "fine-tuned dearer", 10, -1, -10),
        SignalRow("How often the task changes", "not answered", 5, None, 0),
    ),
    caps=("Examples in the instruction were not tried: your answers can suggest at most +19.",),
    gates=(),
    excerpts=(
        Excerpt(
            prompt_id="D2N088",
            prompt=(
                "[doctor] hi, andrew. how are you?\n[patient] hey, good to see you.\n[doctor] so, "
                "i know the nurse told you about dax. andrew is a 59-year-old male with a past "
                "medical history significant for depression, type two diabetes, and hypertension "
                "who presents today with an upper respiratory infection …"
            ),
            base=(
                "Patient Name: Andrew\nAge: 59\nMedical History: depression, type 2 diabetes, "
                "hypertension\nChief Complaint: upper respiratory infection\nHistory of Present "
                "Illness: Andrew started to feel tired and short of breath while doing yard work. "
                "He has had both doses of the vaccine and has no history of seasonal allergies …"
            ),
            tuned=(
                "CHIEF COMPLAINT\nUpper respiratory infection.\nHISTORY OF PRESENT ILLNESS\nAndrew "
                "Campbell is a 59-year-old male with a past medical history significant for "
                "depression, type 2 diabetes, and hypertension who presents today with an upper "
                "respiratory infection. The patient reports shortness of breath on exertion …"
            ),
            base_chars=1_482,
            tuned_chars=2_731,
            preference="chose fine-tuned",
        ),
        Excerpt(
            prompt_id="D2N094",
            prompt=(
                "[doctor] hey, how are you doing today?\n[patient] i'm doing okay. my knee has "
                "been bothering me since i slipped on the ice about two weeks ago …"
            ),
            base=(
                "Reason for visit: right knee pain after a fall on ice two weeks ago. Swelling in "
                "the first days, now better. Takes ibuprofen as needed. No locking, no giving way …"
            ),
            tuned=(
                "CHIEF COMPLAINT\nRight knee pain.\nHISTORY OF PRESENT ILLNESS\nThe patient "
                "presents with left knee pain after slipping on ice. He denies swelling …"
            ),
            base_chars=1_204,
            tuned_chars=2_118,
            preference="chose base",
        ),
        Excerpt(
            prompt_id="D2N101",
            prompt=(
                "[doctor] good morning, ms. wright. so you're here for the follow-up of your blood "
                "pressure?\n[patient] yes, and my readings at home were mostly in the 140s …"
            ),
            base=(
                "Follow-up of hypertension. Home readings mostly 140 to 149 systolic. Lisinopril "
                "raised from 10 to 20 mg. Basic metabolic panel in two weeks …"
            ),
            tuned=(
                "ASSESSMENT AND PLAN\nHypertension. Home readings in the 140s. Increase lisinopril "
                "to 20 mg daily. Recheck metabolic panel in two weeks …"
            ),
            base_chars=1_377,
            tuned_chars=1_940,
            preference="no difference",
        ),
    ),
    assumptions=(
        ("Notes a month", "4,000"),
        ("Growth", "none"),
        ("Months you plan", "12"),
        ("Units of text per note, in / out", "1,730 / 420"),
        ("Currency", "USD, without tax"),
        ("Someone reads each note first", "yes"),
        ("Vendors under contract", "Azure"),
        ("Where the texts may go", "vendors under contract"),
    ),
    sources=(
        RECORDED_TEST,
        ACI_BENCH,
        PRACTICE,
        OPENAI_PRICES,
        AZURE_PRICES,
        AZURE_RETIREMENT,
    ),
    valid_until="Prices are from 20 Nov 2026; update before relying on this after 19 Jan 2027.",
    first_page=PLAN,
    own_figures=("Notes a month",),
    method=how_it_is_computed(load_rules()),
)

TRIAGE = replace(
    CLINIC,
    title="Support ticket triage",
    sample_note="",
    recommendation="fine-tuned",
    firmness="decided",
    headline="Fine-tuned.",
    firmness_label="Decided by your own test",
    summary=(
        "Fine-tune gpt-4.1-mini on Azure; a handler still reads every summary. In 60 texts, "
        "readers who did not know which was which chose fine-tuned 41 times, base 11 times, and "
        "saw no difference 8 times."
    ),
    line="Decided: fine-tuned.",
    rests_on="12 of 12 questions · 60 texts · 3 readers",
    figures=CLINIC.figures[:3],
    evidence=replace(
        CLINIC.evidence,
        heading="Your own test: 60 texts",
        sentences=(
            "Readers chose fine-tuned 41 times, base 11 times, no difference 8 times.",
            "79 % of clear choices; likely range 66 to 88 %. Length does not explain it.",
        ),
        base_wins=11,
        ties=8,
        tuned_wins=41,
        judged_by="Three readers, blind; they agree well (kappa 0.71).",
    ),
    score=41.0,
    signals=(
        SignalRow("What practice says", "sort or route", 25, 1, 25),
        SignalRow("Approved answers", "3,200 pairs", 20, 1, 20),
        SignalRow("Cost", "fine-tuned dearer", 10, -1, -10),
        SignalRow("How exact the result", "fixed fields", 10, 0.6, 6),
    ),
    caps=(),
    missing=(),
    excerpts=(),
    first_page=replace(
        PLAN,
        kind="ask",
        request="I ask you to approve putting into use the fine-tuned gpt-4.1-mini on Azure.",
        director=(
            Line("Amount", "$13,643 over 10.7 months: $60 once and $1,241 a month."),
            Line("How sure", "Decided by your own test. 79 % of 52 clear choices."),
            Line("Valid until", "19 Jan 2027: refresh the prices then."),
            Line("If we are wrong", "We go back to the base model: one setting is changed."),
        ),
        unknowns=(),
        signed=(
            Line("Decided by", "R. Amsel"),
            Line("On", ""),
            Line("Look again on", "1 Jul 2027"),
        ),
    ),
)

BLOCKED = replace(
    CLINIC,
    title="Claims letters",
    sample_note="",
    firmness="blocked",
    headline="Base. Fine-tuning is not possible for you at OpenAI.",
    firmness_label="Not possible for you",
    summary=(
        "OpenAI closed it on 7 May 2026 to organisations that had never used it, and you said you "
        "had not. This is about access, not quality."
    ),
    rests_on="4 of 12 questions",
    figures=(),
    gates=(
        "No offer is open to you: OpenAI takes no new customers, and your texts may not leave your "
        "region.",
    ),
    evidence=EvidenceBlock("No test was run yet", (), 0, 0, 0, "", ()),
    excerpts=(),
)

EMPTY = replace(
    BLOCKED,
    firmness="rule_of_thumb",
    headline="Base, for now.",
    firmness_label="Rule of thumb",
    reasons=(),
    missing=(),
    changes=(),
    costs=(),
    cost_note="",
    signals=(),
    caps=(),
    gates=(),
    assumptions=(),
    sources=(),
    first_page=replace(PLAN, money=(), spend=None, unknowns=PLAN.unknowns[:1]),
    method=(),
)
