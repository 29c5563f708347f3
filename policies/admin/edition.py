"""Editions: their page, and the screen by which one is opened or gets more countries."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from policies import editions
from policies.admin.base import allowed
from policies.admin.opening import CountryForms, EditionForm, proposed
from policies.admin.reference import ReferenceAdmin
from policies.changes import Source
from policies.checking import InvalidDocument
from policies.models import (
    Comment,
    CriterionScore,
    Edition,
    Factsheet,
    Publication,
    SectionRevision,
)
from policies.models.assessment import CARRIED_OVER
from policies.roles import Step


@admin.register(Edition)
class EditionAdmin(ReferenceAdmin):
    form = EditionForm
    lasting = ("year",)
    list_display = ["year", "label", "collected_on", "rubric", "publisher", "submit_by"]
    list_select_related = ["rubric"]
    change_form_template = "admin/policies/edition_form.html"
    change_list_template = "admin/policies/edition_list.html"
    fields = [
        ("year", "label"),
        ("collected_on", "rubric"),
        ("submit_by", "review_by", "publish_by"),
        ("author", "publisher"),
        "licence",
        "source_line",
    ]

    def get_urls(self):
        pages = (
            ("open/", self.open_view, "open"),
            ("<int:key>/countries/", self.extend_view, "extend"),
            ("<int:key>/opened/", self.opened_view, "opened"),
        )
        own = [
            path(address, self.admin_site.admin_view(view), name=f"policies_edition_{name}")
            for address, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "rubric" in form.changed_data:
            _tell_of_published(request, obj)

    def changelist_view(self, request, extra_context=None):
        context = {"may_open": allowed(request, Step.OPEN), **(extra_context or {})}
        return super().changelist_view(request, context)

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_open"] = allowed(request, Step.OPEN)
        return super().render_change_form(request, context, *args, **kwargs)

    def open_view(self, request: HttpRequest) -> HttpResponseBase:
        """A new edition, proposed from the latest."""
        editions.require_right(request.user)  # type: ignore[arg-type]
        latest = Edition.objects.order_by("-year").first()
        form = EditionForm(request.POST or None, initial=proposed(latest))
        countries = CountryForms(None, request.POST or None)
        if request.method == "POST" and all([form.is_valid(), countries.is_valid()]):
            edition = form.instance
            if self._take(request, editions.open_edition, edition, form, countries):
                self.log_addition(request, edition, _("Opened the edition."))
                return HttpResponseRedirect(_opened(edition))
        return self._page(request, form, countries, title=_("Open an edition"), latest=latest)

    def extend_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        """More countries for an edition that is open."""
        editions.require_right(request.user)  # type: ignore[arg-type]
        edition = get_object_or_404(Edition, pk=key)
        form = _NoForm(request.POST or None)
        countries = CountryForms(edition, request.POST or None)
        if request.method == "POST" and all([form.is_valid(), countries.is_valid()]):
            if not countries.chosen():
                form.add_error(None, _("Choose at least one country."))
            elif self._take(request, editions.extend_edition, edition, form, countries):
                self.log_change(request, edition, _("Added countries."))
                return HttpResponseRedirect(_opened(edition))
        title = _("Add countries to the %(edition)s edition") % {"edition": edition}
        return self._page(request, form, countries, title=title, edition=edition)

    def _take(
        self, request: HttpRequest, step: Any, edition: Edition, form: Any, countries: CountryForms
    ) -> bool:
        try:
            found = step(edition, countries.chosen(), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        except InvalidDocument as error:
            form.add_error(None, [str(problem) for problem in error.problems])
        else:
            _tell(request, found)
            return True
        return False

    def _page(
        self, request: HttpRequest, form: Any, countries: CountryForms, **context: Any
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "form": form,
            "countries": countries,
            "has_errors": bool(form.errors or countries.wrong()),
            **context,
        }
        return TemplateResponse(request, "admin/policies/edition_open.html", context)

    def opened_view(self, request: HttpRequest, key: int) -> HttpResponseBase:
        """What was carried over, what still has to be confirmed, and what did not fit."""
        editions.require_right(request.user)  # type: ignore[arg-type]
        edition = get_object_or_404(Edition.objects.select_related("rubric"), pk=key)
        factsheets = _with_counts(edition.factsheets.all())
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "edition": edition,
            "factsheets": factsheets,
            "waiting": sum(each.waiting for each in factsheets),
            "losses": _losses(edition),
            "title": _("The %(edition)s edition") % {"edition": edition},
        }
        return TemplateResponse(request, "admin/policies/edition_opened.html", context)


class _NoForm(EditionForm):
    """Carries errors where the edition's own facts are not asked for."""

    class Meta:
        model = Edition
        fields: ClassVar[list[str]] = []


def _opened(edition: Edition) -> str:
    return reverse("admin:policies_edition_opened", args=[edition.pk])


def _tell(request: HttpRequest, found: list[editions.Opened]) -> None:
    carried = sum(1 for each in found if each.last)
    losses = sum(len(each.losses) for each in found)
    values = {"count": len(found), "carried": carried, "new": len(found) - carried}
    message = ngettext(
        "%(count)d factsheet was opened: %(carried)d carried over, %(new)d empty.",
        "%(count)d factsheets were opened: %(carried)d carried over, %(new)d empty.",
        len(found),
    )
    messages.success(request, message % values)
    if losses:
        message = ngettext(
            "%(count)d thing could not be carried over as it was. It stands below, and as a "
            "comment at its factsheet.",
            "%(count)d things could not be carried over as they were. They stand below, and as "
            "comments at their factsheets.",
            losses,
        )
        messages.warning(request, message % {"count": losses})


def _tell_of_published(request: HttpRequest, edition: Edition) -> None:
    """What is published keeps the points that it was published with."""
    published = Publication.objects.current().filter(factsheet__edition=edition).count()
    if published:
        message = ngettext(
            "%(count)d factsheet of this edition was published under another scoring system. Its "
            "points stay, and are counted by that one, until it is published again.",
            "%(count)d factsheets of this edition were published under another scoring system. "
            "Their points stay, and are counted by that one, until they are published again.",
            published,
        )
        messages.warning(request, message % {"count": published})


def _with_counts(factsheets: QuerySet[Factsheet]) -> QuerySet[Any]:
    """Each factsheet with where it came from, and what of it waits; three queries in all."""
    first = SectionRevision.objects.filter(factsheet=OuterRef("pk"), source=Source.EDITION)
    waiting = Q(sections__is_unconfirmed=True)
    judged = CriterionScore.objects.filter(
        factsheet=OuterRef("pk"), judged_facts_hash=CARRIED_OVER
    ).order_by()
    return (
        factsheets.select_related("country", "edition")
        .annotate(
            carried=Subquery(first.order_by("pk").values("note")[:1]),
            sections_in_all=Count("sections", distinct=True),
            waiting=Count("sections", filter=waiting, distinct=True),
            judgements=Subquery(
                judged.values("factsheet").annotate(count=Count("pk")).values("count")
            ),
        )
        .prefetch_related("editors", "reviewers")
        .order_by("country__name")
    )


def _losses(edition: Edition) -> QuerySet[Comment]:
    return (
        Comment.objects.open()
        .filter(factsheet__edition=edition)
        .select_related("factsheet__country", "section__type", "section__policy", "by")
        .order_by("factsheet__country__name", "pk")
    )
