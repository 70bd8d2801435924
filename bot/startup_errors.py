"""What keeps Heard from starting, other than the database."""


class CannotStart(Exception):
    """Heard cannot start as it is set up. The message says what to do."""
