"""What each public page costs a process that does not remember it, at each size of the run."""

from statistics import median
from time import perf_counter

from django.test import Client

from bench.load import HOST
from bench.rescoring import counted
from policies import pages
from policies.pages import Shelf

SAMPLES = 9
COUNTRIES = "&".join(f"country={slug}" for slug in ("mexico", "albania", "angola", "austria"))
PAGES = {
    "home page": "/",
    "factsheet": "/factsheets/2022/mexico/",
    "factsheets, latest edition": "/factsheets/",
    "factsheets, all, by score": "/factsheets/?edition=all&sort=-score",
    "policies": "/policies/?category=objectives.rd",
    "points over time": "/factsheets/albania/over-time/",
    "matrix of an edition": "/categories/?section=all",
    "a category": "/categories/objectives/rd/",
    "statistics": "/statistics/2022/",
    "what if": "/factsheets/2022/mexico/what-if/",
    "what if, of twenty policies": "/factsheets/2022/zambia/what-if/?plan-1.kind=cluster",
    "comparison of four": f"/compare/?edition=2022&{COUNTRIES}",
    "search": "/search/?q=industrial+policy",
    "sitemap": "/sitemap.xml",
}


def measure(first: dict[str, float]) -> dict[str, str]:
    """Rows of the table; `first` holds the seconds at the smallest size, and is filled there."""
    rows = {}
    for name, path in PAGES.items():
        seconds, queries, size = _cold(path)
        ratio = seconds / first.setdefault(name, seconds)
        rows[f"Cold: {name}"] = f"{1000 * seconds:,.0f} ms"
        rows[f"  {name}: / at the first size"] = f"{ratio:.2f}"
        rows[f"  {name}: queries; kB"] = f"{queries}; {size / 1000:,.0f}"
    return rows


def _cold(path: str) -> tuple[float, int, int]:
    """Seconds (median), queries and bytes of the page for a process that remembers none."""
    client, spent, answer, remembered = Client(SERVER_NAME=HOST), [], b"", pages.shelf
    client.get(path)  # reads the templates
    for _sample in range(SAMPLES):
        pages.shelf = Shelf(1)
        start = perf_counter()
        response = client.get(path)
        spent.append(perf_counter() - start)
        if response.status_code != 200:
            raise AssertionError(f"{path} answers {response.status_code}")
        answer = response.content
    pages.shelf = Shelf(1)
    with counted() as queries:
        client.get(path)
    pages.shelf = remembered
    return median(spent), queries.number, len(answer)
