"""Looks at what young people write for signs of danger, and leads them to help."""

from conversations.core.effects import Effect, WritesText
from conversations.core.engine import Needs, Turn
from conversations.core.events import Unreadable
from conversations.core.facts import Facts
from conversations.core.messages import Note, Say, Session
from conversations.core.record import Record, replace
from conversations.core.sitting import TEXT_MOST
from conversations.safeguarding.detector import LanguageShare, is_unread
from conversations.safeguarding.effects import AnswerInCase, MarkText, RaiseAlert, WhyMarked
from conversations.safeguarding.excerpt import excerpt
from conversations.safeguarding.help.ways import Helplines, helplines_for, say_with_help
from conversations.safeguarding.helplines import (
    quiet_help_text,
    too_fast_text,
    unread_words_text,
    unreadable_text,
)
from conversations.safeguarding.noticing import Lookout, Noticed, notice

SUPPORT = "support.choose"
# The prefix of its notes, which are stored among those of the step that the person returns to.
SUPPORTING = "support."


class Seen(Record):
    """What was noticed, and the words that it was noticed in: a text, or several in a row."""

    noticed: Noticed
    words: str


class NoticingGuard(Record):
    """The engine's guard, based on noticing in two tiers. `share_of` says how likely a text is in one of some languages."""

    lookout: Lookout
    share_of: LanguageShare
    needs: Needs = (Helplines,)

    def is_alarming(self, text: str) -> bool:
        found = notice(text, self.lookout)
        return found is not None and found.tier == "firm"

    def look_at(self, text: str, session: Session, turn: Turn, facts: Facts) -> Turn:
        """A firm sign leads to help first. A soft one, or a text that nothing here can read, marks the text and brings a
        quiet line of help below the reply, once in a sitting; neither where a helper reads the text anyway. Then the words
        wait for those that follow in a row.
        """
        seen = self._see(text, facts)
        if seen and seen.noticed.tier == "firm":
            return _redirect(self._alert(seen, session), seen.noticed, session, turn, facts)
        soft = seen is not None
        sitting = facts.sitting.after(text, facts.now, soft=soft)
        helper_reads = any(isinstance(effect, AnswerInCase) for effect in turn.effects)
        if helper_reads or not (soft or is_unread(text, self.lookout.signs.languages, self.share_of)):
            return replace(turn, sitting=sitting)
        if facts.sitting.offers(facts.now):
            turn = replace(turn, quiet=_quiet_line("soft" if soft else "unread", facts))
            sitting = replace(sitting, offered_at=facts.now)
        mark = self._mark(seen, text, session, turn)
        return replace(turn, effects=(*turn.effects, mark), sitting=sitting)

    def redirect_to_help(self, text: str, session: Session, turn: Turn, facts: Facts) -> Turn | None:
        """Shows the helplines first; the turn's effects still apply."""
        seen = self._see(text, facts) if text else None
        if seen is None or seen.noticed.tier == "soft":
            return None
        return _redirect(self._alert(seen, session), seen.noticed, session, turn, facts)

    def say_too_fast(self, facts: Facts) -> Say:
        return say_with_help(too_fast_text(facts.words, helplines_for(facts)), facts)

    def say_unreadable(self, kind: Unreadable, facts: Facts) -> Say:
        return say_with_help(unreadable_text(facts.words, kind, helplines_for(facts)), facts)

    def _see(self, text: str, facts: Facts) -> Seen | None:
        """The sign in a text, or in what somebody wrote in a row. A long text is looked at alone."""
        alone, before = notice(text, self.lookout), facts.sitting.row(facts.now)
        if (alone and alone.tier == "firm") or not before or len(text) > TEXT_MOST:
            return Seen(alone, text) if alone else None
        row = f"{before}\n{text}"
        together = notice(row, self.lookout)
        if together and (together.tier == "firm" or not (alone or facts.sitting.soft)):
            return Seen(together, row)
        return Seen(alone, text) if alone else None

    def _alert(self, seen: Seen, session: Session) -> RaiseAlert:
        return RaiseAlert(kind=seen.noticed.kind, step=session.step, text=self._excerpt(seen))

    def _mark(self, seen: Seen | None, text: str, session: Session, turn: Turn) -> MarkText:
        stored = next((effect for effect in turn.effects if isinstance(effect, WritesText)), None)
        why: WhyMarked = "soft" if seen else "unread"
        kind = seen.noticed.kind if seen else "request_for_help"
        return MarkText(why, kind, session.step, self._excerpt(seen) if seen else excerpt(text), stored)

    def _excerpt(self, seen: Seen) -> str:
        return excerpt(seen.words, lambda piece: _tier(notice(piece, self.lookout)) == seen.noticed.tier)


def _tier(noticed: Noticed | None) -> str | None:
    return noticed.tier if noticed else None


def _redirect(alert: RaiseAlert, seen: Noticed, session: Session, turn: Turn, facts: Facts) -> Turn:
    effects, sitting = (alert, *map(_as_alarming, turn.effects)), facts.sitting.after_sign()
    sign: dict[str, Note] = {
        f"{SUPPORTING}danger": seen.kind,
        f"{SUPPORTING}whose": seen.whose,
        f"{SUPPORTING}denied": seen.denied,
    }
    if session.step == SUPPORT:
        return Turn(session.with_notes(**sign), (), effects, sitting=sitting)
    after = turn.session
    notes: dict[str, Note] = {**after.notes, **sign, f"{SUPPORTING}back": after.step}
    there = replace(after, step=SUPPORT, visit=session.visit + 1, notes=notes)
    return Turn(there, (), effects, sitting=sitting)


def _as_alarming(effect: Effect) -> Effect:
    return replace(effect, alarming=True) if isinstance(effect, WritesText) else effect


def _quiet_line(why: WhyMarked, facts: Facts) -> Say:
    _, helplines = facts.words, helplines_for(facts)
    if why == "soft":
        return Say(quiet_help_text(_, helplines))
    return say_with_help(unread_words_text(_, helplines), facts)
