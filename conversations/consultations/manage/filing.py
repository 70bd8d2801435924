"""What a consultation is about: the headings and the area that its outcome is filed under."""

from conversations.consultations.consultation import OneConsultation
from conversations.consultations.effects import FileUnder
from conversations.consultations.manage.publish import back_to_detail, say_gone
from conversations.core.engine import Turn
from conversations.core.events import Chose, Event
from conversations.core.facts import Facts
from conversations.core.messages import Choice, Row, Say, Session
from conversations.core.pagination import in_rows, number_behind
from conversations.core.themes import THEMES, theme_names
from conversations.team.facts import TeamRules


def ask_filed(_session: Session, facts: Facts) -> Say:
    _, about = facts.words, facts[OneConsultation].about
    if about is None:
        return say_gone(_)
    names = theme_names(_)
    rows: list[Row] = in_rows([Choice(key, names[key], ticked=key in about.themes) for key in THEMES], 2)
    areas = enumerate(facts[TeamRules].areas)
    rows += in_rows([Choice(f"area:{n}", area, ticked=area == about.area) for n, area in areas], 2)
    done: Row = (Choice("done", _("Done")),)
    text = _(
        "What comes of it is found under these on /changed. Choose as many headings as fit, and one area."
    )
    return Say(text, heading=_("What is it about?"), rows=(*rows, done), replaces=True)


def take_filed(session: Session, event: Event, facts: Facts) -> Turn | None:
    """Each tap is stored at once; a second tap undoes it."""
    about, areas = facts[OneConsultation].about, facts[TeamRules].areas
    if about is None or (isinstance(event, Chose) and event.key == "done"):
        return back_to_detail(session)
    if not isinstance(event, Chose):
        return None
    if event.key in THEMES:
        themes = tuple(key for key in THEMES if (key in about.themes) != (key == event.key))
        return Turn(session, effects=(FileUnder(about.id, themes, about.area),))
    place = number_behind(event.key, "area:")
    if place is None or place >= len(areas):
        return None
    area = "" if areas[place] == about.area else areas[place]
    return Turn(session, effects=(FileUnder(about.id, about.themes, area),))
