"""Taking back one thing that somebody said: an answer, something that they raised, what they said about our answers."""

from collections.abc import Iterator

from conversations.consultations.effects import TakeBackAnswer
from conversations.consultations.form_text import form_words
from conversations.consultations.kinds.registry import kind_of
from conversations.core.effects import Effect
from conversations.core.engine import Step, Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import EVERYTHING, Choice, Row, Say, Session
from conversations.core.pagination import numbered_rows, on_page, page_turned_to, typed_number
from conversations.core.record import Private, Record
from conversations.core.text import shorten
from conversations.followup.effects import TakeBackRevisit, TakeBackVerdict
from conversations.followup.own_responses import own_lines
from conversations.general.facts import MyAnswers, MyData
from conversations.issues.effects import TakeBackIssue
from conversations.issues.issue import summary

_CUT = 80  # letters of one thing in the list


class Taken(Record):
    """One thing that can be taken back: the key of its button, what it says, and what takes it back."""

    key: str
    text: Private[str]
    effect: Effect


def ask_list(session: Session, facts: Facts) -> Say:
    _, things, page = facts.words, _things(facts), session.notes.get("page")
    lines = [f"{n + 1}. {shorten(things[n].text, _CUT)}" for n in on_page(page, len(things))]
    text = "\n".join(lines) if things else _("There is nothing of yours to take back.")
    back: Row = (Choice("/mydata", _("Back"), aside=True),)
    rows = (*numbered_rows([one.key for one in things], page, _), back)
    return Say(text, heading=_("Take something back"), rows=rows, replaces=True, repeats_answer=EVERYTHING)


def take_list(session: Session, event: Event, facts: Facts) -> Turn | None:
    things, page, number = _things(facts), page_turned_to(event), typed_number(event)
    if page is not None:
        return Turn(session.with_notes(page=page))
    if number and number <= len(things):
        return Turn(session.goto("takeback.sure", thing=things[number - 1].key))
    if isinstance(event, Chose) and _find(event.key, facts):
        return Turn(session.goto("takeback.sure", thing=event.key))
    return None


def ask_sure(session: Session, facts: Facts) -> Say:
    _, one = facts.words, _find(session.notes.get("thing"), facts)
    if one is None:
        rows: tuple[Row, ...] = ((Choice("no", _("Back"), aside=True),),)
        return Say(_("That one isn't here any more."), rows=rows, replaces=True)
    lines = [
        one.text,
        _("I delete it. The team doesn't read it, count it or quote it any more."),
        _("Numbers and files that they saved before may still have it. It can't be undone."),
    ]
    sure: Row = (Choice("yes", _("Yes, take it back")), Choice("no", _("No, keep it")))
    return Say(
        "\n\n".join(lines),
        heading=_("Take this back?"),
        rows=(sure,),
        replaces=True,
        repeats_answer=EVERYTHING,
    )


def take_sure(session: Session, event: Event, facts: Facts) -> Turn | None:
    _, one = facts.words, _find(session.notes.get("thing"), facts)
    match event:
        case Chose(_visit, "yes") if one:
            said = Say(_("You've taken it back."))
            return Turn(session.goto("takeback.list"), (said,), (one.effect,))
        case Chose(_visit, "no"):
            return Turn(session.goto("takeback.list"))
    return None


def _find(key: object, facts: Facts) -> Taken | None:
    return next((one for one in _things(facts) if one.key == key), None)


def _things(facts: Facts) -> list[Taken]:
    _, mine = facts.words, facts[MyData]
    found = [thing for one in mine.answers for thing in _answers(one, facts)]
    found += [
        Taken(f"issue:{one.id}", summary(one, _), TakeBackIssue(one.id))
        for one in mine.raised
        if one.state != "draft"
    ]
    for said in mine.after:
        text = "\n".join(own_lines((said,), _))
        if said.outcome is not None:
            found.append(Taken(f"right:{said.outcome}", text, TakeBackVerdict(said.outcome)))
        elif said.revisit is not None:
            found.append(Taken(f"revisit:{said.revisit}", text, TakeBackRevisit(said.revisit)))
    return found


def _answers(mine: MyAnswers, facts: Facts) -> Iterator[Taken]:
    say = form_words(mine.form, facts.words)
    for place, question in enumerate(mine.form.questions):
        if question.name in mine.answers:
            said = kind_of(question).answer_text(question, mine.answers[question.name], say, _CUT)
            text = facts.words("{question} – {answer}", question=say(question.label), answer=said)
            yield Taken(f"answer:{mine.about}:{place}", text, TakeBackAnswer(mine.about, question.name))


STEPS = (
    Step("takeback.list", ask_list, take_list, needs=(MyData,)),
    Step("takeback.sure", ask_sure, take_sure, needs=(MyData,)),
)
