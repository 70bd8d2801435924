"""Statements that run in every turn: SQLAlchemy compiles them once for both databases, and they go straight to the driver.

SQLAlchemy's own work for each execution costs several times what the database does; see decision 17.
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
    """All rows of a result, with the methods of SQLAlchemy's results."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int = -1) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        """The first row; None if there is none."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The only row. Raises NoResultFound or MultipleResultsFound."""
        if not self._rows:
            raise NoResultFound
        if len(self._rows) > 1:
            raise MultipleResultsFound
        return self._rows[0]

    def scalar(self) -> Any:
        """The first column of the first row; None if there is none."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalars(self) -> "Rows":
        """The first column of each row."""
        return Rows([row[0] for row in self._rows], self.rowcount)


class Prepared:
    """A statement for both databases. `build` gets the database's own `insert`, which supports ON CONFLICT."""

    def __init__(self, build: Build) -> None:
        self._built: Mapping[str, Executable] = {
            "sqlite": build(sqlite.insert),
            "postgresql": build(postgresql.insert),
        }
        # An INSERT or UPDATE has the columns that it is given, so each set of names is compiled apart.
        self._writes = isinstance(self._built["sqlite"], AnyInsert | Update)
        self._compiled: dict[tuple[str, ...] | str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        """Runs it once with these values by name. Raises what SQLAlchemy raises."""
        return self._compiled_for(connection, values).run(connection, values)

    def run_each(self, connection: Connection, values: Sequence[Mapping[str, Any]]) -> None:
        """Runs it once for each of these values, which must all have the same names. Results are dropped."""
        self._compiled_for(connection, values[0]).run_each(connection, values)

    def _compiled_for(self, connection: Connection, values: Mapping[str, Any]) -> "_Compiled":
        dialect = connection.dialect
        key = (dialect.name, *values) if self._writes else dialect.name
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _Compiled(self._built[dialect.name], dialect, values)
        return compiled


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undoes the statements in its block if that raises."""
    _execute_plain(connection, "SAVEPOINT within")
    try:
        yield
    except BaseException:
        if in_transaction(connection):
            _execute_plain(connection, "ROLLBACK TO SAVEPOINT within")
            _execute_plain(connection, "RELEASE SAVEPOINT within")
        raise
    _execute_plain(connection, "RELEASE SAVEPOINT within")


def in_transaction(connection: Connection) -> bool:
    """Whether the transaction is still open. SQLite rolls it back by itself on some faults, such as a full disk."""
    if connection.invalidated:
        return False
    driver = connection.connection.driver_connection
    return connection.dialect.name != "sqlite" or (driver is not None and bool(driver.in_transaction))


def _execute_plain(connection: Connection, sql: str) -> None:
    """Executes SQL without values or results."""
    cursor = _cursor(connection)
    try:
        cursor.execute(sql)
    except _driver_error(connection.dialect) as fault:
        raise _as_dbapi_error(connection, sql, fault) from fault
    finally:
        cursor.close()


class _Compiled:
    """One statement compiled for one database, with its converters of values and results."""

    def __init__(self, statement: Executable, dialect: Dialect, values: Mapping[str, Any]) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(values))  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        fetched_before = [*compiled.insert_prefetch, *compiled.update_prefetch]
        assert not fetched_before, "defaults belong in the database"
        lists = {name for name, bind in compiled.binds.items() if bind.expanding}
        assert not lists & values.keys(), "expanding lists cannot be compiled once"
        state = compiled.construct_expanded_state(dict(values))
        self._sql, self._order = state.statement, tuple(state.positiontup or ())
        found = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in compiled.binds.items()
        } | dict(state.processors)
        converts = {name: convert for name, convert in found.items() if convert}
        self._pick = _picker(self._order)
        self._binds = [
            (place, converts[name])
            for place, name in enumerate(self._order)
            if name in converts and name in values
        ]
        self._fixed = {
            name: converts.get(name, _identity)(state.parameters[name])
            for name in self._order
            if name not in values
        }
        self._columns = list(getattr(statement, "exported_columns", ()))
        self._row = _row_factory([getattr(column, "name", "_") for column in self._columns])
        self._converts: list[tuple[int, Convert]] | None = None

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        found, rowcount, description = self._execute(connection, self._bind(values))
        if self._converts is None and description:
            self._converts = self._result_converters(connection.dialect, description)
        make = self._convert_row if self._converts else self._row
        return Rows([make(row) for row in found], rowcount)

    def run_each(self, connection: Connection, values: Sequence[Mapping[str, Any]]) -> None:
        self._execute(connection, [self._bind(each) for each in values], many=True)

    def _execute(
        self, connection: Connection, given: Any, *, many: bool = False
    ) -> tuple[list[Any], int, Any]:
        """The rows, the row count, and the driver's description of the columns."""
        cursor = _cursor(connection)
        try:
            (cursor.executemany if many else cursor.execute)(self._sql, given)
            if many or not self._columns:
                return [], cursor.rowcount, None
            return cursor.fetchall(), cursor.rowcount, cursor.description
        except _driver_error(connection.dialect) as fault:
            raise _as_dbapi_error(connection, self._sql, fault) from fault
        except asyncio.CancelledError as fault:  # the connection's protocol state is unknown now
            connection.invalidate(fault)
            raise
        finally:
            cursor.close()

    def _bind(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        given = self._pick({**self._fixed, **values} if self._fixed else values)
        if not self._binds:
            return given
        cells = list(given)
        for place, convert in self._binds:
            cells[place] = convert(cells[place])
        return tuple(cells)

    def _convert_row(self, row: Any) -> Any:
        cells = list(row)
        for place, convert in self._converts or ():
            cells[place] = convert(cells[place])
        return self._row(cells)

    def _result_converters(self, dialect: Dialect, description: Any) -> list[tuple[int, Convert]]:
        """The columns whose values need converting, with their converters."""
        found = (
            (place, column.type.dialect_impl(dialect).result_processor(dialect, description[place][1]))
            for place, column in enumerate(self._columns)
        )
        return [(place, convert) for place, convert in found if convert]


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """A function that picks these names out of the values, in this order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


def _row_factory(names: list[str]) -> Convert:
    """A function that makes a named tuple of a row's cells."""
    kind: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - named at run time
    return partial(tuple.__new__, kind)


def _cursor(connection: Connection) -> Any:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    return driver.cursor()


def _identity(value: Any) -> Any:
    return value


def _driver_error(dialect: Dialect) -> type[Exception]:
    error: type[Exception] = dialect.loaded_dbapi.Error
    return error


def _as_dbapi_error(connection: Connection, sql: str, fault: Exception) -> BaseException:
    """The driver's error, wrapped as SQLAlchemy does. Invalidates a lost connection."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(fault, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(fault)
    return DBAPIError.instance(
        sql,
        None,
        fault,
        _driver_error(dialect),
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
