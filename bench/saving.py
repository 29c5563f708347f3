"""What a save costs with all that follows it, against the same columns written alone."""

from random import Random
from time import perf_counter

from bench.rescoring import counted
from policies.models import Section

SECONDS = 6
MOST = 200  # saves of each kind


def measure() -> dict[str, str]:
    """Alternately, so that whatever else the machine does falls on both alike.

    The two kinds never share a factsheet, for a plain update leaves a change without a revision.
    """
    with_all, alone, queries = [], [], []
    end = perf_counter() + SECONDS
    for section, other in zip(_sections(even=True), _sections(even=False), strict=False):
        if perf_counter() > end:
            break
        with counted() as count:
            with_all.append(_save(section))
        queries.append(count.number)
        alone.append(_update(other))
    return {
        "Saves of a section, with recomputation": f"{len(with_all) / sum(with_all):.0f} /s",
        "  the row alone, without": f"{len(alone) / sum(alone):.0f} /s",
        "  one save costs as much as": f"{_mean(with_all) / _mean(alone):.0f} rows alone",
        "  most queries of a save": str(max(queries)),
    }


def _sections(*, even: bool) -> list[Section]:
    """Sections with a text, from factsheets all over; the same in every run."""
    found = Section.bookkeeping.exclude(text="").order_by("pk")
    keys = [
        key
        for key, factsheet in found.values_list("pk", "factsheet")
        if (factsheet % 2 == 0) is even
    ]
    chosen = Random(2022).sample(keys, min(MOST, len(keys)))
    return list(Section.bookkeeping.filter(pk__in=chosen))


def _save(section: Section) -> float:
    section.text = _edited(section)
    start = perf_counter()
    section.save()
    return perf_counter() - start


def _update(section: Section) -> float:
    text = _edited(section)
    start = perf_counter()
    Section.bookkeeping.filter(pk=section.pk).update(text=text)
    return perf_counter() - start


def _edited(section: Section) -> str:
    return f"{section.text}\n\nAn edit."


def _mean(times: list[float]) -> float:
    return sum(times) / len(times)
