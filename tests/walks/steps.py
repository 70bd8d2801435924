"""The walk of these tests: a young person, an owner and a decider on their phones, step by step.

A step is one thing that somebody does, and the words that they then see. Whoever takes it may kill the
process around it: a step says nothing of how often it is tried.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from conversations.consultations.form import Form, Option, Question
from tests.botapi import Double, Phone, Shown
from tests.files.write_sample import workbook_of
from tests.waiting import LONG
from tests.walks.running import Heard

SAM, OLU, DEE = "sam", "olu", "dee"  # young person, owner, decider
PEOPLE = {SAM: 7_301_944_001, OLU: 7_301_944_002, DEE: 7_301_944_003}

OWN_WORDS = "Lamps at the stop by the school"
PARK_WORDS = "=1+1 benches for two"  # a program that opens the export must not calculate it
BECAUSE = "the road belongs to the county, not to us"

PARK = Form(
    code="park-2026",
    title={"en": "The park by the river", "pl": "Park nad rzeką"},
    about={"en": "We have money for one new thing in the park.", "pl": "Mamy pieniądze na jedną nową rzecz w parku."},
    decision_maker={"en": "the parks committee", "pl": "komisja parków"},
    questions=(
        Question(
            "what",
            "select_one",
            {"en": "What should it be?", "pl": "Co to ma być?"},
            options=(
                Option("swings", {"en": "Swings", "pl": "Huśtawki"}),
                Option("benches", {"en": "Benches", "pl": "Ławki"}),
            ),
        ),
        Question("why", "text", {"en": "Why?", "pl": "Dlaczego?"}),
    ),
)  # fmt: skip


@dataclass
class Walk:
    """Where it is walked: the process, the double, the people's phones. `within`: how long a phone waits."""

    heard: Heard
    double: Double
    within: float = LONG
    phones: dict[str, Phone] = field(default_factory=dict)

    def __post_init__(self) -> None:
        usual = {name: Phone(self.double, number, name=name) for name, number in PEOPLE.items()}
        self.phones = usual | self.phones

    async def take(self, *steps: "Step") -> Shown:
        """Takes these steps; gives what the last one let somebody see."""
        for step in steps:
            await step.does(self)
            shown = await self.phones[step.who].hears(step.hears, within=self.within)
        return shown

    async def last_link(self, name: str, start: str) -> str:
        """The newest address that begins so, of those in somebody's chat."""
        words = " ".join(shown.text for shown in await self.phones[name].sees()).split()
        return [word for word in words if word.startswith(start)][-1]


@dataclass(frozen=True)
class Step:
    who: str
    what: str  # in words, for a report
    does: Callable[[Walk], Awaitable[object]]
    hears: str
    by_itself: bool = False  # nobody did anything: it is a broadcast


def types(who: str, text: str, hears: str) -> Step:
    return Step(who, f"{who} types {text!r}", lambda walk: walk.phones[who].types(text), hears)


def taps(who: str, label: str, hears: str) -> Step:
    return Step(who, f"{who} taps [{label}]", lambda walk: walk.phones[who].taps(label, walk.within), hears)


def opens(who: str, link: Callable[[Walk], Awaitable[str]], hears: str) -> Step:
    async def does(walk: Walk) -> None:
        await walk.phones[who].opens(await link(walk))

    return Step(who, f"{who} opens a link", does, hears)


def sends(who: str, file: bytes, hears: str) -> Step:
    async def does(walk: Walk) -> None:
        await walk.phones[who].sends("document", file, "questions.xlsx")

    return Step(who, f"{who} sends a workbook", does, hears)


def arrives(who: str, hears: str) -> Step:
    """A step in which a message comes by itself."""

    async def does(_walk: Walk) -> None:
        return None

    return Step(who, f"{who} is told {hears!r}", does, hears, by_itself=True)


