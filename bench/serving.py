"""How fast remembered pages are answered, against a view that does nothing."""

import re
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.pool import Pool
from statistics import median

from django.db import connection
from django.test import Client

from bench.load import HOST, Ask, answer, repeated, timed
from bench.reading import COUNTRIES
from bench.rescoring import counted
from bench.server import Server, serving
from policies.models import Publication

PAGE, CONSTANT = "/factsheets/2022/mexico/", "/healthz"
LIST = "/factsheets/"
STATISTICS = "/statistics/2022/"
COMPARISON = f"/compare/?edition=2022&{COUNTRIES}"
READERS = 4
ROUNDS, SECONDS = 12, 0.8
OTHERS = 20  # factsheets that nobody has asked for yet


def measure(port: int) -> dict[str, str]:
    others = _other_pages()
    cold_queries, _, warm_queries = [_queries(path) for path in (others.pop(), PAGE, PAGE)]
    # A connection of ours would change what it costs the workers to open and close theirs.
    connection.close()
    with serving(port) as server, get_context("spawn").Pool(READERS) as readers:
        first = timed(Ask(port, PAGE))
        next_first = median(timed(Ask(port, path)) for path in others)
        constant, page = Ask(port, CONSTANT), Ask(port, PAGE)
        list_, comparison = Ask(port, LIST), Ask(port, COMPARISON)
        statistics = Ask(port, STATISTICS)
        found = answer(page)
        known = replace(page, status=304, etag=_etag(found))
        asks = (constant, page, list_, comparison, statistics, known)
        turns = _turns(server, readers, asks)
    return {
        "Constant view": _rate(turns[constant]),
        "Factsheet page, warm": _rate(turns[page]),
        "  page / constant view (aim: 0.5)": _ratio(turns[page], turns[constant]),
        "  lowest to highest round": _range(turns[page], turns[constant]),
        "  the same by processor time": _ratio_computed(turns[page], turns[constant]),
        "  queries, warm": str(warm_queries),
        "  queries, cold": str(cold_queries),
        "  size of an answer": f"{len(found) / 1000:,.0f} kB",
        "List of factsheets, warm / constant view": _ratio(turns[list_], turns[constant]),
        "Comparison of four, warm / constant view": _ratio(turns[comparison], turns[constant]),
        "Statistics, warm / constant view": _ratio(turns[statistics], turns[constant]),
        "Answered with 304": _rate(turns[known]),
        "  304 / constant view": _ratio(turns[known], turns[constant]),
        "First page after a start": f"{1000 * first:.0f} ms",
        "First request of another page": f"{1000 * next_first:.0f} ms",
    }


def _queries(path: str) -> int:
    """Queries of the page when this process answers it."""
    with counted() as queries:
        response = Client(SERVER_NAME=HOST).get(path)
    if response.status_code != 200:
        raise AssertionError(f"{path} answers {response.status_code}")
    return queries.number


def _other_pages() -> list[str]:
    places = Publication.objects.current().order_by("-pk")[: OTHERS + 1]
    names = places.values_list("factsheet__edition__year", "factsheet__country__slug")
    return [f"/factsheets/{year}/{slug}/" for year, slug in names]


def _etag(found: bytes) -> str:
    match = re.search(rb"^ETag: (\S+)\r$", found, re.MULTILINE)
    if match is None:
        raise AssertionError(f"{PAGE} has no ETag")
    return match[1].decode()


# The rounds


@dataclass(frozen=True)
class Turn:
    """What a round gave: requests per second, and the workers' seconds for each."""

    rate: float
    computed: float | None


Turns = list[Turn]


def _turns(server: Server, readers: Pool, asks: tuple[Ask, ...]) -> dict[Ask, Turns]:
    """In turns, so that whatever else the machine does falls on all alike; the first warms."""
    turns: dict[Ask, Turns] = {ask: [] for ask in asks}
    for _round in range(ROUNDS + 1):
        for ask in asks:
            turns[ask].append(_turn(server, readers, ask))
    return {ask: found[1:] for ask, found in turns.items()}


def _turn(server: Server, readers: Pool, ask: Ask) -> Turn:
    before = server.computed()
    found = readers.starmap(repeated, [(ask, SECONDS)] * READERS)
    after = server.computed()
    requests = sum(number for number, _elapsed in found)
    computed = None if before is None or after is None else (after - before) / requests
    return Turn(sum(number / elapsed for number, elapsed in found), computed)


def _rate(turns: Turns) -> str:
    return f"{median(turn.rate for turn in turns):,.0f} /s"


def _ratios(turns: Turns, others: Turns) -> list[float]:
    return [one.rate / other.rate for one, other in zip(turns, others, strict=True)]


def _ratio(turns: Turns, others: Turns) -> str:
    return f"{median(_ratios(turns, others)):.2f}"


def _range(turns: Turns, others: Turns) -> str:
    ratios = _ratios(turns, others)
    return f"{min(ratios):.2f} to {max(ratios):.2f}"


def _ratio_computed(turns: Turns, others: Turns) -> str:
    """How much of a page's work the constant view is; other programs hardly change it."""
    page, constant = ([turn.computed for turn in found] for found in (turns, others))
    if None in page + constant:
        return "not known here"
    return f"{median(filter(None, constant)) / median(filter(None, page)):.2f}"
