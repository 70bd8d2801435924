"""What comes after an outcome: did we get it right, and has what was promised really happened?"""

from conversations.after import adding, happened, judging, pulse, revisit, seen, time

_FLOWS = (judging, pulse, adding, revisit, happened, seen, time)

STEPS = tuple(step for flow in _FLOWS for step in flow.STEPS)
OPENINGS = (*judging.OPENINGS, *revisit.OPENINGS, *happened.OPENINGS)
