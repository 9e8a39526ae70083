"""The pages speak the reader's language; the API and the admin stay in English, whatever a browser asks for."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from synthesis.keyed import by_key


class PageLanguage:
    """Middleware. The cookie of the language form decides, else the browser; an address may name the language itself.

    Django's own LocaleMiddleware would translate the messages of the v1 API, which is frozen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if by_key(request):
            return self._get_response(request)
        with translation.override(settings.LANGUAGE_CODE):
            response = self._get_response(request)
            if _is_page(request):
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
                response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        if _is_page(request):
            language = kwargs.pop("language", None) or translation.get_language_from_request(request)
            translation.activate(language)
            request.LANGUAGE_CODE = language


def _is_page(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.app_name == "pages"
