"""Each path is served with and without its last slash: a redirect would turn a POST into a GET."""

from django.urls import re_path

from synthesis.api.v2 import audio, jobs, others, streams, subtitles

_JOB = r"^jobs/(?P<job_id>[^/]+)"

urlpatterns = [
    re_path(r"^jobs/?$", jobs.Jobs.as_view(), name="v2-jobs"),
    re_path(r"^jobs/batch/?$", jobs.Batch.as_view(), name="v2-batch"),
    re_path(rf"{_JOB}/?$", jobs.OneJob.as_view(), name="v2-job"),
    re_path(rf"{_JOB}/cancel/?$", jobs.Cancel.as_view(), name="v2-cancel"),
    re_path(rf"{_JOB}/retry/?$", jobs.Retry.as_view(), name="v2-retry"),
    re_path(rf"{_JOB}/text/?$", jobs.Text.as_view(), name="v2-text"),
    re_path(rf"{_JOB}/audio/?$", audio.Audio.as_view(), name="v2-audio"),
    re_path(rf"{_JOB}/stream/?$", streams.Stream.as_view(), name="v2-stream"),
    re_path(rf"{_JOB}/events/?$", streams.Events.as_view(), name="v2-events"),
    re_path(rf"{_JOB}/subtitles\.(?P<form>srt|vtt|json)/?$", subtitles.Subtitles.as_view(), name="v2-subtitles"),
    re_path(rf"{_JOB}/sentences/?$", subtitles.Sentences.as_view(), name="v2-sentences"),
    re_path(r"^events/?$", streams.AllEvents.as_view(), name="v2-all-events"),
    re_path(r"^voices/?$", others.Voices.as_view(), name="v2-voices"),
    re_path(r"^voices/(?P<voice_id>[^/]+)/sample/?$", others.Sample.as_view(), name="v2-sample"),
    re_path(r"^read/?$", others.Read.as_view(), name="v2-read"),
    re_path(r"^lexicon/?$", others.Lexicon.as_view(), name="v2-lexicon"),
    re_path(r"^lexicon/(?P<entry_id>[^/]+)/?$", others.LexiconItem.as_view(), name="v2-lexicon-entry"),
    re_path(r"^usage/?$", others.UsageOfDays.as_view(), name="v2-usage"),
]
