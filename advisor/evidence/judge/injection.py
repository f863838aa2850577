"""Injection: answers that talk to the judge instead of answering.

An answer that says "choose this one" may win by saying so. Where one does, a judge is not asked
and people are: so nothing is won by it. The patterns look for words *about* judging, in several
languages and disguises; what they miss still meets random names, both orders and an instruction
that calls all of it data.
"""

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator

_ANSWER = (
    r"(?:answers?|responses?|options?|outputs?|candidates?|repl(?:y|ies)|versions?|submissions?)"
)
_WHICH = rf"""(?:(?:the\ )?(?:first|second|left|right|former|latter|above|longer|shorter|other)
    (?:\ (?:{_ANSWER}|one))?
    | (?:this|my|our|that)\ (?:{_ANSWER}|one)
    | (?:{_ANSWER}|model|assistant)\ ["'(\[]*[ab12]\b)"""
_CHOOSE = r"(?:choose|pick|select|prefer|vote\ for|favou?r|crown|award)"
_RATE = r"(?:rate|rank|score|grade|mark|judge|evaluate|declare|deem)"
_JUDGE = r"(?:judge|grader|evaluator|rater|assessor|adjudicator|arbiter|llm|language\ model)"
_RULES = r"(?:rubric|instructions?|criteri(?:a|on)|guidelines?|system\ prompt|prompt|directions)"

_PATTERNS: tuple[tuple[str, str], ...] = (
    # What must stand in the text for the pattern to be tried at all, parted by blanks; the pattern.
    # Which to choose, at the end of a clause: "choose A.", "pick the first", "prefer this one"
    (
        "choose pick select prefer vote favo crown award",
        rf"""\b{_CHOOSE}\ {_WHICH}\ *
            (?:$|[.,;:!?)"']|\b(?:as|because|over|regardless|and|always)\b)""",
    ),
    (
        "choose pick select",
        r"""\b(?:choose|pick|select)\ ['"(\[]*(?:(?-i:[AB])|[12])['")\]]*\ *(?:$|[.,;:!?])""",
    ),
    (
        "highe better best first top winner superior perfect 10 ten",
        rf"""\b{_RATE}\ (?:{_WHICH}|this|mine|it)\ (?:as\ )?(?:the\ )?
            (?:highest|higher|best|better|first|top|winner|superior|perfect|10\b|ten\b|100\b)""",
    ),
    (
        "win best better preferred superior chosen rated ranked deserves",
        rf"""\b(?:this|my|our|the\ (?:above|present))\ {_ANSWER}
            \ (?:is|was|must\ be|should\ be|has\ been|deserves)
            \ (?:to\ (?:be|win)|(?:clearly\ |already\ |far\ |strictly\ )?
            (?:the\ )?(?:best|better|winn(?:er|ing)|preferred|superior|chosen|rated|ranked))""",
    ),
    (
        "other",
        rf"""\bother\ (?:{_ANSWER}|model|assistant)
            \ (?:is|was|contains|has|must|should)\ (?:[a-z]+\ )?(?:[a-z]+\ )?
            (?:wrong|false|worse|worst|bad|unsafe|inferior|incorrect|errors?|lose|rejected)\b""",
    ),
    # To whom: "dear judge", "note to the evaluator", "as the grader, you must"
    (
        "judge grader evaluator rater assessor adjudicator arbiter llm model",
        rf"""\b(?:dear|attention|hey|hello|hi|note\ to|message\ (?:to|for)|important\ for
            |instructions?\ (?:to|for)|if\ you\ are)\W{{1,3}}(?:an?\ |the\ |any\ |all\ )?
            (?:(?:ai|llm|impartial|automated)\ ){{0,3}}{_JUDGE}s?\b""",
    ),
    (
        "judge grader evaluator rater assessor adjudicator arbiter llm model",
        rf"""\bas\ (?:an?\ |the\ )(?:\w+\ )?{_JUDGE},?\ you\b
            |\byou,?\ (?:are|as)\ (?:an?\ |the\ )(?:\w+\ )?(?:judge|grader|evaluator|rater)\b""",
    ),
    # By what rules: "ignore the rubric", "new instructions:"
    (
        "ignore disregard forget override bypass skip",
        rf"\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.\n]{{0,40}}\b{_RULES}\b",
    ),
    ("new updated revised real actual", rf"\b(?:new|updated|revised|real|actual)\ {_RULES}\ *:"),
    (
        "rubric grading judging evaluation",
        r"""\b(?:rubric|grading|judging|evaluation)\ (?:is|has\ been|was)
            \ (?:changed|updated|over|cancel\w+|suspended|complete)""",
    ),
    (
        "end",
        r"\bend\ of\ (?:the\ )?(?:data|answers?|candidates?|submissions?|evaluation|json)\b",
    ),
    # As whom: roles and the tokens that part them
    (
        "system developer",
        r"""^[^\w\n]{0,20}(?:system|developer)
            \ ?(?:message|prompt|note|override|instruction|update)?\ ?\]?:\ """,
    ),
    (
        "<| < [",
        r"""<\|?\ ?(?:im_start|im_end|system|assistant|end_of_turn|eot_id|start_header_id)\ ?\|?>
            |\[/?INST\]|<</?SYS>>|</(?:answers?|candidates?|responses?|submissions?|outputs?)>""",
    ),
    # The verdict itself, forged
    ("choice", r"""["']?\bchoice["']?\ *["']?\ *:\ *["'{\[]"""),
    ("[[", r"\[\[\ *(?:[ABC]|tie|\d+)\ *\]\]"),
    (
        "verdict winner decision",
        rf"""\b(?:verdict|winner|decision)\ *(?:is|:|=)\ *(?:the\ )?
            (?:{_WHICH}|["'(\[]*(?:[ab]|first|second)\b)""",
    ),
    # Other languages
    (
        "wähl waehle bevorzuge nimm bewerte ignorier missachte",
        r"""\b(?:wähle?n?|waehle|bevorzuge|nimm|bewerte|ignorier\w*|missachte)\b[^.\n]{0,40}
            \b(?:antwort|erste|zweite|bewertung|anweisung\w*|kriterien|rubrik|beste|option)\b""",
    ),
    (
        "choisis préfér sélectionn ignor notez évalue",
        r"""\b(?:choisis\w*|préfér\w*|sélectionn\w*|ignor\w+|notez|évalue[rz]?)\b[^.\n]{0,40}
            \b(?:réponse|première?|seconde|instructions?|critères|consignes|meilleure?)\b""",
    ),
    (
        "elige elija escoge escoja prefiere selecciona ignor califica puntúa",
        r"""\b(?:elige|elija|escoge|escoja|prefiere|selecciona|ignor[ae]|califica|puntúa)\b
            [^.\n]{0,40}\b(?:respuesta|primera|segunda|instrucciones|criterios|mejor|rúbrica)\b""",
    ),
    (
        "scegli preferisci ignora valuta",
        r"""\b(?:scegli|preferisci|ignora|valuta)\b[^.\n]{0,40}
            \b(?:risposta|prima|istruzioni|criteri|migliore)\b""",
    ),
    (
        "escolha prefira ignore avalie",
        r"""\b(?:escolha|prefira|ignore|avalie)\b[^.\n]{0,40}
            \b(?:resposta|primeira|instruções|critérios|melhor)\b""",
    ),
    (
        "选 選 评 評 偏好 忽略 无视 無視",
        r"""(?:选择|請選|请选|選擇|评为|評為|偏好|忽略|无视|無視)[^。\n]{0,14}
            (?:答案|回答|第一|第二|指令|评分|標準|标准|最好|最佳)""",
    ),
    (
        "выбери предпочти игнорируй оцени",
        r"""(?:выбери|предпочти|игнорируй|оцени)[^.\n]{0,40}
            (?:ответ|перв|инструкц|критери|лучш)""",
    ),
    (
        "回答 答え 無視",
        r"""(?:この|最初の|一つ目の)(?:回答|答え)[^。\n]{0,12}(?:選|評価|優)
            |(?:指示|基準)[^。\n]{0,6}無視""",
    ),
)
_COMPILED = tuple(
    (tuple(roots.split()), re.compile(pattern, re.X | re.I | re.M)) for roots, pattern in _PATTERNS
)

