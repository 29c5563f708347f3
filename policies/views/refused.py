"""What is answered where a request may not do what it asks, in place of Django's bare pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token. The public pages take none, whatever token it has."""
    if request.resolver_match and request.resolver_match.app_name == "policies":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def in_words(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Middleware: the page for a method that an address does not take; Django's is empty."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response.content = render_to_string("405.html")
        return response

    return middleware
