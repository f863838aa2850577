"""Forty letters with approved answers and two models' answers, as a spreadsheet holds them."""

import io

import pandas

LETTERS = 40


def letters(answers: tuple[str, str] = ("Answer of base", "Answer of tuned")) -> pandas.DataFrame:
    """The tuned answer is the approved one; the base's shares few words with it."""
    rows = []
    for n in range(LETTERS):
        approved = f"We replace part {n} of your order free of charge and send it this week."
        rows.append(
            {
                "Nr": n + 1,
                "Letter": f"Customer {n} writes that part {n} arrived broken. What do we answer?",
                "Ideal": approved,
                answers[
                    0
                ]: f"Thank you for writing about {n}. Somebody will look at it soon, perhaps.",
                answers[1]: approved,
            }
        )
    return pandas.DataFrame(rows)


def as_xlsx(table: pandas.DataFrame) -> bytes:
    """As Excel saves it."""
    file = io.BytesIO()
    table.to_excel(file, index=False, engine="openpyxl")
    return file.getvalue()