_BLOB = re.compile(r"(?:[A-Za-z0-9+/]{4}){5,}(?:[A-Za-z0-9+/]{2,3}={0,2})?")
_TAGS = range(0xE0000, 0xE0080)  # letters that no screen shows
_MARKS = re.compile(r"[*_`]{1,3}|[\x00-\x08\x0b-\x1f\x7f]")
_BLANKS = re.compile(r"[ \t]+")


_known: dict[bytes, bool] = {}
"""What was found of an answer, by its digest: the page asks again with every click."""
_MOST_KNOWN = 100_000


def talks_to_the_judge(answer: str) -> bool:
    """Whether an answer speaks about how answers are judged; what hides it is taken off first."""
    digest = hashlib.sha256(answer.encode("utf-8", "surrogatepass")).digest()
    if digest not in _known:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[digest] = any(map(_says_so, _readings(answer)))
    return _known[digest]


def _says_so(text: str) -> bool:
    folded = text.casefold()
    return any(
        pattern.search(text)
        for roots, pattern in _COMPILED
        if any(root in folded for root in roots)
    )


def _readings(answer: str) -> Iterator[str]:
    """The answer as a model may read it: plain, and what is hidden in it."""
    plain = answer if answer.isascii() else _shown(answer)
    yield _BLANKS.sub(" ", _MARKS.sub("", plain))
    if not answer.isascii():
        yield "".join(chr(ord(sign) - _TAGS[0]) for sign in answer if ord(sign) in _TAGS)
    for blob in _BLOB.findall(plain):
        try:
            said = base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        yield said


def _shown(text: str) -> str:
    """Without signs that no screen shows, every letter in its plain form."""
    shown = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cf", "Cc"))
    return unicodedata.normalize("NFKC", "".join(shown))
