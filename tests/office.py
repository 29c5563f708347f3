"""LibreOffice for tests: `soffice` opens a file and saves it again, as an editor would.

With CI set, a missing LibreOffice is an error; else the run says that these tests did not run.
"""

import os
import shutil
import subprocess
from collections.abc import Callable

import pytest

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
FILTERS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods"}
LIMIT = 180  # seconds; what hangs fails

Soffice = Callable[[bytes, str], bytes]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    found = [item for item in items if "soffice" in getattr(item, "fixturenames", ())]
    if PROGRAM or not found:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError("No LibreOffice is installed, and CI must run its tests.")
    items[:] = [item for item in items if item not in found]
    config.hook.pytest_deselected(items=found)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not PROGRAM:
        terminalreporter.section("not run")
        terminalreporter.line("The LibreOffice tests did not run, because it is not installed.")


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Soffice:
    """Saves a file again in its own format: soffice(data, "ods"). Costs seconds."""

    def save_again(data: bytes, kind: str) -> bytes:
        folder = tmp_path_factory.mktemp("office")
        before, after = folder / f"file.{kind}", folder / "saved" / f"file.{kind}"
        before.write_bytes(data)
        command = [str(PROGRAM), f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        command += ["--headless", "--convert-to", FILTERS[kind]]
        command += ["--outdir", str(after.parent), str(before)]
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)
        return after.read_bytes()

    return save_again
