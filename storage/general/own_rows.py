"""Reads everything that the tables hold about one person, for /mydata."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, LargeBinary, select

from conversations.core.channels import BY_NAME
from conversations.core.messages import Say
from conversations.general.facts import KeptTable, MyRows
from storage.core import json_codec
from storage.core.sealing import SealedColumns
from storage.core.unit_of_work import Db
from storage.general.about_people import ABOUT_PEOPLE, DONE_BY, AboutPerson
from storage.outbox.outbox import NOT_KEPT
from storage.security.erasure_log import KEPT_FOR
from storage.tables import consultations, doors, metadata, outbox

_CODES = select(consultations.c.id, consultations.c.code)


def rows_of(db: Db, person: int, sealed: SealedColumns) -> MyRows:
    """All rows about a person, opened. Tables that hold none are left out."""
    opening = {one.column: one.context for one in sealed}
    codes = {row.id: row.code for row in db.run(_CODES)}
    found = [
        KeptTable(one.table.name, tuple(_rows(db, one, person, opening, codes)), one.withheld)
        for one in ABOUT_PEOPLE
    ]
    done = (KeptTable(name, rows, {}) for name, rows in _done_by(db, person))
    return MyRows(tuple(one for one in (*found, *done) if one.rows), KEPT_FOR.days)


def _rows(
    db: Db, one: AboutPerson, person: int, opening: Mapping[Column[Any], Any], codes: Mapping[int, str]
) -> Iterator[Mapping[str, object]]:
    found = db.run(select(one.table).where(one.whose).order_by(*one.table.primary_key), {"person": person})
    for row in found.mappings().all():
        values = {name: _value(db, one.table.c[name], row, opening, codes) for name in one.shown}
        yield {name: value for name, value in values.items() if value not in (None, "")}


def _value(
    db: Db,
    column: Column[Any],
    row: Mapping[Any, Any],
    opening: Mapping[Column[Any], Any],
    codes: Mapping[int, str],
) -> object:
    value = row[column.name]
    if value is None:
        return None
    if column.name == "consultation_id":
        return codes.get(value)
    if column not in opening:
        return True if isinstance(column.type, LargeBinary) else value  # a hash: that there is one
    # A page's address is the key to it; what is shown only once stays so.
    if column is doors.c.address and not BY_NAME[row["kind"]].pushes:
        return None
    if column is outbox.c.sealed and row["kind"] in NOT_KEPT:
        return None
    text = db.vault.open(value, opening[column](row))
    return json_codec.loads(text, Say).whole if column is outbox.c.sealed else text


def _done_by(db: Db, person: int) -> Iterator[tuple[str, tuple[Mapping[str, object], ...]]]:
    """What somebody did as a member of the team: the number of each thing, and when."""
    for where, moment in DONE_BY.items():
        table, _, column = where.partition(".")
        columns = metadata.tables[table].c
        if moment is None:
            continue
        keys = [one for one in columns if one.primary_key and not isinstance(one.type, LargeBinary)]
        mine = select(*keys, columns[moment]).where(columns[column] == person).order_by(columns[moment])
        yield where, tuple({**row} for row in db.run(mine).mappings().all())
