"""The desk and its pages, which come before those that Django's admin has of its own."""

from django.contrib import admin
from django.urls import path

from policies.admin.mine import mine

app_name = "desk"

urlpatterns = [
    path("me/", admin.site.admin_view(mine), name="settings"),
]
