from django.contrib import admin
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from synthesis import health
from synthesis.api import errors
from synthesis.api.v2.audio import signed_audio
from synthesis.metrics.views import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    # Browsers ask for it beside pages that name no icon: JSON, an mp3.
    path("favicon.ico", RedirectView.as_view(url=static("voicen/favicon.svg"))),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", include("synthesis.api.v1.urls")),
    path("api/v2/", include("synthesis.api.v2.urls")),
    path("api/v2/", include("synthesis.api.v2.webhooks")),
    path("api/", include("synthesis.api.v2.documentation")),
    path("audio/<str:token>/<str:name>", signed_audio, name="signed-audio"),
    # Some clients put a slash of their own behind the base address.
    re_path(r"^v1/+", include("synthesis.api.openai.urls")),
    path("", include("synthesis.api.marytts.urls")),
    path("admin/", admin.site.urls),
    path("", include("synthesis.pages.urls")),
]

# JSON below /api/, Django's pages elsewhere.
handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
