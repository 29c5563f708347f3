"""Long work in one request, with its progress told line by line to whoever asks for that.

A browser with scripts asks for lines of JSON and draws a bar from them; without, the same form
gets the same redirect in the end. Nothing is kept between requests, so any server may answer.
"""

import json
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse

from policies.admin.taking import words
from policies.spreadsheet.guard import Refused
from policies.spreadsheet.progress import Progress, silent

LINES = "application/x-ndjson"
REFUSALS = (Refused, ValidationError, PermissionDenied)

Work = Callable[[Progress], str]  # returns the address to go on to


def watched(
    request: HttpRequest, work: Work, refused: Callable[[list[str]], HttpResponseBase]
) -> HttpResponseBase:
    """Do the work and lead on; `refused` answers without scripts where it can't be done."""
    if LINES in request.headers.get("Accept", ""):
        return StreamingHttpResponse(_lines(work), content_type=LINES)
    try:
        return HttpResponseRedirect(work(silent))
    except REFUSALS as error:
        return refused(said(error))


def said(error: Exception) -> list[str]:
    return words(error) if isinstance(error, ValidationError | PermissionDenied) else [str(error)]


def back_with(request: HttpRequest, address: str) -> Callable[[list[str]], HttpResponseRedirect]:
    """Where a refusal is told on another page."""

    def refused(problems: list[str]) -> HttpResponseRedirect:
        for problem in problems:
            messages.error(request, problem)
        return HttpResponseRedirect(address)

    return refused


def _lines(work: Work) -> Iterator[str]:
    """The work goes on in its own thread, and to its end even if nobody listens any more."""
    told: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
    Thread(target=_work, args=(work, told)).start()
    while (line := told.get()) is not None:
        yield json.dumps(line) + "\n"


def _work(work: Work, told: "SimpleQueue[dict[str, Any] | None]") -> None:
    def progress(stage: str, done: int, total: int) -> None:
        told.put({"stage": stage, "done": done, "total": total})

    try:
        told.put({"location": work(progress)})
    except REFUSALS as error:
        told.put({"problems": said(error)})
    except BaseException:
        told.put({"failed": True})
        raise
    finally:
        connection.close()
        told.put(None)
