"""/outcome: you said, we heard, we did, in one guided minute."""

from conversations.engine import Opening, Step
from conversations.outcome import part
from conversations.outcome.choosing import (
    ask_begin,
    ask_choose,
    open_outcome,
    take_begin,
    take_choose,
    writing,
    written,
)
from conversations.outcome.draft import WRITERS, CurrentDraft, GoesTo, SoFar, ToAnswer
from conversations.outcome.when import ask_sent, ask_time, take_time
from conversations.outcome.whole import (
    ask_change,
    ask_more,
    ask_part,
    ask_preview,
    ask_who,
    take_change,
    take_more,
    take_part,
    take_preview,
    take_who,
)

_DRAFT, _TOLD = (CurrentDraft,), (CurrentDraft, GoesTo)
_COUNTED = (CurrentDraft, SoFar)
_WRITTEN = (
    ("you_said", part.ask_you_said, part.take_you_said, _COUNTED),
    ("we_heard", part.ask_we_heard, part.take_we_heard, _DRAFT),
    ("decision", part.ask_decision, part.take_decision, _DRAFT),
    ("what", part.ask_what, part.take_what, _DRAFT),
    ("because", part.ask_because, part.take_because, _DRAFT),
    ("owner", part.ask_owner, part.take_owner, _DRAFT),
    ("due", part.ask_due, part.take_due, _DRAFT),
    ("more", ask_more, take_more, _DRAFT),
    ("who", ask_who, take_who, _DRAFT),
    ("preview", ask_preview, take_preview, _TOLD),
    ("change", ask_change, take_change, _DRAFT),
    ("part", ask_part, take_part, _DRAFT),
)

STEPS = (
    Step("outcome.choose", ask_choose, take_choose, needs=(ToAnswer,), roles=WRITERS),
    Step("outcome.begin", ask_begin, take_begin, needs=_DRAFT, roles=WRITERS),
    *(
        Step(f"outcome.{name}", writing(ask), written(take), needs=needs, roles=WRITERS)
        for name, ask, take, needs in _WRITTEN
    ),
    Step("outcome.time", ask_time, take_time, needs=_DRAFT, roles=WRITERS),
    Step("outcome.sent", ask_sent, take_begin, needs=_TOLD, roles=WRITERS),
)
OPENINGS = (Opening("outcome", open_outcome, roles=WRITERS),)
