"""A sample consultation for trying Heard out. `docs/samples` has it as a workbook."""

from conversations.consultations.form import Form, Option, Question, Texts


def _texts(en: str, pl: str, ar: str, *, young: str = "", easy: str = "") -> Texts:
    """One text in its languages. A reading version that is left out falls back to plain English."""
    texts = {"en": en, "en-young": young, "en-easy": easy, "pl": pl, "ar": ar}
    return {key: text for key, text in texts.items() if text}


_SAFE = Question(
    name="safe",
    kind="select_one",
    label=_texts(
        "How safe do you feel on the bus home?",
        "Czy czujesz się bezpiecznie w autobusie do domu?",
        "ما مدى شعورك بالأمان في الحافلة إلى البيت؟",
        young="How safe is the bus home?",
        easy="Do you feel safe on the bus home?",
    ),
    options=(
        Option("safe", _texts("Safe 😀", "Tak, bezpiecznie 😀", "أشعر بالأمان 😀")),
        Option("mostly", _texts("Mostly safe 🙂", "Raczej tak 🙂", "أشعر بالأمان غالبًا 🙂")),
        Option("not_very", _texts("Not very safe 😕", "Raczej nie 😕", "لا أشعر بأمان كافٍ 😕")),
        Option("not_safe", _texts("Not safe 😟", "Nie, wcale 😟", "لا أشعر بالأمان 😟")),
    ),
)

_BETTER = Question(
    name="better",
    kind="text",
    label=_texts(
        "What would make it better? Write as much or as little as you like.",
        "Co mogłoby to poprawić? Napisz tyle, ile chcesz.",
        "ما الذي يجعل الأمر أفضل؟ يمكنك كتابة القليل أو الكثير.",
        young="What would make it better? Long or short, both are fine.",
        easy="What would make the bus better? You can write a little or a lot.",
    ),
)

_HELP = Question(
    name="help",
    kind="select_multiple",
    label=_texts(
        "Which of these would help you feel safer?",
        "Co pomogłoby ci czuć się bezpieczniej?",
        "ما الذي يساعدك على الشعور بأمان أكبر؟",
        young="What would help you feel safer?",
        easy="What would help you feel safe?",
    ),
    hint=_texts(
        "Choose as many as you like.",
        "Wybierz, ile chcesz.",
        "يمكنك اختيار أكثر من شيء.",
        easy="You can choose more than one.",
    ),
    relevant=("${safe} != 'safe'",),
    options=(
        Option("lights", _texts("Lights at the stop", "Lampy na przystanku", "إنارة عند الموقف")),
        Option("times", _texts("Live bus times", "Rozkład na żywo", "مواعيد محدّثة")),
        Option("driver", _texts("A friendly driver", "Miły kierowca", "سائق لطيف")),
        Option("staff", _texts("Staff on the bus", "Obsługa w autobusie", "موظف في الحافلة")),
    ),
)

_EASY = Question(
    name="easy",
    kind="range",
    label=_texts(
        "How easy is it to get home after a club? 1 is hard, 5 is easy.",
        "Jak łatwo jest wrócić do domu po zajęciach? 1 to trudno, 5 to łatwo.",
        "ما مدى سهولة العودة إلى البيت بعد النادي؟ 1 يعني صعبة، و5 يعني سهلة.",
        young="Is it easy to get home after a club? 1 is hard, 5 is easy.",
        easy="Is it easy to get home after a club? 1 is hard. 5 is easy.",
    ),
    start=1,
    end=5,
)

_WHEN = Question(
    name="when",
    kind="select_one",
    label=_texts(
        "When do you most need a later bus?",
        "Kiedy najbardziej potrzebujesz późniejszego autobusu?",
        "متى تفيدك أكثر حافلة تسير حتى وقت متأخر؟",
        young="When would a later bus help you most?",
        easy="When do you need a later bus?",
    ),
    options=(
        Option("school", _texts("School nights", "W dni szkolne", "أيام المدرسة")),
        Option("friday", _texts("Fridays", "W piątki", "أيام الجمعة")),
        Option("weekend", _texts("Weekends", "W weekendy", "نهاية الأسبوع")),
        Option("none", _texts("I don't need one", "Nie potrzebuję", "لا أحتاج إليها")),
    ),
)

BUSES = Form(
    code="sample-buses",
    title=_texts("Sample: buses after school", "Przykład: autobusy po szkole", "مثال: الحافلات بعد المدرسة"),
    about=_texts(
        "This is a sample. We made it up to show how Heard works. It asks about the bus home.",
        "To przykład, wymyślony po to, żeby pokazać, jak działa Heard. Pytania są o autobus do domu.",
        "هذا مثال. وضعناه لنبيّن كيف يعمل Heard. الأسئلة عن الحافلة إلى البيت.",
        easy="This is a sample. It shows how Heard works. It asks about the bus home.",
    ),
    decision_maker=_texts(
        "the councillor for transport", "radny lub radna do spraw transportu", "عضو المجلس لشؤون النقل"
    ),
    questions=(_SAFE, _BETTER, _HELP, _EASY, _WHEN),
    themes=("safe", "opportunity"),
)
