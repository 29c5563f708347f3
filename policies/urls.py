"""Public addresses: nouns, with formats as suffixes of the same address."""

from django.urls import path

from policies import views

app_name = "policies"

urlpatterns = [
    path("", views.home, name="home"),
    path("factsheets/", views.factsheet_list, name="factsheet_list"),
    path("factsheets/<int:year>/<slug:slug>/", views.factsheet_detail, name="factsheet_detail"),
    path("factsheets/<int:year>/<slug:slug>.json", views.factsheet_json, name="factsheet_json"),
    path(
        "factsheets/<int:year>/<slug:slug>/v<int:number>/",
        views.factsheet_version,
        name="factsheet_version",
    ),
    path("methodology/", views.methodology_latest, name="methodology_latest"),
    path("methodology/<int:year>/", views.methodology, name="methodology"),
    path("about/", views.about, name="about"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
]
