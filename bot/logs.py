"""Logging setup. A log line says what happened and where in the code: no message text, name, id or token."""

import contextlib
import io
import logging
import sys
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

log = structlog.get_logger()


def set_up(*, style: str, level: str) -> None:
    """Sends all logs to standard error, as text or as one JSON object a line. Uncaught errors and warnings are logged
    the same way, because what Python prints of them may contain what somebody wrote.
    """
    plain = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    drawn: Processor = structlog.processors.JSONRenderer() if style == "json" else plain
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _drop_traceback,
            drawn,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(_StandardError()),
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_LocationOnlyHandler()], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda thread: _log_critical("uncaught error in a thread", thread.exc_value)
    sys.unraisablehook = lambda lost: _log_critical("unraisable error", lost.exc_value)


class _StandardError(io.TextIOBase, TextIO):
    """The current `sys.stderr`. A failing write is ignored, so that logging never stops the program."""

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()
        return len(text)


def _drop_traceback(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    event.pop("exc_info", None)
    event.pop("stack_info", None)
    return event


class _LocationOnlyHandler(logging.Handler):
    """Logs that a library reported something, and the type of its error, but not its text."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        place = f"{record.filename}:{record.lineno}"
        log.log(record.levelno, "library message", library=record.name, at=place, **_error_fields(error))


def _log_uncaught(kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _log_critical("stopped by an unexpected error", error)


def _log_critical(what: str, error: BaseException | None) -> None:
    log.critical(what, **_error_fields(error))


def _error_fields(error: BaseException | None) -> dict[str, str]:
    """The type of an error, and the lines of code that it came through; never its text."""
    if error is None:
        return {}
    return {"kind": type(error).__name__, "through": " > ".join(_trace_lines(error.__traceback__))}


def _trace_lines(trace: TracebackType | None) -> Iterator[str]:
    while trace:
        yield f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
