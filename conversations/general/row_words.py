"""What the rows of /mydata are called, and how their values read."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from conversations.core.i18n import N_, Words
from conversations.core.text import shorten
from conversations.general.facts import MyRows

TABLES: Mapping[str, str] = {
    "people": N_("You"),
    "doors": N_("Where you use Heard"),
    "sessions": N_("Where we are"),
    "roles": N_("Your part in the team"),
    "team_names": N_("Your name in the team"),
    # For staff.
    "team_days": N_("The days when you were here for the team"),
    # For staff.
    "passkeys": N_("Your passkeys"),
    # For staff.
    "sign_in_links": N_("You at the council's own sign-in"),
    "rota": N_("Your hours on the rota"),
    "invites": N_("Links that you made"),
    "writers": N_("Answers to young people that you worked on"),
    "ways": N_("Ways you chose"),
    "taking_part": N_("What you took part in"),
    "answers": N_("Your answers"),
    "quotes": N_("What may be quoted"),
    "issues": N_("What you raised"),
    "issue_entries": N_("What you and the team wrote about it"),
    "judgements": N_("What you said about our answers"),
    "revisit_answers": N_("What you said about promises"),
    "marks": N_("What else you wrote"),
    "cases": N_("Cases, to help you be safe"),
    "case_entries": N_("What you and whoever helps you wrote to each other"),
    "outbox": N_("What we wrote to you, and what you wrote back"),
}
DONE = N_("What you did in the team: {table}")
COLUMNS: Mapping[str, str] = {
    "added_at": N_("added"),
    "address": N_("chat number"),
    "agreed_at": N_("you agreed"),
    "area": N_("area"),
    "at": N_("when"),
    "audience": N_("who listened"),
    "band": N_("age"),
    "band_asked_at": N_("age asked"),
    "case_id": N_("case"),
    "consultation_id": N_("questions about"),
    "created_at": N_("here since"),
    "day": N_("day"),
    "dormant_since": N_("told that I would forget you"),
    "due": N_("to be sent"),
    "ends": N_("until"),
    "expires_at": N_("over"),
    "finished_at": N_("finished"),
    "frequency": N_("messages you want"),
    "got_it_right": N_("we got it right"),
    "held": N_("not published yet"),
    # For staff.
    "host": N_("works at"),
    "id": N_("number"),
    "influence": N_("what it changed"),
    "issue_id": N_("number"),
    "kind": N_("kind"),
    "lane": N_("in which line"),
    "language": N_("language"),
    "left_at": N_("left a page"),
    # For staff.
    "made_at": N_("made"),
    "message": N_("number of the message"),
    "missed": N_("answer missed"),
    "notes": N_("notes"),
    "offered_at": N_("help offered"),
    "option": N_("choice"),
    "outcome_id": N_("number of our answer"),
    "question": N_("question"),
    "reachable": N_("my messages arrive"),
    "remind_on": N_("team reminded"),
    "reply_by": N_("answer by"),
    "return_hash": N_("has a return code"),
    "revisit_id": N_("number of the promise"),
    "role": N_("role"),
    "says": N_("you said"),
    "sealed": N_("words"),
    "set_aside": N_("set aside"),
    "settled_at": N_("sent or shown"),
    "shared": N_("shared device"),
    "signed_in_until": N_("signed in until"),
    "since": N_("last minute began"),
    "skipped": N_("skipped"),
    "space": N_("space to speak"),
    "started_at": N_("began"),
    "starts": N_("from"),
    "state": N_("state"),
    "step": N_("place"),
    "stopped_at": N_("stopped messages"),
    "theme": N_("heading"),
    "turns": N_("things done in that minute"),
    "unused_since": N_("what you said isn't used since"),
    "unread": N_("not read yet"),
    "used_at": N_("last used"),
    "version": N_("how Heard writes"),
    "voice": N_("help to speak"),
    "way": N_("way"),
    "weekdays": N_("weekdays"),
    "words": N_("typed last"),
    "words_at": N_("typed when"),
}


def headed_rows(mine: MyRows, _: Words, most: int) -> Iterator[tuple[str, list[list[str]]]]:
    """Each table's heading, and its rows: a line for each value, which is cut at `most` letters."""
    for table in mine.tables:
        heading = _(TABLES[table.name]) if table.name in TABLES else _(DONE, table=table.name)
        yield heading, [_row_lines(row, _, most) for row in table.rows]


def _row_lines(row: Mapping[str, object], _: Words, most: int) -> list[str]:
    named = ((_(COLUMNS.get(name, COLUMNS["at"])), value) for name, value in row.items())
    return [_("{name}: {value}", name=name, value=shorten(_text(value, _), most)) for name, value in named]


def _text(value: object, _: Words) -> str:
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case datetime():
            return f"{_.long_date(value)}, {value.astimezone(_.zone):%H:%M}"
        case date():
            return _.long_date(value)
        case time():
            return f"{value:%H:%M}"
        case Mapping():
            return _.comma_list(f"{key} {one}" for key, one in value.items())
    return str(value)
