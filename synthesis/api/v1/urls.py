"""Each path is served with and without its last slash: a redirect would turn a POST into a GET."""

from django.urls import re_path

from synthesis.api.v1 import views

urlpatterns = [
    re_path(r"^jobs/text/?$", views.SubmitText.as_view(), name="v1-submit-text"),
    re_path(r"^jobs/file/?$", views.SubmitFile.as_view(), name="v1-submit-file"),
    re_path(r"^jobs/?$", views.JobList.as_view(), name="v1-jobs"),
    re_path(r"^jobs/(?P<job_id>[^/]+)/synthesize/?$", views.Synthesize.as_view(), name="v1-synthesize"),
    re_path(r"^jobs/(?P<job_id>[^/]+)/?$", views.JobDetail.as_view(), name="v1-job"),
]
