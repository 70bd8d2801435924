"""Reviewing a draft outcome: adding parts, naming who decided, the preview, and sending it."""

from collections.abc import Iterator

from conversations.consultations.form_text import form_words
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event, Said
from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.record import replace
from conversations.outcomes.effects import ApproveOutcome, PublishOutcome, SetDecider
from conversations.outcomes.message import picture_of
from conversations.outcomes.outcome import Spot
from conversations.outcomes.wording import outcome_heading, outcome_text, title_of
from conversations.outcomes.write.checks import check_text
from conversations.outcomes.write.draft import Draft, OutcomeAudience, fingerprint
from conversations.outcomes.write.navigation import goto_step, keep_row, numbered_parts, quiet_hours_lines
from conversations.outcomes.write.part import language_line, too_long_text
from conversations.outcomes.write.rules import FIELD_MOST, PARTS_MOST, TOO_LONG, Obstacle, obstacle
from conversations.outcomes.write.translations import gap_lines
from conversations.team.facts import TeamRules

_SEEN = 16  # characters of the fingerprint in a button's key


# --- another part? --------------------------------------------------------------------------------


def ask_more(_session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    add = ((Choice("add", _("Add another part")),),) if len(draft.outcome.parts) < PARTS_MOST else ()
    rows: tuple[Row, ...] = (*add, (Choice("done", _("That's all")),), keep_row(_))
    text = "\n".join(
        (*numbered_parts(draft), "", _("Is there another thing they said, with its own answer?"))
    )
    return Say(text, rows=rows, replaces=True)


def take_more(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "add") if len(draft.outcome.parts) < PARTS_MOST:
            return Turn(goto_step(session, "you_said", part=draft.new_place))
        case Chose(_, "done"):
            return Turn(goto_step(session, "preview" if draft.outcome.who else "who"))
    return None


# --- who decided ----------------------------------------------------------------------------------


def ask_who(_session: Session, draft: Draft, facts: Facts) -> Say:
    _ = facts.words
    text = _("Who decided? In words they know, such as: the councillor for transport.")
    named = draft.outcome.original(draft.outcome.who) or _named_decider(draft, facts)
    rows: tuple[Row, ...] = ((Choice("use", _("Use this")),), keep_row(_)) if named else (keep_row(_),)
    could = _("You could say: {who}", who=named) if named else ""
    text = "\n\n".join(filter(None, (text, language_line(draft, facts), could)))
    return Say(text, rows=rows, expects="text", replaces=True)


def take_who(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "use") if named := (
            draft.outcome.original(draft.outcome.who) or _named_decider(draft, facts)
        ):
            return _set_decider(session, draft, named)
        case Said(text) if len(text) > FIELD_MOST:
            return Turn(session, (Say(too_long_text(text, FIELD_MOST, facts.words)),))
        case Said(text) if text.strip():
            return _set_decider(session, draft, " ".join(text.split()))
    return None


def _set_decider(session: Session, draft: Draft, who: str) -> Turn:
    after = check_text(goto_step(session, "preview"), draft, who, Spot(None, "who"))
    return Turn(after, effects=(SetDecider(draft.subject, who),))


def _named_decider(draft: Draft, facts: Facts) -> str:
    """The decision maker that the form named; "" for none."""
    form = draft.about.form
    if form is None:
        return ""
    return form_words(form, facts.library.words(draft.outcome.language, None))(form.decision_maker)[
        :FIELD_MOST
    ]


# --- the preview ----------------------------------------------------------------------------------


def ask_preview(_session: Session, draft: Draft, facts: Facts) -> Say:
    """Shows what people get, without their own answers; how many get it; and what is still to do."""
    _ = facts.words
    why_not = _obstacle_today(draft, facts)
    if not draft.outcome.parts:
        return Say(
            _("Something is still missing."), rows=((Choice("on", _("Go on")),), keep_row(_)), replaces=True
        )
    written = facts.library.words(draft.outcome.language, None)
    shown = replace(draft.outcome, published=facts.now)
    text = "\n".join((outcome_heading(shown, written), outcome_text(shown, (), written)))
    notes = [_(why_not.words, **why_not.values)] if why_not else list(_recipient_lines(draft, facts))
    lines = [] if why_not else [f"· {gap}" for gap in gap_lines(draft, facts)]
    waits = draft.is_asked_of(facts.person.id) and not why_not
    return Say(
        "\n\n".join(filter(None, (text, " ".join(notes), "\n".join(lines), *_approval_lines(draft, facts)))),
        heading=_("A colleague asks for your yes") if waits else _("This is what they will get"),
        rows=_approval_rows(draft, _) if waits else _rows(draft, facts, why_not),
        attachment=picture_of(shown, written, facts),
        replaces=True,
    )


def take_preview(session: Session, event: Event, draft: Draft, facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "send") if not facts[TeamRules].approval and _obstacle_today(draft, facts) is None:
            return Turn(goto_step(session, "sure"))
        case Chose(_, "time" | "ask" | "change" | "who" | "words" | "seeing" | "picture" | "not_yet" as step):
            return Turn(goto_step(session, step))
        case Chose(_, key) if key.startswith("yes:"):
            seen = ApproveOutcome(draft.subject, key.removeprefix("yes:"))
            return Turn(goto_step(session, "sent"), effects=(seen,))
        case Chose(_, "on"):
            return Turn(_goto_obstacle(session, draft, facts))
    return None


def ask_sure(_session: Session, draft: Draft, facts: Facts) -> Say:
    """Confirms sending, with the current number of recipients."""
    _, people = facts.words, facts[OutcomeAudience].people
    if people:
        heading = _.many("Send it to {n} person now?", "Send it to {n} people now?", people)
    else:
        heading = _("Put it on the page now?")
    lines = [] if people else [_("Nobody gets a message, because nobody who took part can be reached.")]
    lines.append(_("After that it can't be changed or taken back."))
    rows: tuple[Row, ...] = ((Choice("yes", _("Yes, send it")), Choice("no", _("No, go back"))),)
    return Say("\n".join((title_of(draft.about, _), *lines)), heading=heading, rows=rows, replaces=True)


def take_sure(session: Session, event: Event, draft: Draft, _facts: Facts) -> Turn | None:
    match event:
        case Chose(_, "yes"):
            return Turn(goto_step(session, "sent"), effects=(PublishOutcome(draft.subject),))
        case Chose(_, "no"):
            return Turn(goto_step(session, "preview"))
    return None


def _obstacle_today(draft: Draft, facts: Facts) -> Obstacle | None:
    return obstacle(draft.outcome, facts.today)


def _goto_obstacle(session: Session, draft: Draft, facts: Facts) -> Session:
    """Goes to the step that fixes what keeps it from going out."""
    outcome, why_not = draft.outcome, _obstacle_today(draft, facts)
    if not outcome.parts:
        return goto_step(session, "you_said", part=draft.new_place)
    if why_not and why_not.field and why_not.place is not None:
        return goto_step(session, why_not.field, part=why_not.place, back=True)
    if not outcome.who:
        return goto_step(session, "who")
    undescribed = outcome.picture and not outcome.picture.described
    return goto_step(session, "picture_words" if undescribed else "change")


def _rows(draft: Draft, facts: Facts, why_not: Obstacle | None) -> tuple[Row, ...]:
    _ = facts.words
    ask = (Choice("ask", _("Ask a colleague")),)
    send: tuple[Row, ...] = ((Choice("send", _("Send now")), Choice("time", _("Choose a time"))), ask)
    if why_not:
        send = () if why_not.words == TOO_LONG else ((Choice("on", _("Go on")),),)
    elif facts[TeamRules].approval:
        send = (ask,)
    return (
        *send,
        (Choice("change", _("Change a part")), Choice("who", _("Who decided"))),
        (Choice("seeing", _("See it as they do")), Choice("words", _("In other words"))),
        (Choice("picture", _("Picture") if draft.outcome.picture else _("Add a picture")),),
        keep_row(_),
    )


def _approval_rows(draft: Draft, _: Words) -> tuple[Row, ...]:
    assert draft.approval is not None
    seen = fingerprint(draft.outcome, draft.approval.at)[:_SEEN]
    return (
        (Choice(f"yes:{seen}", _("Yes, send it")), Choice("not_yet", _("Not yet: say why"))),
        (Choice("seeing", _("See it as they do")), Choice("change", _("Change a part"))),
        (Choice("/home", _("Home"), aside=True),),
    )


def _recipient_lines(draft: Draft, facts: Facts) -> Iterator[str]:
    _, people = facts.words, facts[OutcomeAudience].people
    if people:
        yield _.many("It goes to {n} person who took part.", "It goes to {n} people who took part.", people)
        yield _("They see their own answer beside it.")
    else:
        yield _("Nobody gets a message, because nobody who took part can be reached.")
    yield _("It will be on /changed too, for everybody.")
    if draft.about.open:
        yield _("Nobody can change their answers after that: the consultation closes.")
    yield from quiet_hours_lines(facts)
    if draft.quotable:
        yield _.many(
            "{n} sentence may be quoted: it is under “Change a part”.",
            "{n} sentences may be quoted: they are under “Change a part”.",
            draft.quotable,
        )


def _approval_lines(draft: Draft, facts: Facts) -> Iterator[str]:
    """The state of the second person's approval."""
    _, asked = facts.words, draft.approval
    if asked is None:
        if facts[TeamRules].approval:
            yield _("Your team asks for a second person's yes before it goes out.")
    elif asked.state == "declined":
        yield _("A colleague says: not yet. “{why}”", why=asked.why)
    elif asked.state == "asked":
        yield _waiting_text(draft, facts)


def _waiting_text(draft: Draft, facts: Facts) -> str:
    _, asked = facts.words, draft.approval
    assert asked is not None
    if draft.is_asked_of(facts.person.id):
        if asked.at is None:
            return _("With your yes it goes out at once.")
        if asked.at <= facts.now:
            return _("The time that was chosen has passed: with your yes it goes out at once.")
        return _("With your yes it goes out on {when}.", when=_.date_time(asked.at))
    if asked.at is None:
        return _(
            "A colleague was asked for a yes: then it goes out at once. If you change anything, ask again."
        )
    return _(
        "A colleague was asked for a yes: then it goes out on {when}. If you change anything, ask again.",
        when=_.date_time(asked.at),
    )
