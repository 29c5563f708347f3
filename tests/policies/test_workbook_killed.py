"""An import that is killed in its middle leaves nothing behind, and can be confirmed then.

    python -m tests.policies.test_workbook_killed prepare
    python -m tests.policies.test_workbook_killed confirm MOMENT
    python -m tests.policies.test_workbook_killed say

are what runs in processes of its own, on the database that `DATABASE_URL` names.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from tests import postgres

# What is going to be done when the process dies: rows are written, and nothing is committed.
MOMENTS = {
    "revisions are written": "policies.history.record",
    "scores are computed": "policies.assessing.rescore",
    "the batch is marked as applied": "policies.models.Batch.save",
}
DIED = -signal.SIGKILL
UNTOUCHED = {"text": "", "state": "ready", "policies": ["plan"], "batches": []}
APPLIED = {"text": "New.", "state": "applied", "policies": ["plan", "third"], "batches": [1]}
UNDONE = {**UNTOUCHED, "state": "undone", "batches": [1]}


def run(*command: str, database: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.policies.test_workbook_killed", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DATABASE_URL": database},
    )


def done(*command: str, database: str) -> tuple[int, str]:
    """How a process ended, and what it said last."""
    with run(*command, database=database) as process:
        said, _errors = process.communicate(timeout=120)
    return process.returncode, said.strip()


# In processes of their own


def main(step: str, *values: str) -> None:
    import django

    django.setup()
    {"prepare": prepare, "confirm": confirm, "say": say}[step](*values)


def prepare() -> None:
    """An empty database with a batch of Ben's that waits to be confirmed."""
    from django.core.management import call_command

    from policies.reference_data import load_reference

    call_command("migrate", verbosity=0)
    load_reference()
    stage()


def stage() -> None:
    from policies.loading import load
    from policies.roles import Role
    from tests.factory import make_scored_document, make_user
    from tests.workbooks import exported, send

    factsheet = load(make_scored_document()).factsheet
    book = exported(factsheet)
    book.row("Sections", policy="plan", section="objectives")["text"] = "New."
    book.add("Policies", policy="third", names="Third", kind="cluster")
    send(book, by=make_user("ben", Role.ADMINISTRATOR))


def confirm(moment: str) -> None:
    """Die, or wait to die, at this moment."""
    from policies.models import Batch
    from policies.spreadsheet import applying

    batch = Batch.objects.get()
    if moment == "never":
        applying.confirm(batch, by=batch.by)
        return

    def instead(*args: Any, **kwargs: Any) -> None:
        die(moment)

    with mock.patch(MOMENTS[moment.removesuffix(", waiting")], instead):
        applying.confirm(batch, by=batch.by)


def die(moment: str) -> None:
    say()
    if moment.endswith(", waiting"):
        sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)


def say() -> None:
    """What this connection sees."""
    sys.stdout.write(json.dumps(seen()) + "\n")
    sys.stdout.flush()


def seen() -> dict[str, Any]:
    from policies.models import Batch, Policy, Section, SectionRevision

    text = Section.objects.get(policy__code="plan", type__code="objectives").text
    revisions = SectionRevision.objects.exclude(batch=None)
    return {
        "text": text,
        "state": Batch.objects.get().state,
        "policies": list(Policy.objects.order_by("code").values_list("code", flat=True)),
        "batches": sorted(set(revisions.values_list("batch", flat=True))),
    }


# The process that writes is killed


@pytest.fixture
def batch(reference: None) -> Any:
    from policies.models import Batch

    stage()
    return Batch.objects.get()


@pytest.fixture
def database(transactional_db: None) -> str:
    from django.db import connection

    from tests.racing import _address

    address = _address()
    connection.close()
    return address


@pytest.mark.parametrize("moment", MOMENTS)
def test_one_that_is_killed_has_written_by_then_and_leaves_nothing(database, batch, moment):
    code, said = done("confirm", moment, database=database)
    assert (code, json.loads(said)["policies"]) == (DIED, ["plan", "third"])
    assert seen() == UNTOUCHED


def test_it_can_be_confirmed_then_and_undone(database, batch):
    from policies.spreadsheet import applying, undoing

    done("confirm", "scores are computed", database=database)
    assert applying.confirm(batch, by=batch.by)
    assert seen() == {**APPLIED, "batches": [batch.pk]}
    undoing.undo(batch, by=batch.by)
    assert seen() == {**UNDONE, "batches": [batch.pk]}


# The database is killed


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    """A second server, which keeps what it has committed; missing, it is an error."""
    with mock.patch.object(postgres, "FAST", ()):
        server = postgres.start()
    yield server
    server.stop()


def kill_and_start(server: postgres.Server, how: signal.Signals) -> None:
    server.process.send_signal(how)
    server.process.wait(timeout=20)
    for _attempt in range(100):
        server.process = server._start()
        try:
            return server._wait()
        except postgres.CannotStart:
            continue  # a child of the killed one has not noticed yet
    raise postgres.CannotStart("It does not start again.")


def test_a_database_that_is_killed_has_nothing_of_it_and_takes_it_then(server):
    assert done("prepare", database=server.url) == (0, "")
    for how in (signal.SIGQUIT, signal.SIGKILL):
        with run("confirm", "scores are computed, waiting", database=server.url) as writer:
            assert writer.stdout is not None
            assert json.loads(writer.stdout.readline())["policies"] == ["plan", "third"]
            kill_and_start(server, how)
            writer.kill()
        assert json.loads(done("say", database=server.url)[1]) == UNTOUCHED
    assert done("confirm", "never", database=server.url) == (0, "")
    assert json.loads(done("say", database=server.url)[1]) == APPLIED


if __name__ == "__main__":
    main(*sys.argv[1:])
