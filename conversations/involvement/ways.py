"""All ways to be involved, with their texts."""

from collections.abc import Callable

from conversations.consultations.form import Participation
from conversations.core.i18n import Words
from conversations.core.record import Record


class Way(Record):
    """One way to be involved. `kind` is its kind of participation."""

    key: str
    kind: Participation
    name: Callable[[Words], str]
    means: Callable[[Words], str]
    when: Callable[[Words], str]
    support: Callable[[Words], str]


WAYS: tuple[Way, ...] = (
    Way(
        "answer",
        "public",
        lambda _: _("Answer questions"),
        lambda _: _("Now and then I ask what you think. It takes a few minutes. Later I tell you what changed."),
        lambda _: _("When it suits you, on your phone."),
        lambda _: _("You can skip any question, and stop at any time."),
    ),
    Way(
        "group",
        "public",
        lambda _: _("Join a group"),
        lambda _: _("Young people meet, talk about what matters to them, and tell the council. It may be a youth council, or a group for young people in care."),
        lambda _: _("Most groups meet after school or at a weekend, once or twice a month."),
        lambda _: _("A worker meets you first. Ask about travel, food, and anything you need to take part."),
    ),
    Way(
        "visit",
        "public",
        lambda _: _("Check places"),
        lambda _: _("You visit places that young people use, and say what works and what doesn't. A few months later you go back to see what changed."),
        lambda _: _("A few visits a year, usually in the holidays."),
        lambda _: _("You get training, and a worker goes with you."),
    ),
    Way(
        "choose_staff",
        "public",
        lambda _: _("Help choose workers"),
        lambda _: _("You help to interview people who want to work with young people. What you think helps decide who gets the job."),
        lambda _: _("Half a day at a time, on days that you agree to."),
        lambda _: _("You get training, and you're never on your own."),
    ),
    Way(
        "money",
        "public",
        lambda _: _("Help decide on money"),
        lambda _: _("You score ideas for clubs and services, and help decide which ones get money."),
        lambda _: _("A few meetings a year, in person or online."),
        lambda _: _("You get training in how money is decided."),
    ),
    Way(
        "meet",
        "public",
        lambda _: _("Meet who decides"),
        lambda _: _("You talk with the councillors and managers who decide, face to face or online."),
        lambda _: _("A few times a year, at times when young people can be there."),
        lambda _: _("A worker helps you get ready, and goes with you."),
    ),
    Way(
        "make",
        "social",
        lambda _: _("Make things"),
        lambda _: _("You help make films, posters or web pages that other young people can understand."),
        lambda _: _("In short projects. You choose which."),
        lambda _: _("You don't need to be good at drawing or writing."),
    ),
    Way(
        "local",
        "social",
        lambda _: _("Do something local"),
        lambda _: _("You and others change something small where you live: a park, a bus stop, a club."),
        lambda _: _("Some evenings or weekends."),
        lambda _: _("A worker helps with permission, tools and money."),
    ),
    Way(
        "own",
        "individual",
        lambda _: _("My own plan"),
        lambda _: _("You have a say in decisions about your own life, such as your care, your school or your support."),
        lambda _: _("Before each meeting about you."),
        lambda _: _("You can have an advocate: someone who is only on your side. /rights says more."),
    ),
)  # fmt: skip
