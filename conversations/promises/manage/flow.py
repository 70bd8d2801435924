"""/promises: what young people were promised and by when; a day is moved with its reason, and a part goes on."""

from conversations.core.engine import Opening, Step
from conversations.outcomes.write.rules import WRITERS
from conversations.promises.manage.change_status import ask_because, ask_sure, take_because, take_sure
from conversations.promises.manage.detail import ask_one, take_one
from conversations.promises.manage.facts import AllPromises, OnePromise
from conversations.promises.manage.list import ask_list, open_promises, take_list
from conversations.promises.manage.postpone import ask_day, ask_why, take_day, take_why

_ONE = (OnePromise,)

STEPS = (
    Step("promises.list", ask_list, take_list, needs=(AllPromises,), roles=WRITERS),
    Step("promises.one", ask_one, take_one, needs=_ONE, roles=WRITERS),
    Step("promises.day", ask_day, take_day, needs=_ONE, roles=WRITERS),
    Step("promises.why", ask_why, take_why, needs=_ONE, roles=WRITERS),
    Step("promises.sure", ask_sure, take_sure, needs=_ONE, roles=WRITERS),
    Step("promises.because", ask_because, take_because, needs=_ONE, roles=WRITERS),
)
OPENINGS = (Opening("promises", open_promises, roles=WRITERS),)
