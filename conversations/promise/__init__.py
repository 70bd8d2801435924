"""/promises: what young people were promised and by when; a day is moved with its reason, and a part goes on."""

from conversations.engine import Opening, Step
from conversations.outcome.rules import WRITERS
from conversations.promise.facts import AllPromises, OnePromise
from conversations.promise.going_on import ask_because, ask_sure, take_because, take_sure
from conversations.promise.listing import ask_list, open_promises, take_list
from conversations.promise.moving import ask_day, ask_why, take_day, take_why
from conversations.promise.one import ask_one, take_one

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
