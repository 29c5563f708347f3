"""Public addresses: nouns, with formats as suffixes of the same address."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from policies.views import (
    categories,
    compare,
    factsheets,
    feeds,
    home,
    leading,
    lists,
    machines,
    over_time,
    search,
    site,
    statistics,
    what_if,
)


class YearConverter(IntConverter):
    """Four digits: one address per year, and none that a database can't hold."""

    regex = "[0-9]{4}"


class VersionConverter(IntConverter):
    """A number as versions are counted: from 1, and never near what a database can hold."""

    regex = "[1-9][0-9]{0,5}"


class FormatConverter(StringConverter):
    """The formats of a list as a file."""

    regex = "csv|xlsx|json"


class CitationConverter(StringConverter):
    """The formats of a citation for programs that keep references."""

    regex = "bib|ris"


register_converter(CitationConverter, "citation")
register_converter(FormatConverter, "format")
register_converter(YearConverter, "year")
register_converter(VersionConverter, "version")

app_name = "policies"

urlpatterns = [
    path("", home.home, name="home"),
    path("factsheets/", lists.factsheet_list, name="factsheet_list"),
    path("factsheets/<year:year>/", leading.edition, name="factsheets_of_edition"),
    path("factsheets/<slug:slug>/", leading.latest, name="factsheet_latest"),
    path("factsheets.atom", feeds.publications, name="feed"),
    path("factsheets/<slug:slug>.atom", feeds.of_country, name="country_feed"),
    path(
        "factsheets/<year:year>/<slug:slug>/", factsheets.factsheet_detail, name="factsheet_detail"
    ),
    path(
        "factsheets/<year:year>/<slug:slug>.json", factsheets.factsheet_json, name="factsheet_json"
    ),
    path(
        "factsheets/<year:year>/<slug:slug>/history/",
        factsheets.factsheet_history,
        name="factsheet_history",
    ),
    path(
        "factsheets/<year:year>/<slug:slug>/what-if/",
        what_if.factsheet_what_if,
        name="factsheet_what_if",
    ),
    path(
        "factsheets/<year:year>/<slug:slug>/v<version:number>/",
        factsheets.factsheet_version,
        name="factsheet_version",
    ),
    path(
        "factsheets/<year:year>/<slug:slug>/v<version:number>.json",
        factsheets.version_json,
        name="version_json",
    ),
    path(
        "factsheets/<year:year>/<slug:slug>/v<version:number>.<citation:kind>",
        factsheets.version_citation,
        name="version_citation",
    ),
    path(
        "factsheets/<slug:slug>/over-time/", over_time.country_over_time, name="country_over_time"
    ),
    path("policies/", lists.policy_list, name="policy_list"),
    path("policies.<format:kind>", lists.policy_file, name="policy_file"),
    path("factsheets.<format:kind>", lists.factsheet_file, name="factsheet_file"),
    path("categories/", categories.categories, name="categories"),
    path("categories.<format:kind>", categories.categories_file, name="categories_file"),
    path("categories/<slug:section>/", categories.of_section, name="categories_of_section"),
    path("categories/<slug:section>/<slug:code>/", categories.category, name="category"),
    path(
        "categories/<slug:section>/<slug:code>.<format:kind>",
        categories.category_file,
        name="category_file",
    ),
    path("compare/", compare.compare, name="compare"),
    path("statistics/", statistics.statistics_latest, name="statistics_latest"),
    path("statistics/<year:year>/", statistics.of_edition, name="statistics"),
    path("statistics/<year:year>/changes/", statistics.changes, name="statistics_changes"),
    path("statistics/<year:year>.<format:kind>", statistics.file, name="statistics_file"),
    path("search/", search.search, name="search"),
    path("methodology/", site.methodology_latest, name="methodology_latest"),
    path("methodology/<year:year>/", site.methodology, name="methodology"),
    path("about/", site.about, name="about"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", machines.sitemap_section, name="sitemap_section"),
    path(".well-known/security.txt", machines.security, name="security"),
    path("healthz", site.alive, name="alive"),
    path("readyz", site.ready, name="ready"),
]
