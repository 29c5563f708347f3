"""A bar on the terminal for whoever waits there; nothing where the output goes elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from policies.spreadsheet.progress import Progress


@contextmanager
def bar() -> Iterator[Progress]:
    with tqdm(disable=None, leave=False, bar_format="{desc} {bar} {n}/{total}") as shown:

        def progress(stage: str, done: int, total: int) -> None:
            shown.set_description_str(stage, refresh=False)
            shown.total = total
            shown.n = done
            shown.refresh()

        yield progress
