"""A Bot API server for benchmarks, in a separate process: it checks nothing, so it costs little. The strict
double judges what is sent (tests/botapi); this one only counts it, and has people inside who answer.
"""

from tests.bench.stage.process import Played, Sent, Stage

__all__ = ["Played", "Sent", "Stage"]
