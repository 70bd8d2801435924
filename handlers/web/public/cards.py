"""An outcome as a card on a page, all of it in one language."""

from conversations.changes.register import RegisterEntry
from conversations.core.i18n import Library, Words
from conversations.core.text import shorten
from conversations.core.themes import theme_names
from conversations.outcomes.message import language_note
from conversations.outcomes.outcome import Outcome
from conversations.outcomes.outcome import Part as OnePart
from conversations.outcomes.wording import history_lines, reading_words, text_of, title_of
from conversations.team.corrections import correction_lines
from handlers.web.public.query import PageQuery
from handlers.web.public.views import Card, PartView

_DESCRIPTION = 200  # characters in a link preview


def card(outcome: Outcome, entry: RegisterEntry, query: PageQuery, library: Library, smallest: int) -> Card:
    """Builds a card. Fewer than `smallest` people are not counted in public."""
    reader = library.words(query.language, query.version)
    _ = reading_words(outcome, reader, library)
    late = {part.place for part in entry.parts if part.late}
    picture, names = outcome.picture, theme_names(reader)
    return Card(
        title_of(outcome.about, _),
        tuple(_part(outcome, part, _, late=part.place in late) for part in outcome.parts),
        text_of(outcome, outcome.who, _),
        _.long_date(outcome.published) if outcome.published else "",
        read=_,
        only_in=language_note(_, reader),
        sample=outcome.about.sample,
        picture=f"/changed/picture/{outcome.id}?v={picture.digest[:12]}" if picture else "",
        described=text_of(outcome, picture.described, _) if picture else "",
        address=query.outcome_page(outcome.id).address(),
        people=people(outcome.people, smallest, reader),
        corrected=tuple(correction_lines(outcome.corrections, _)),
        filed=(
            *(names[theme] for theme in sorted(entry.themes) if theme in names),
            *filter(None, (entry.area,)),
        ),
    )


def people(number: int, smallest: int, _: Words) -> str:
    """Says how many took part; below `smallest`, only that they were fewer."""
    if not number:
        return ""
    if number < smallest:
        return _("Fewer than {n} people took part.", n=smallest)
    return _.many("{n} person took part.", "{n} people took part.", number)


def preview_text(found: Card) -> str:
    """The description for a link preview: the first part, what was said and what came of it."""
    first = found.parts[0]
    return shorten(f"{first.you_said} → {first.words}" if first.you_said else first.words, _DESCRIPTION)


def _part(outcome: Outcome, part: OnePart, _: Words, *, late: bool) -> PartView:
    assert part.decision is not None, "nothing is published without one"
    return PartView(
        kind=part.decision,
        words=text_of(outcome, part.what, _),
        you_said=text_of(outcome, part.you_said, _),
        we_heard=text_of(outcome, part.we_heard, _),
        because=text_of(outcome, part.because, _),
        who=text_of(outcome, part.owner, _),
        by=_.long_date(part.due) if part.due else "",
        quote=part.quote.words if part.quote else "",
        late=late,
        since=tuple(history_lines(part, _)),
    )
