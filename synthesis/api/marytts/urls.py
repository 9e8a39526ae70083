"""At the root, where these clients look. A path of another form is not ours."""

from django.urls import path

from synthesis.api.marytts import views

urlpatterns = [
    path("process", views.Process.as_view(), name="marytts-process"),
    path("voices", views.Voices.as_view(), name="marytts-voices"),
    path("locales", views.Locales.as_view(), name="marytts-locales"),
    path("version", views.Version.as_view(), name="marytts-version"),
]
