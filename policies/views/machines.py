"""What machines ask of the site: where they may look, and whom to tell of a hole."""

import re
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.sitemaps import views as sitemaps
from django.contrib.sitemaps.views import SitemapIndexItem
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from policies import contact, finding
from policies.addresses import absolute
from policies.pages import respond
from policies.sitemaps import SECTIONS, files

TEXT, XML = "text/plain; charset=utf-8", "application/xml; charset=utf-8"
VALID = timedelta(days=180)  # RFC 9116 wants less than a year


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    sitemap = absolute(reverse("policies:sitemap"))
    words = f"User-agent: *\nDisallow: /admin/\n\nSitemap: {sitemap}\n"
    return HttpResponse(words, content_type="text/plain")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of the files."""

    def render() -> str:
        found = [SitemapIndexItem(address) for address in files()]
        return render_to_string("sitemap_index.xml", {"sitemaps": found})

    return respond(request, finding.site_state(), render, content_type=XML)


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One file; only numbers that a page can have are looked for."""
    page = request.GET.get("p", "1")
    if not re.fullmatch("[1-9][0-9]{0,3}", page):
        raise Http404

    def render() -> str:
        return sitemaps.sitemap(request, SECTIONS, section).render().content.decode()

    address = f"{request.path}?p={page}"
    return respond(request, finding.site_state(), render, address=address, content_type=XML)


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a hole in the site. The answer holds for the day."""
    found = contact.security()
    if not found:
        raise Http404
    today = now().date()
    canonical = absolute(request.path)
    context = {"contact": found, "expires": _expiry(today), "canonical": canonical}
    return respond(
        request,
        (found, today),
        lambda: render_to_string("policies/security.txt", context),
        content_type=TEXT,
    )


def _expiry(today: date) -> str:
    return datetime.combine(today + VALID, time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
