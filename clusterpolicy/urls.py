"""Who answers which address: the admin for writing, policies for reading."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("policies.urls")),
]
