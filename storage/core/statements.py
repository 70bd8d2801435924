"""Statements that are carried out in every turn: built and compiled once, and given to the driver as they are.

SQLAlchemy writes them, for both databases. What it does again for each execution costs several times what the database
does; see decision 17.
"""

import asyncio
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Table, Update
from sqlalchemy import Insert as AnyInsert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.sql.compiler import SQLCompiler

Insert = Callable[[Table], sqlite.Insert | postgresql.Insert]
Build = Callable[[Insert], Executable]
Convert = Callable[[Any], Any]


class Rows:
    """What came back, all of it; to be read as SQLAlchemy's own results are."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int = -1) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        """The first row; None where there is none."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The only row."""
        if not self._rows:
            raise NoResultFound
        if len(self._rows) > 1:
            raise MultipleResultsFound
        return self._rows[0]

    def scalar(self) -> Any:
        """The first column of the first row; None where there is none."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalars(self) -> "Rows":
        """The first column alone."""
        return Rows([row[0] for row in self._rows], self.rowcount)


class Prepared:
    """A statement for both databases. `build` gets the INSERT that knows ON CONFLICT, which each has its own of."""

    def __init__(self, build: Build) -> None:
        self._built: Mapping[str, Executable] = {
            "sqlite": build(sqlite.insert),
            "postgresql": build(postgresql.insert),
        }
        # What writes has the columns that it is given; what reads is the same whatever it is given.
        self._writes = isinstance(self._built["sqlite"], AnyInsert | Update)
        self._compiled: dict[tuple[str, ...] | str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        """Carries it out once. Raises what SQLAlchemy raises."""
        return self._of(connection, values).run(connection, values)

    def run_each(self, connection: Connection, values: Sequence[Mapping[str, Any]]) -> None:
        """Carries it out once for each of these, which all name the same. What comes back is nobody's."""
        self._of(connection, values[0]).run_each(connection, values)

    def _of(self, connection: Connection, values: Mapping[str, Any]) -> "_Compiled":
        dialect = connection.dialect
        key = (dialect.name, *values) if self._writes else dialect.name
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _Compiled(self._built[dialect.name], dialect, values)
        return compiled


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """All that is done within it or, where that raises, nothing of it."""
    _said(connection, "SAVEPOINT within")
    try:
        yield
    except BaseException:
        if in_transaction(connection):
            _said(connection, "ROLLBACK TO SAVEPOINT within")
            _said(connection, "RELEASE SAVEPOINT within")
        raise
    _said(connection, "RELEASE SAVEPOINT within")


def in_transaction(connection: Connection) -> bool:
    """Whether the transaction still stands. SQLite gives it up as a whole where it cannot go on: a full disk."""
    if connection.invalidated:
        return False
    driver = connection.connection.driver_connection
    return connection.dialect.name != "sqlite" or (driver is not None and bool(driver.in_transaction))


def _said(connection: Connection, sql: str) -> None:
    """One of the words that have no values and give nothing back."""
    cursor = _cursor(connection)
    try:
        cursor.execute(sql)
    except _errors(connection.dialect) as fault:
        raise _told(connection, sql, fault) from fault
    finally:
        cursor.close()


class _Compiled:
    """One statement in one database's words, with what turns values into the driver's, and back."""

    def __init__(self, statement: Executable, dialect: Dialect, values: Mapping[str, Any]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(values))  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        fetched_before = [*compiled.insert_prefetch, *compiled.update_prefetch]
        assert not fetched_before, "defaults belong into the database"
        lists = {name for name, bind in compiled.binds.items() if bind.expanding}
        assert not lists & values.keys(), "a list is written out when it is given: that is not for here"
        state = compiled.construct_expanded_state(dict(values))
        self._sql, self._order = state.statement, tuple(state.positiontup or ())
        found = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        } | dict(state.processors)
        converts = {name: convert for name, convert in found.items() if convert}
        self._pick = _picking(self._order)
        self._binds = [
            (place, converts[name])
            for place, name in enumerate(self._order)
            if name in converts and name in values
        ]
        self._fixed = {
            name: converts.get(name, _as_it_is)(state.parameters[name])
            for name in self._order
            if name not in values
        }
        self._columns = list(getattr(statement, "exported_columns", ()))
        self._row = _row_of([getattr(column, "name", "_") for column in self._columns])
        self._converts: list[tuple[int, Convert]] | None = None

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        found, rowcount, description = self._done(connection, self._given(values))
        if self._converts is None and description:
            self._converts = self._back(connection.dialect, description)
        make = self._made if self._converts else self._row
        return Rows([make(row) for row in found], rowcount)

    def run_each(self, connection: Connection, values: Sequence[Mapping[str, Any]]) -> None:
        self._done(connection, [self._given(each) for each in values], many=True)

    def _done(self, connection: Connection, given: Any, *, many: bool = False) -> tuple[list[Any], int, Any]:
        """What came back, how many rows it concerned, and what the driver says of the columns."""
        cursor = _cursor(connection)
        try:
            (cursor.executemany if many else cursor.execute)(self._sql, given)
            if many or not self._columns:
                return [], cursor.rowcount, None
            return cursor.fetchall(), cursor.rowcount, cursor.description
        except _errors(connection.dialect) as fault:
            raise _told(connection, self._sql, fault) from fault
        except asyncio.CancelledError as fault:  # broken off in the middle: nobody knows what comes back next
            connection.invalidate(fault)
            raise
        finally:
            cursor.close()

    def _given(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        given = self._pick({**self._fixed, **values} if self._fixed else values)
        if not self._binds:
            return given
        cells = list(given)
        for place, convert in self._binds:
            cells[place] = convert(cells[place])
        return tuple(cells)

    def _made(self, row: Any) -> Any:
        cells = list(row)
        for place, convert in self._converts or ():
            cells[place] = convert(cells[place])
        return self._row(cells)

    def _back(self, dialect: Dialect, description: Any) -> list[tuple[int, Convert]]:
        """What turns the driver's values into ours, by column; most need nothing."""
        found = (
            (place, column.type.dialect_impl(dialect).result_processor(dialect, description[place][1]))
            for place, column in enumerate(self._columns)
        )
        return [(place, convert) for place, convert in found if convert]


def _picking(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """What takes these out of the values, in this order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _row_of(names: list[str]) -> Convert:
    """What makes a row of its cells, so that they can be called by their columns' names."""
    kind: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - named at run time
    return partial(tuple.__new__, kind)


def _cursor(connection: Connection) -> Any:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    return driver.cursor()


def _as_it_is(value: Any) -> Any:
    return value


def _errors(dialect: Dialect) -> type[Exception]:
    error: type[Exception] = dialect.loaded_dbapi.Error
    return error


def _told(connection: Connection, sql: str, fault: Exception) -> BaseException:
    """The driver's error as SQLAlchemy tells it; a connection that was lost is not used again."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(fault, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(fault)
    return DBAPIError.instance(
        sql,
        None,
        fault,
        _errors(dialect),
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
