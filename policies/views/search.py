"""Search in what is published."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from policies import finding
from policies.models import Place
from policies.pages import answers_refusals, respond
from policies.searching import wording
from policies.searching.asking import ALL, Asked, check
from policies.searching.categories import answered, named, near
from policies.searching.loosening import advice
from policies.searching.query import parse
from policies.searching.results import SIZE, Results, results
from policies.searching.scope import Published, latest, names, published
from policies.searching.wanting import names_of, wanted

EXAMPLES = ("voucher", "cluster organisations", "“value chains”", "university")


@require_safe
@answers_refusals
def search(request: HttpRequest) -> HttpResponse:
    """Results, or without a word to search for, what can be searched."""
    asked = Asked.read(request.GET)
    state = (finding.site_state(), asked)
    return respond(request, state, lambda: _page(asked), address=asked.address())


def _page(asked: Asked) -> str:
    there = published()
    check(asked, there)
    context = {"asked": asked, **_choices(asked, there)}
    if asked.query.terms and there:
        context.update(_results(asked, there))
    return render_to_string("policies/search.html", context)


def _choices(asked: Asked, there: list[Published]) -> dict[str, Any]:
    return {
        "edition": asked.edition or str(latest(there) if there else ""),
        "all_editions": ALL,
        "years": list(dict.fromkeys(str(place.year) for place in there)),
        "countries": wording.countries(there),
        "parts": Place.choices,
        "scope": wording.scope(there),
        "examples": [(Asked(parse(words)).address(), words) for words in EXAMPLES],
    }


def _results(asked: Asked, there: list[Published]) -> dict[str, Any]:
    terms, filters = asked.query.terms, asked.filters(there)
    year = filters.year or latest(there)
    categories = named(year)
    wants = wanted(asked.query, names_of(names(there)), categories)
    found = results(wants, filters, there, asked.page)
    context: dict[str, Any] = {
        "found": found,
        "summary": wording.summary(found, asked.country and _name(asked.country, there)),
        "answers": answered(terms, wants, categories, year, there) if found.page == 1 else None,
        "real_finds": [find for find in found.finds if not find.is_invented],
        "invented_finds": [find for find in found.finds if find.is_invented],
        **_pager(asked, found),
    }
    if not found.finds:
        context["advice"] = advice(asked, wants, categories, there)
        context["near"] = [] if context["answers"] else near(terms, categories, year)
    return context


def _name(slug: str, there: list[Published]) -> str:
    return next(place.country for place in there if place.slug == slug)


def _pager(asked: Asked, found: Results) -> dict[str, str]:
    earlier = asked.address(page=found.page - 1) if found.page > 1 else ""
    later = asked.address(page=found.page + 1) if found.page < found.pages else ""
    first = found.real.shown // SIZE + 1  # the page with the first of the invented countries
    away = found.invented.shown and not any(find.is_invented for find in found.finds)
    to_invented = f"{asked.address(page=first)}#demonstration" if away else ""
    return {"earlier": earlier, "later": later, "to_invented": to_invented}
