"""What columns are called in other languages: the guess is the one a reader of it would make."""

import pytest

from advisor.case.reading.columns import guess_roles
from advisor.case.reading.opening import open_table
from advisor.case.reading.read import read_texts

FILES = {
    "German": "Nr.;Kundenfrage;Antwort;Ideale Antwort;Kommentar",
    "French": "N°;Demande;Réponse;Réponse idéale;Commentaire",
    "French without accents": "No;Requete;Reponse;Reponse ideale;Commentaire",
    "Spanish": "N.º;Pregunta;Respuesta;Respuesta ideal;Puntuación",
    "Portuguese": "N.º;Pergunta;Resposta;Gabarito;Pontuação",
    "Italian": "N.;Domanda;Risposta;Risposta ideale;Commento",
    "Dutch": "Nr;Vraag;Antwoord;Juiste antwoord;Opmerking",
    "Polish": "Lp.;Pytanie;Odpowiedź;Poprawna odpowiedź;Ocena",
    "Russian": "№;Вопрос;Ответ;Эталонный ответ;Комментарий",
    "Japanese": "番号;質問;回答;模範解答;コメント",
    "Chinese": "编号;问题;回答;标准答案;评分",
    "Korean": "번호;질문;답변;정답;점수",
}
"""Number, text, what a model said, what somebody approved, and something beside."""


@pytest.mark.parametrize("language", FILES)
def test_the_text_and_the_approved_answer_are_found(language):
    header = FILES[language]
    rows = "\n".join(f"{n};Wo ist {n}?;dort {n};hier {n};gut" for n in range(3))
    found = read_texts(f"{header}\n{rows}\n".encode(), "texts.csv")
    assert [(p.text, p.reference) for p in found.prompts] == [
        (f"Wo ist {n}?", f"hier {n}") for n in range(3)
    ]


def test_a_label_is_approved_where_nothing_else_is():
    content = b"Nachricht,Etikett\nRad kaputt,werkstatt\nKette ab,werkstatt\n"
    assert [p.reference for p in read_texts(content, "t.csv").prompts] == ["werkstatt"] * 2
    both = b"Nachricht,Etikett,Referenz\na,x,b\nc,x,d\n"
    assert [p.reference for p in read_texts(both, "t.csv").prompts] == ["b", "d"]


def test_what_a_model_said_is_no_approved_answer_in_any_language():
    for header in ("Frage,Antwort", "質問,回答", "Pregunta,Respuesta"):
        table = open_table(f"{header}\na,b\nc,d\n".encode(), "t.csv").table
        assert list(guess_roles(table).values()) == ["text", "leave out"]
