"""What comes after an outcome: did we get it right, and has what was promised really happened?"""

from conversations.followup import comments as adding
from conversations.followup import happened, pulse, revisit
from conversations.followup import report as seen
from conversations.followup import trends as time
from conversations.followup import verdict as judging

_FLOWS = (judging, pulse, adding, revisit, happened, seen, time)

STEPS = tuple(step for flow in _FLOWS for step in flow.STEPS)
OPENINGS = (*judging.OPENINGS, *revisit.OPENINGS, *happened.OPENINGS)
