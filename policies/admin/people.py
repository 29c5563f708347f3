"""People and their roles; only administrators see this page."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from policies.admin.base import RecordedAdmin
from policies.models import User
from policies.roles import Role, roles_of

# What a role may do is a table in `roles.py`, not something to tick.
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(RecordedAdmin, DjangoUserAdmin):
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "last_login"]
    list_filter = ["groups", "is_active"]
    filter_horizontal = ()
    add_form = UserCreationForm
    add_form_template = RecordedAdmin.change_form_template
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        (_("Role"), {"fields": ["groups", "is_staff"]}),
    ]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email", "wants_mail"]}),
        (_("Role"), {"fields": ["groups", "is_staff", "is_active", "is_superuser"]}),
        (_("Dates"), {"fields": [("last_login", "date_joined")]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_changeform_initial_data(self, request):
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def has_module_permission(self, request):
        return _administers(request)

    def has_view_permission(self, request, obj=None):
        return _administers(request)

    def has_add_permission(self, request):
        return _administers(request)

    def has_change_permission(self, request, obj=None):
        """A superuser's account, with its password, is for superusers only."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return _administers(request) and not above

    def has_delete_permission(self, request, obj=None):
        """Whoever wrote something stays its author; an account is made inactive instead."""
        return False

    def get_readonly_fields(self, request, obj=None):
        """Nobody raises rights beyond, or changes, their own."""
        fields = list(super().get_readonly_fields(request, obj))
        if not request.user.is_superuser:
            fields.append("is_superuser")
        if obj and obj.pk == request.user.pk:
            fields += ["groups", "is_staff", "is_active", "is_superuser"]
        return fields

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = forms.CheckboxSelectMultiple
        if db_field.name == "groups":
            kwargs["label"] = _("Roles")
            kwargs["help_text"] = _("What the person may do. Without a role it is nothing.")
            kwargs["queryset"] = Group.objects.filter(name__in=[str(role) for role in Role])
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("roles"))
    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all()) or "–"


def _administers(request: HttpRequest) -> bool:
    return Role.ADMINISTRATOR in roles_of(request.user)  # type: ignore[arg-type]
