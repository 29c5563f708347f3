"""The desk and its pages, which come before those that Django's admin has of its own."""

from django.contrib import admin
from django.urls import path

from policies.admin.desk import desk
from policies.admin.mine import mine
from policies.admin.progress import progress

app_name = "desk"

urlpatterns = [
    path("", admin.site.admin_view(desk), name="index"),
    path("progress/", admin.site.admin_view(progress), name="progress"),
    path("me/", admin.site.admin_view(mine), name="settings"),
]
