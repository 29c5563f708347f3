"""What everybody may change of their own account: whether they get mail."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from policies.models import User
from policies.roles import roles_of


class MineForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["wants_mail"]


def mine(request: HttpRequest) -> HttpResponse:
    """My settings: always of the person who asks, never of another."""
    user = User.objects.prefetch_related("groups").get(username=request.user.get_username())
    form = MineForm(request.POST if request.method == "POST" else None, instance=user)
    if form.is_valid():
        user.save(update_fields=form.Meta.fields)
        messages.success(request, _("Your settings are saved."))
        return redirect("desk:settings")
    context = {
        **admin.site.each_context(request),
        "title": _("My settings"),
        "person": user,
        "roles": ", ".join(role for role in roles_of(user)),
        "form": form,
    }
    return TemplateResponse(request, "admin/policies/mine.html", context)
