"""What those who work on a case are told of it: its number, never a word of it."""

from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.safeguarding.case_words import may_read
from conversations.safeguarding.cases import case_name
from conversations.safeguarding.facts import OneCase
from conversations.team.members import member_name


def say_handed(_session: Session, facts: Facts) -> Say | None:
    """To whoever is asked to take a case over; None if that was taken back."""
    _, case = facts.words, facts[OneCase].case
    if case is None or not case.offered_to_you:
        return None
    return _about(
        case.id,
        _("{case} is handed to you. It is yours once you press “I'm on it”.", case=case_name(case, _)),
        facts,
    )


def say_not_handed(_session: Session, facts: Facts) -> Say | None:
    """To whoever handed a case over to somebody whom that did not reach; None once it is settled."""
    _, case = facts.words, facts[OneCase].case
    if case is None or not case.offered_to or not case.taken_by_you:
        return None
    text = _(
        "{case} is still yours: {who} may not have heard that you hand it over.",
        case=case_name(case, _),
        who=member_name(case.offered_to, _),
    )
    return _about(case.id, text, facts)


def say_taken_over(_session: Session, facts: Facts) -> Say | None:
    """To whoever had a case that somebody else took over."""
    _, case = facts.words, facts[OneCase].case
    if case is None or case.taken_by_you:
        return None
    return _about(
        case.id, _("{case}: somebody else in the team is on it now.", case=case_name(case, _)), facts
    )


def say_answered(_session: Session, facts: Facts) -> Say | None:
    """To whoever is on a case whose person wrote. It reaches others where those may not have heard of it."""
    _, case = facts.words, facts[OneCase].case
    if case is None:
        return None
    if may_read(facts.person, taken_by_them=case.taken_by_you):
        text = _("There is an answer in case {number}. Read it on the web page.", number=case.id)
    elif case.taken_at is None:
        text = _(
            "There is an answer in case {number}. Press “I'm on it”, then you can read it on the web page.",
            number=case.id,
        )
    else:
        text = _(
            "There is an answer in case {number}. Whoever is on it may not have heard of it: tell them, or ask a lead to hand the case to you.",
            number=case.id,
        )
    return _about(case.id, text, facts)


def _about(number: int, text: str, facts: Facts) -> Say:
    _ = facts.words
    rows: tuple[Row, ...] = ((Choice(f"/cases {number}", _("See the case")),),)
    return Say(text, heading=_("Safeguarding"), rows=rows)
