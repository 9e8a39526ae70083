"""Each path with and without its last slash."""

from django.urls import re_path

from synthesis.api.openai import views

urlpatterns = [
    re_path(r"^audio/speech/?$", views.Speech.as_view(), name="openai-speech"),
    re_path(r"^audio/voices/?$", views.Voices.as_view(), name="openai-voices"),
    re_path(r"^audio/models/?$", views.AudioModels.as_view(), name="openai-audio-models"),
    re_path(r"^models/?$", views.Models.as_view(), name="openai-models"),
    re_path(r"^models/(?P<name>[^/]+)/?$", views.Model.as_view(), name="openai-model"),
    re_path(r"", views.Nothing.as_view(), name="openai-nothing"),
]
