"""What was found in sentences. Real and invented countries have one each."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies.folding import alphabetical
from policies.presentation.words import whole
from policies.searching.found import MOST
from policies.searching.results import Results
from policies.searching.scope import Published, Tally


def summary(found: Results, country: str = "") -> list[str]:
    """How much was found; `country` is the one that was searched, if it was only one."""
    sentences = []
    if found.more:
        sentences.append(
            _("More than %(most)s places: those published last are ranked here.")
            % {"most": whole(MOST)}
        )
    if country:
        sentences.append(_in_country(found.real if found.real.of else found.invented, country))
        return sentences
    if found.real.of:
        sentences.append(real(found.real))
    if found.invented.shown or not found.real.of:
        sentences.append(invented(found.invented))
    return sentences


def _in_country(tally: Tally, country: str) -> str:
    words = ngettext(
        "%(country)s: %(places)s place.", "%(country)s: %(places)s places.", tally.places
    )
    return _with_others(words % {"places": whole(tally.places), "country": country}, tally)


def _with_others(sentence: str, tally: Tally) -> str:
    """And how many places were not counted."""
    if not tally.aside:
        return sentence
    words = ngettext(
        "%(aside)s more is in a policy that does not count: ended, not yet started, or an example.",
        "%(aside)s more are in policies that do not count: ended, not yet started, or examples.",
        tally.aside,
    )
    return f"{sentence} {words % {'aside': whole(tally.aside)}}"


def real(tally: Tally) -> str:
    words = ngettext(
        "%(places)s place in %(countries)s of %(of)s countries.",
        "%(places)s places in %(countries)s of %(of)s countries.",
        tally.places,
    )
    return _with_others(words % _numbers(tally), tally)


def invented(tally: Tally) -> str:
    words = ngettext(
        "%(places)s place in %(countries)s of %(of)s demonstration countries.",
        "%(places)s places in %(countries)s of %(of)s demonstration countries.",
        tally.places,
    )
    return _with_others(words % _numbers(tally), tally)


def _numbers(tally: Tally) -> dict[str, str]:
    numbers = {"places": tally.places, "countries": tally.countries, "of": tally.of}
    return {name: whole(number) for name, number in numbers.items()}


def countries(published: Sequence[Published]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of a country by group, by name."""
    groups = [(_("Countries"), False), (_("Demonstration"), True)]
    named = {
        title: {(p.slug, p.country) for p in published if p.is_invented == group}
        for title, group in groups
    }
    return [
        (title, sorted(choices, key=lambda choice: alphabetical(choice[1])))
        for title, choices in named.items()
        if choices
    ]


def scope(published: Sequence[Published]) -> str:
    """What can be searched, real and invented countries apart."""
    real_ones = sum(not place.is_invented for place in published)
    others = len(published) - real_ones
    sentences = [
        ngettext(
            "%(count)s factsheet is published.", "%(count)s factsheets are published.", real_ones
        )
        % {"count": whole(real_ones)}
    ]
    if others:
        words = ngettext(
            "%(count)s more is of an invented country.",
            "%(count)s more are of invented countries.",
            others,
        )
        sentences.append(words % {"count": whole(others)})
    return " ".join(sentences)
