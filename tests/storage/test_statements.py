"""Prepared statements: same results, writes and errors as SQLAlchemy's own execution."""

import asyncio

import pytest
from sqlalchemy import bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from storage.core.statements import savepoint
from storage.core.unit_of_work import prepared
from storage.tables import updates
from tests.house import A_TUESDAY

NEW = prepared(lambda insert: insert(updates).on_conflict_do_nothing())
PUT = prepared(updates.insert().returning(updates.c.update_id, updates.c.at))
ALL = select(updates).order_by(updates.c.update_id)
ONE = prepared(select(updates).where(updates.c.update_id == bindparam("name")))
LATER = prepared(update(updates).where(updates.c.update_id == bindparam("name")).values(at=bindparam("at")))


def row(name):
    return {"door_kind": "telegram", "update_id": name, "at": A_TUESDAY}


@pytest.fixture(params=["sqlite", "postgres"])
def any_database(request):
    return request.getfixturevalue(request.param)


async def test_its_results_equal_sqlalchemys(any_database):
    def work(connection):
        made = PUT.run(connection, row("one")).one()
        again = NEW.run(connection, row("one")).rowcount
        found, theirs = ONE.run(connection, {"name": "one"}).one(), connection.execute(ALL).one()
        none = ONE.run(connection, {"name": "nobody"})
        return made, again, tuple(found) == tuple(theirs), found.at, none.first(), none.scalar()

    made, again, same, at, first, scalar = await any_database.write(work)
    assert (made.update_id, made.at) == ("one", A_TUESDAY)
    assert again == 0
    assert same
    assert at == A_TUESDAY
    assert first is scalar is None


async def test_a_constraint_violation_is_raised_and_its_savepoint_is_rolled_back(any_database):
    def twice(connection):
        with savepoint(connection):
            PUT.run(connection, row("undone"))
            PUT.run(connection, row("kept"))

    def work(connection):
        PUT.run(connection, row("kept"))
        with pytest.raises(IntegrityError):
            twice(connection)
        return LATER.run(connection, {"name": "undone", "at": A_TUESDAY}).rowcount

    assert await any_database.write(work) == 0
    assert [found.update_id for found in await any_database.read(lambda c: c.execute(ALL).all())] == ["kept"]


async def test_the_connection_of_a_cancelled_statement_is_not_reused(postgres):
    sleeps = prepared(select(func.pg_sleep(bindparam("long"))))
    for _ in range(12):  # more than the pool holds
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await postgres.read(lambda connection: sleeps.run(connection, {"long": 5.0}))
    assert await postgres.read(lambda connection: connection.execute(select(1)).scalar()) == 1