def forges(who: str, key: str, hears: str) -> Step:
    """A tap on a button that is not there, but would belong to the newest question."""

    async def does(walk: Walk) -> None:
        messages = walk.double.chats.chats[PEOPLE[who]].messages.values()
        newest = [message for message in messages if "reply_markup" in message.json][-1]
        visit = newest.json["reply_markup"]["inline_keyboard"][0][0]["callback_data"].partition(":")[0]
        await walk.phones[who].forges(f"{visit}:{key}")

    return Step(who, f"{who} forges [{key}]", does, hears)


async def owner_link(walk: Walk) -> str:
    return f"https://t.me/heard_test_bot?start=i_{walk.heard.owner_token}"


async def decider_link(walk: Walk) -> str:
    return await walk.last_link(OLU, "https://t.me/heard_test_bot?start=i_")


JOINING = (
    types(SAM, "/start", "Hi, I'm Heard"),
    taps(SAM, "English", "How"),
    taps(SAM, "Normal", "Sampleshire"),
    taps(SAM, "OK", "How old"),
    taps(SAM, "16–17", "keep"),
    taps(SAM, "Yes, keep it", "You can have your say"),
)
ANSWERING = (
    taps(SAM, "Have your say", "Sample: buses"),
    taps(SAM, "Start", "How safe"),
    taps(SAM, "Not very safe 😕", "make it better"),
    types(SAM, OWN_WORDS, "feel safer"),
    taps(SAM, "Lights at the stop", "feel safer"),
    taps(SAM, "Done", "How easy"),
    taps(SAM, "4", "later bus"),
    taps(SAM, "Skip", "You said"),
    taps(SAM, "Done", "Your answers are in"),
)
OWNING = (
    opens(OLU, owner_link, "Welcome to the team"),
    types(OLU, "/team", "The team"),
    taps(OLU, "Invite somebody", "As what?"),
    taps(OLU, "Decider", "This makes a link"),
    taps(OLU, "Make the link", "https://t.me/heard_test_bot?start=i_"),
    opens(DEE, decider_link, "Decider"),
)
WRITING = (
    types(DEE, "/outcome", "Which one do you want to answer?"),
    taps(DEE, "1", "1 person took part"),
    taps(DEE, "Begin", "What did they say?"),
    types(DEE, "You want more light on the way home", "Which question is this about?"),
    taps(DEE, "2", "What did you hear"),
    types(DEE, "It's the dark, not the bus", "What comes of it?"),
    taps(DEE, "We can't", "What can't you do?"),
    types(DEE, "put up lamps this year", "needs its because"),
    # Without the because there is no way on: not by a forged button, not by going away and coming back.
    forges(DEE, "send", "needs its because"),
    taps(DEE, "Keep as draft", "What would you like to do?"),
    types(DEE, "/outcome", "Which one do you want to answer?"),
    taps(DEE, "1", "So far it is about this"),
    taps(DEE, "Go on", "needs its because"),
)
PUBLISHING = (
    types(DEE, BECAUSE, "Is there another thing"),
    taps(DEE, "Add another part", "What did they say?"),
    types(DEE, "Later buses would help", "Which question is this about?"),
    taps(DEE, "Several, or none", "What did you hear"),
    types(DEE, "Clubs end after the last bus", "What comes of it?"),
    taps(DEE, "We will do it", "What will you do?"),
    types(DEE, "ask the bus company for one more", "A team or a post"),
    types(DEE, "The transport team", "By when?"),
    taps(DEE, "In 1 month", "Is there another thing"),
    taps(DEE, "That's all", "Who decided?"),
    types(DEE, "The councillor for transport", "It goes to 1 person who took part"),
    taps(DEE, "Send now", "Send it to 1 person now?"),
    taps(DEE, "Yes, send it", "on its way to 1 person"),
    arrives(SAM, "here is what happened"),
)
A_SHORT_OUTCOME = (
    types(OLU, "/outcome", "Which one do you want to answer?"),
    taps(OLU, "1", "took part"),
    taps(OLU, "Begin", "What did they say?"),
    types(OLU, "Later buses would help", "Which question is this about?"),
    taps(OLU, "Several, or none", "What did you hear"),
    types(OLU, "Clubs end after the last bus", "What comes of it?"),
    taps(OLU, "We did it", "What did you do?"),
    types(OLU, "added a bus at nine", "Is there another thing"),
    taps(OLU, "That's all", "Who decided?"),
    taps(OLU, "Use this", "who took part"),
)
READING = (types(SAM, "/changed", "What changed because of you"),)
CONSULTING = (
    types(OLU, "/consult", "Ask young people"),
    sends(OLU, workbook_of(PARK), "A draft: nobody has seen it yet"),
    taps(OLU, "Preview", "Whose version do you want to see?"),
    taps(OLU, "Polish", "Park nad rzeką"),
    taps(OLU, "Zaczynamy", "Co to ma być?"),
    taps(OLU, "Ławki", "Dlaczego?"),
    types(OLU, "/consult", "Ask young people"),
    taps(OLU, "1", "A draft: nobody has seen it yet"),
    taps(OLU, "Who is it for?", "It fits 1 person"),
    taps(OLU, "13–15", "It fits 0 people"),
    taps(OLU, "16–17", "It fits 1 person"),
    taps(OLU, "Done", "16–17"),
    taps(OLU, "Send now", "By when will they get an answer?"),
    types(OLU, "31 December", "It goes to 1 person"),
    taps(OLU, "Yes, send it", "Open since"),
    arrives(SAM, "Something new is open: The park by the river"),
    arrives(OLU, "everybody has been asked"),
)
ANSWERING_THE_SECOND = (
    taps(SAM, "Have your say", "The park by the river"),
    taps(SAM, "Start", "What should it be?"),
    taps(SAM, "Benches", "Why?"),
    types(SAM, PARK_WORDS, "You said"),
    taps(SAM, "Done", "Your answers are in"),
)
RESULTS = (
    types(OLU, "/results", "Results"),
    taps(OLU, "1", "1 person took part"),
    taps(OLU, "As a picture", "What should it be?"),
    taps(OLU, "Next question", "Why?"),
    taps(OLU, "Read what they wrote", PARK_WORDS),
    taps(OLU, "Back", "Why?"),
    taps(OLU, "Export to Excel", "Export everything?"),
    taps(OLU, "Make the file", "Here is the file"),
)
RAISING = (
    types(SAM, "/raise", "What is it about?"),
    taps(SAM, "7", "in your own words"),
    types(SAM, OWN_WORDS, "Shall I send this?"),
    taps(SAM, "Send it", "The team has it."),
    types(OLU, "/inbox", "What young people raise"),
    taps(OLU, "1", OWN_WORDS),
    taps(OLU, "Ask them", "What would you like to ask them?"),
    types(OLU, "Which stop is it?", "It is on its way to them."),
    arrives(SAM, "Somebody in the team asks: Which stop is it?"),
    taps(SAM, "Answer", "What would you like to tell them?"),
    types(SAM, PARK_WORDS, "It has gone to the team."),
    arrives(OLU, "They wrote back"),
    taps(OLU, "See it", PARK_WORDS),
    taps(OLU, "Answer", "Write the answer."),
    types(OLU, "It gets a lamp in May.", "It is on its way to them."),
    arrives(SAM, "Somebody in the team answers: It gets a lamp in May."),
    taps(SAM, "See all of it", "Answered."),
)
GOOD_NEWS = (
    types(OLU, "/news", "Good news"),
    taps(OLU, "Write good news", "What is the good news?"),
    types(OLU, "The skate park opens", "The text, in this version"),
    types(OLU, "You asked for it, and it opens on Friday.", "A draft: nobody has seen it yet"),
    taps(OLU, "Send now", "It goes to 1 person"),
    taps(OLU, "Yes, send it", "It went out on"),
    arrives(SAM, "Good news: The skate park opens"),
    arrives(OLU, "the good news has gone out"),
    types(SAM, "/changed", "What changed because of you"),
    taps(SAM, "Good news", "1. The skate park opens"),
)
THE_LOOP = (*JOINING, *ANSWERING, *OWNING, *WRITING, *PUBLISHING, *READING)
THE_SECOND = (*CONSULTING, *ANSWERING_THE_SECOND, *RESULTS)
