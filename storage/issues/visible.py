"""The issues that the team sees: sent, used, and not kept from it by a case. What is about somebody's data it always sees."""

from sqlalchemy import and_, or_

from conversations.core.themes import DATA
from conversations.issues.issue import WAITING
from storage.people.using import is_used
from storage.safeguarding.kept_back import readable
from storage.tables import issues

_THEIRS = and_(readable(issues), or_(is_used(issues.c.person_id), issues.c.theme == DATA))
SENT = and_(issues.c.state != "draft", _THEIRS)
WAITS = and_(issues.c.state.in_(WAITING), _THEIRS)
FINISHED = and_(issues.c.state.not_in((*WAITING, "draft")), _THEIRS)
