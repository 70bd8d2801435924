"""The conversation's messages and buttons, about as long as Heard's; and what a person does."""

HELLO = (
    "Hi, I'm Heard. I ask young people what they think, and I tell you what changed because of it.\n\n"
    "I'm a bot: no one reads this live. If you need help now, send /help at any time."
)
VERSION = "How should I write?"
NOTICE = (
    "What you should know first\n· Sampleshire Youth Voice runs me.\n· They see what you say, not your name or number."
    "\n· You can skip anything. You can see or delete everything: /mydata, /delete.\n· If we're worried that someone "
    "isn't safe, we may have to tell someone who can help.\n· Telegram keeps its own copy of this chat."
)
AGE = "How old are you? I use it to choose questions that fit you."
AGREE = "Shall I keep what you tell me, so the team can use it and I can tell you what changed?"
HOME = "Here you are. One thing is open for you to have your say on."
INTRO = (
    "Buses after school\nThe councillor for transport decides, and will answer you by Wednesday 23 December. "
    "There are 5 questions. You can stop and go on whenever you like."
)
SAFE = "1 of 5\nHow safe do you feel on the bus home?"
BETTER = "2 of 5\nWhat would make it better? Write as much or as little as you like."
HELP = "3 of 5\nWhich of these would help you feel safer?\nChoose as many as you like."
EASY = "4 of 5\nHow easy is it to get home after a club? 1 is hard, 5 is easy."
WHEN = "5 of 5\nWhen do you most need a later bus?"
REVIEW = "That's everything. You said:\n{answers}\n\nYou can change your answers until Wednesday."
RECEIPT = (
    "Buses after school\nYour answers are in.\nNext: the councillor will read what everyone said, and answer."
)

AROUND = ("Back", "Skip", "Stop")
LANGUAGES = (("English", "Polski"), ("العربية",))
VERSIONS = (("Normal",), ("Short and simple",), ("Easy Read",))
NOTICED = (("OK",), ("Tell me more", "No thanks"))
AGES = (("Under 10", "10–12"), ("13–15", "16–17"), ("18–25", "26 or over"), ("Rather not say",))
AGREED = (("Yes, keep it", "No, don't"),)
AT_HOME = (("Have your say",), ("Ways to be involved",), ("What changed",), ("Settings", "Help"))
BEGIN = (("Start",), ("Why ask me?", "Not now"))
SAFELY = (("Safe 😀",), ("Mostly safe 🙂",), ("Not very safe 😕",), ("Not safe 😟",), AROUND)
HELPS = ("Lights at the stop", "Live bus times", "A friendly driver", "Staff on the bus")
EASILY = (("1", "2", "3", "4", "5"), AROUND)
NIGHTS = (("School nights",), ("Fridays",), ("Weekends",), ("I don't need one",), AROUND)
REVIEWED = (("Done",), ("Change an answer",))
AFTER = (("Change an answer",), ("Home",))

# What each person does, and what they then hear or see a button of. The same for every bot.
SCRIPT = [
    ("types", "/start", "English"),
    ("taps", "English", "Normal"),
    ("taps", "Normal", "OK"),
    ("taps", "OK", "16–17"),
    ("taps", "16–17", "Yes, keep it"),
    ("taps", "Yes, keep it", "Have your say"),
    ("taps", "Have your say", "Start"),
    ("taps", "Start", "Not very safe 😕"),
    ("taps", "Not very safe 😕", "What would make it better?"),
    ("types", "more lights at the stop", "Lights at the stop"),
    ("taps", "Lights at the stop", "Done"),
    ("taps", "Done", "3"),
    ("taps", "3", "Fridays"),
    ("taps", "Fridays", "Done"),
    ("taps", "Done", "Your answers are in."),
]


def helps(picked: set[str]) -> tuple[tuple[str, ...], ...]:
    """The buttons of the multiple-choice question."""
    ticked = tuple((f"{'✓' if label in picked else '☐'} {label}",) for label in HELPS)
    return (*ticked, *((("Done",),) if picked else ()), AROUND)
