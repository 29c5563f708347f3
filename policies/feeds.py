"""Atom feeds of what was published: of all countries, or of one."""

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from policies import finding
from policies.addresses import absolute
from policies.models import Country, Publication
from policies.presentation.citation import one_line, site_name
from policies.presentation.score import score_of_row


class Publications(Feed):
    """Each version is an entry under its permanent address, the latest first."""

    feed_type = Atom1Feed

    def __init__(self, country: Country | None = None) -> None:
        self.country = country

    def title(self) -> str:
        if self.country:
            return f"{site_name()}: {one_line(self.country.name)}"
        return _("%(site)s: what is new") % {"site": site_name()}

    def subtitle(self) -> str:
        return _("Each version of a factsheet on the day when it was published.")

    def author_name(self) -> str:
        return site_name()

    def link(self) -> str:
        """What the feed is about, and the name by which readers tell it from another."""
        if self.country:
            return absolute(reverse("policies:factsheet_latest", args=[self.country.slug]))
        return absolute(reverse("policies:factsheet_list"))

    def feed_url(self) -> str:
        if self.country:
            return absolute(reverse("policies:country_feed", args=[self.country.slug]))
        return absolute(reverse("policies:feed"))

    def items(self) -> list[Publication]:
        return finding.newest(self.country)

    def item_link(self, item: Publication) -> str:
        return absolute(item.get_absolute_url())

    def item_title(self, item: Publication) -> str:
        country, edition = item.factsheet.country, item.factsheet.edition
        values = {"name": one_line(country.name), "year": edition.year, "number": item.number}
        title = _("%(name)s %(year)d, version %(number)d") % values
        if country.group == Country.Group.DEMONSTRATION:
            return f"{title} [{_('invented for demonstration')}]"
        return title

    def item_description(self, item: Any) -> str:
        """As HTML, which is what Django says that it is."""
        score = _("Maturity score: %(score)s.") % {"score": score_of_row(item).words}
        note = one_line(item.change_note)
        return "".join(f"<p>{escape(text)}</p>" for text in (note, score) if text)

    def item_updateddate(self, item: Publication) -> datetime:
        return item.published_at

    def item_pubdate(self, item: Publication) -> datetime:
        return item.published_at


def written(request: HttpRequest, country: Country | None) -> str:
    """The feed as text, the same whoever asks."""
    return Publications(country)(request).content.decode()
