"""The issues that the team sees: sent, and not kept from it by a case."""

from sqlalchemy import and_

from conversations.issues.issue import WAITING
from storage.safeguarding.kept_back import readable
from storage.tables import issues

SENT = and_(issues.c.state != "draft", readable(issues))
WAITS = and_(issues.c.state.in_(WAITING), readable(issues))
FINISHED = and_(issues.c.state.not_in((*WAITING, "draft")), readable(issues))
