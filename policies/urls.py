"""Public addresses: nouns, with formats as suffixes of the same address."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from policies import views


class YearConverter(IntConverter):
    """Four digits: one address per year, and none that a database can't hold."""

    regex = "[0-9]{4}"


class VersionConverter(IntConverter):
    """A number as versions are counted: from 1, and never near what a database can hold."""

    regex = "[1-9][0-9]{0,5}"


register_converter(YearConverter, "year")
register_converter(VersionConverter, "version")

app_name = "policies"

urlpatterns = [
    path("", views.home, name="home"),
    path("factsheets/", views.factsheet_list, name="factsheet_list"),
    path("factsheets/<year:year>/<slug:slug>/", views.factsheet_detail, name="factsheet_detail"),
    path("factsheets/<year:year>/<slug:slug>.json", views.factsheet_json, name="factsheet_json"),
    path(
        "factsheets/<year:year>/<slug:slug>/history/",
        views.factsheet_history,
        name="factsheet_history",
    ),
    path(
        "factsheets/<year:year>/<slug:slug>/v<version:number>/",
        views.factsheet_version,
        name="factsheet_version",
    ),
    path(
        "factsheets/<year:year>/<slug:slug>/v<version:number>.json",
        views.version_json,
        name="version_json",
    ),
    path("methodology/", views.methodology_latest, name="methodology_latest"),
    path("methodology/<year:year>/", views.methodology, name="methodology"),
    path("about/", views.about, name="about"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
]
