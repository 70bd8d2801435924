"""Checks what young people write for signs of danger, and leads them to help first."""

from conversations.core.effects import Effect, WritesText
from conversations.core.engine import Needs, Turn
from conversations.core.events import Unreadable
from conversations.core.facts import Facts
from conversations.core.messages import Note, Say, Session
from conversations.core.record import Record, replace
from conversations.safeguarding.detector import Signs, is_unread, scan
from conversations.safeguarding.effects import RaiseAlert
from conversations.safeguarding.excerpt import excerpt
from conversations.safeguarding.help.ways import Helplines, helplines_for, say_with_help
from conversations.safeguarding.helplines import too_fast_text, unread_words_text, unreadable_text

SUPPORT = "support.choose"
# The prefix of its notes, which are stored among those of the step that the person returns to.
SUPPORTING = "support."


class WordLists(Record):
    """The engine's guard, based on word lists."""

    signs: Signs
    needs: Needs = (Helplines,)

    def is_alarming(self, text: str) -> bool:
        return scan(text, self.signs) is not None

    def redirect_to_help(self, text: str, session: Session, turn: Turn) -> Turn | None:
        """Shows the helplines first; the turn's effects still apply."""
        seen = scan(text, self.signs)
        if seen is None:
            return None
        kept = excerpt(text, seen, self.signs)
        raised = RaiseAlert(kind=seen.kind, step=session.step, text=kept)
        effects = (raised, *map(_as_alarming, turn.effects))
        sign: dict[str, Note] = {
            f"{SUPPORTING}danger": seen.kind,
            f"{SUPPORTING}whose": seen.whose,
            f"{SUPPORTING}denied": seen.denied,
        }
        if session.step == SUPPORT:
            return Turn(session.with_notes(**sign), (), effects)
        after = turn.session
        notes: dict[str, Note] = {**after.notes, **sign, f"{SUPPORTING}back": after.step}
        return Turn(replace(after, step=SUPPORT, visit=session.visit + 1, notes=notes), (), effects)

    def say_unsure(self, text: str, facts: Facts) -> Say | None:
        """Warns that a text in a script without a word list was kept but not checked."""
        if not is_unread(text):
            return None
        return say_with_help(unread_words_text(facts.words, helplines_for(facts)), facts)

    def say_too_fast(self, facts: Facts) -> Say:
        return say_with_help(too_fast_text(facts.words, helplines_for(facts)), facts)

    def say_unreadable(self, kind: Unreadable, facts: Facts) -> Say:
        return say_with_help(unreadable_text(facts.words, kind, helplines_for(facts)), facts)


def _as_alarming(effect: Effect) -> Effect:
    return replace(effect, alarming=True) if isinstance(effect, WritesText) else effect
