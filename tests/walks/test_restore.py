"""An earlier backup is restored under a real Heard: nobody gets a message twice, and deleted people stay deleted."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from tests.botapi import Double, Phone
from tests.walks.running import ROOT, Heard
from tests.walks.several import elsewhere
from tests.walks.steps import A_SHORT_OUTCOME, ANSWERING, JOINING, OLU, OWNING, SAM, Walk, taps

KIM = "kim"
ALL_DAY = "00:00-23:59"
MORNING = "UPDATE outbox SET due = ? WHERE state IN ('waiting', 'held')"
TOLD = "here is what happened"


def commanded(heard: Heard, *arguments: str) -> str:
    """One command in its folder, with its settings."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **heard.settings}
    command = (sys.executable, "-m", "bot", *arguments)
    done = subprocess.run(
        command, cwd=heard.folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class OnSqlite:
    """With Heard's own commands."""

    def back_up(self, heard: Heard) -> None:
        commanded(heard, "backup", "copy.db")

    def restore(self, heard: Heard) -> None:
        said = commanded(heard, "restore", "copy.db")
        assert "Deleted again, as they had asked since this backup: 1 person." in said
        assert "1 message waits for the team's decision" in said

    async def morning(self, heard: Heard) -> None:
        with closing(sqlite3.connect(heard.folder / "data" / "heard.db")) as database:
            database.execute(MORNING, (f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f}",))
            database.commit()


class OnPostgres:
    """With PostgreSQL's, as docs/howto/backup-and-restore.md says; the next start does the rest."""

    def back_up(self, heard: Heard) -> None:
        self._run(heard, "pg_dump", "--format=custom", "--file=heard.dump", self._address(heard))

    def restore(self, heard: Heard) -> None:
        options = ("--clean", "--if-exists", "--no-owner")
        self._run(heard, "pg_restore", *options, f"--dbname={self._address(heard)}", "heard.dump")

    async def morning(self, heard: Heard) -> None:
        connection = await asyncpg.connect(self._address(heard))
        await connection.execute(MORNING.replace("?", "now()"))
        await connection.close()

    def _address(self, heard: Heard) -> str:
        return make_url(heard.settings["DATABASE_URL"]).set(drivername="postgresql").render_as_string()

    def _run(self, heard: Heard, *command: str) -> None:
        done = subprocess.run(
            command, cwd=heard.folder, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def kept(request: pytest.FixtureRequest) -> tuple[OnSqlite | OnPostgres, dict[str, str]]:
    """How a backup is made and restored there, and the settings."""
    if request.param == "SQLite":
        return OnSqlite(), {}
    request.getfixturevalue("postgres_tools")
    return OnPostgres(), elsewhere(request.getfixturevalue("empty_postgres"))


async def told(walk: Walk, who: str) -> int:
    return sum(TOLD in shown.text for shown in await walk.phones[who].sees())


@pytest.mark.left_to_all("long walks")
async def test_after_a_restore_nobody_is_messaged_twice_and_deleted_people_stay_deleted(
    kept, tmp_path: Path
) -> None:
    keeping, settings = kept
    async with Double() as double, Heard(tmp_path, double, QUIET_HOURS=ALL_DAY, **settings) as heard:
        walk = Walk(heard, double, phones={KIM: Phone(double, 7_301_944_009, name="Kim")})
        kim = walk.phones[KIM]
        await walk.take(*JOINING, *ANSWERING, OWNING[0])
        for step in ("/start", "English", "Normal", "OK", "16–17", "Yes, keep it"):
            await (kim.types(step) if step.startswith("/") else kim.taps(step, 10))
        await kim.hears("You can have your say")
        await walk.take(*A_SHORT_OUTCOME, taps(OLU, "Send now", "Send it to"))
        await walk.take(taps(OLU, "Yes, send it", "on its way to 1 person"))
        keeping.back_up(heard)

        # The night passes: Sam gets the message, and Kim deletes everything.
        await heard.stop()
        heard.settings["QUIET_HOURS"] = "none"
        await keeping.morning(heard)
        await heard.start()
        await walk.phones[SAM].hears(TOLD)
        await kim.types("/delete")
        await kim.taps("Yes, delete it")
        await kim.hears("Everything you told me is deleted")
        await heard.stop()

        keeping.restore(heard)
        await keeping.morning(heard)
        await heard.start()
        await walk.phones[OLU].hears("An older copy of the database was put in place")
        await asyncio.sleep(3)
        assert await told(walk, SAM) == 1
        await kim.types("/mydata")
        await kim.hears("Hi, I'm Heard")
        assert "database was restored from an older backup" in heard.output or isinstance(keeping, OnSqlite)

        await walk.take(
            taps(OLU, "All that was sent", "0 of 1 person has it."),
            taps(OLU, "1", "1 message is held, until one of you sends it."),
            taps(OLU, "Let it go", "nobody gets one twice"),
            taps(OLU, "Yes, let it go", "may have arrived"),
        )
        assert await told(walk, SAM) == 1
        await heard.stop()
        commanded(heard, "verify")
