"""schema/ and docs/: the OpenAPI document of v2, and a page to try it on, from files of this host."""

from typing import Any

from csp.decorators import csp_update
from django.urls import re_path
from django.utils.decorators import method_decorator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer


class Document(SpectacularAPIView):
    """The OpenAPI document as JSON. It holds no secret: anybody may read it."""

    renderer_classes: Any = (OpenApiJsonRenderer,)


# Swagger UI sets styles on its elements.
@method_decorator(csp_update({"style-src": ["'unsafe-inline'"]}), name="dispatch")
class Page(SpectacularSwaggerSplitView):
    """The document as a page. Its script is an answer of its own, since no inline script is allowed."""

    renderer_classes: Any = (TemplateHTMLRenderer,)


urlpatterns = [
    re_path(r"^schema/?$", Document.as_view(), name="schema"),
    re_path(r"^docs/?$", Page.as_view(url_name="schema"), name="api-docs"),
]
