"""Where an error was raised, for a log that must not hold what was said."""


def error_place(error: BaseException) -> str:
    """The file and line where an error was raised; nothing of what was said."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
