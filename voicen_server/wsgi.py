"""The WSGI application, for gunicorn or any other server."""

import os
import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voicen_server.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

# Dispatch rings through celery.current_app, which has to be ours before the first request.
from voicen_server.celery import app as celery_app
from voicen_server.turns import in_turns

celery_app.set_default()

_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


def under_prefix(inner: WSGIApplication, prefix: str) -> WSGIApplication:
    """Serve below a path prefix, whether the proxy in front passes the prefix on or strips it."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix or path.startswith(prefix + "/"):
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        environ["SCRIPT_NAME"] = prefix
        return inner(environ, start_response)

    return serve


def without_charset(inner: WSGIApplication) -> WSGIApplication:
    """Drop the charset of the content type: every body is UTF-8 here.

    Django decodes the query string by it, and a codec that decodes no text (`charset=bz2`) ends in an exception before
    any handler of ours.
    """

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = _CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        return inner(environ, start_response)

    return serve


application: WSGIApplication = in_turns(without_charset(get_wsgi_application()), settings.WEB_TURNS)
if settings.PATH_PREFIX:
    application = under_prefix(application, settings.PATH_PREFIX)
