"""Who answers which address: the admin for writing, policies for reading."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path

from policies.languages import in_each_language


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask here for the icon of whatever does not name one, such as a JSON file."""
    return redirect(static("policies/favicon.svg"))


urlpatterns = [
    path("admin/", include("policies.admin.urls")),
    path("admin/", admin.site.urls),
    path("favicon.ico", favicon),
    path("", in_each_language("policies.urls")),
]
