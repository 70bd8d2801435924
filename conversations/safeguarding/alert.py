"""The alert about a case: its number and kind, never what was written."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from conversations.core.facts import Facts
from conversations.core.i18n import Words
from conversations.core.messages import Choice, Row, Say, Session
from conversations.safeguarding.detector import DangerKind
from conversations.safeguarding.facts import AlertedCases, Case

_A_WHILE = timedelta(minutes=5)  # within it, an alert is about something that has only just happened


def say_alert(_session: Session, facts: Facts) -> Say | None:
    """Somebody may need help. It gives numbers and kinds, never what was written."""
    cases = facts[AlertedCases].cases
    if len(cases) == 1:
        return alert_message(cases[0], facts.words, facts.now)
    waiting = [case for case in cases if case.taken_at is None]
    return _alert_that_counts(waiting, facts.words) if waiting else None


def alert_message(case: Case, _: Words, now: datetime) -> Say:
    """The alert that a lead gets at once. One that comes later says that nobody is on the case."""
    if case.wants_call:
        text = _("Case {number}: they'd like somebody to get in touch. Look at it now.", number=case.id)
    else:
        text = _(
            "Case {number}: somebody may not be safe. {kind} Look at it now.",
            number=case.id,
            kind=kind_names(_)[case.kind],
        )
    if case.signs > 1:
        text += " " + _.many("{n} message had such a sign.", "{n} messages had such signs.", case.signs)
    if case.taken_at is None and now - case.opened_at > _A_WHILE:
        text += " " + _("Nobody is on it yet.")
    rows: tuple[Row, ...] = ((Choice(f"/cases {case.id}", _("See the case")),),)
    return Say(text, heading=_("Safeguarding"), rows=rows)


def _alert_that_counts(cases: Sequence[Case], _: Words) -> Say:
    """One alert about many cases."""
    text = _.many(
        "{n} case since {moment}. Somebody may not be safe, and nobody is on it yet. Look at it now.",
        "{n} cases since {moment}. In each, somebody may not be safe, and nobody is on it yet. Look at them now.",
        len(cases),
        moment=_.date_time(min(case.opened_at for case in cases)),
    )
    of_kind = Counter(case.kind for case in cases)
    kinds = (f"· {of_kind[kind]}: {name}" for kind, name in kind_names(_).items() if kind in of_kind)
    rows: tuple[Row, ...] = ((Choice("/cases", _("See the cases")),),)
    return Say("\n".join((text, *kinds)), heading=_("Safeguarding"), rows=rows)


def kind_names(_: Words) -> dict[DangerKind, str]:
    """What each kind of sign may mean, as a cautious sentence."""
    return {
        "suicide": _("They may be thinking of ending their life."),
        "self_harm": _("They may be hurting themselves."),
        "abuse": _("Somebody may be hurting them."),
        "exploitation": _("Somebody may be using them."),
        "violence": _("There may be violence around them."),
        "harm_to_others": _("They may be thinking of hurting somebody."),
        "unsafe_now": _("They may not be safe where they are."),
        "neglect": _("They may not be looked after."),
        "radicalisation": _("Somebody may be leading them towards hate or violence."),
        "eating": _("They may have trouble with eating."),
        "request_for_help": _("They asked for help."),
    }
