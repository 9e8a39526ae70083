"""The studio: where a person types a text and hears it. Its script talks to /api/v2/ with the session."""

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from models.catalogue import UnknownVoice, Voice
from synthesis.domain.errors import InvalidInput
from synthesis.domain.options import LONGEST_TITLE, SPEEDS, AudioFormat
from synthesis.domain.ssml import Misplaced
from synthesis.pages.ssml import told
from synthesis.services import ssml
from synthesis.services.voices import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable


@login_required
@never_cache
@require_GET
def studio(request: HttpRequest) -> HttpResponse:
    """GET /"""
    context = {
        "languages": _by_language(catalogue()),
        "speeds": SPEEDS,
        "formats": [kind.value for kind in AudioFormat],
        "longest_title": LONGEST_TITLE,
        "limit": settings.MAX_CHARACTERS,
        "words": _words(),
    }
    return render(request, "pages/studio.html", context)


@login_required
@never_cache
@require_POST
def check_ssml(request: HttpRequest) -> HttpResponse:
    """POST studio/ssml/ {text, voice_id, speed}: what is wrong with the document first, and where.

    `problem` is null, or `{message, offset}`: the sentence in the reader's language, the place in code points. 400 for
    what is no such question, and for a document that is longer than forms may be (64 kB).
    """
    try:
        sent = json.loads(request.body)
        ssml.check(str(sent["text"]), catalogue().get(int(sent["voice_id"])), float(sent["speed"]))
    except Misplaced as problem:
        return JsonResponse({"problem": {"message": told(problem), "offset": problem.offset}})
    except (ValueError, KeyError, TypeError, UnknownVoice, RequestDataTooBig):
        return HttpResponse(status=400)
    except InvalidInput:
        pass  # of the text as a whole: the API says it
    return JsonResponse({"problem": None})


def _by_language(voices: "Iterable[Voice]") -> list[tuple[str, str, list[Voice]]]:
    """Code, name and voices of each language that has voices, in the order of the catalogue."""
    names = {"az": _("Azerbaijani"), "tr": _("Turkish"), "ru": _("Russian")}
    spoken: dict[str, list[Voice]] = {}
    for voice in voices:
        spoken.setdefault(voice.language, []).append(voice)
    return [(code, names.get(code, code), members) for code, members in spoken.items()]


def _words() -> dict[str, Any]:
    """What the script says. Without plurals: a count stands behind a colon, so that no language needs its forms."""
    return {
        "status": {
            "waiting": _("In the queue"),
            "preparing": _("Reading the text"),
            "processing": _("Waiting for a voice"),
            "synthesizing": _("Speaking"),
            "ready": pgettext("status of a job", "Ready"),
            "failed": pgettext("status of a job", "Failed"),
        },
        "of_limit": _("{count} of {limit} characters"),
        "too_long": _("Too long: {count} of {limit} characters"),
        "before_yours": _("Jobs before yours: {count}"),
        "parts": _("Parts spoken: {done} of {all}"),
        "seconds_left": _("about {count} s left"),
        "minutes_left": _("about {count} min left"),
        "untitled": _("Untitled"),
        "unreachable": _("The service cannot be reached. Check the connection and try again."),
        "signed_out": _("You are signed out. Reload the page to sign in again."),
        "failure": _("Something went wrong ({code}). Try again; if it stays so, tell your administrator."),
        "empty_text": _("Write or paste a text first."),
        "only_beginning": _("The beginning of the text: {count} characters."),
        "as_written": _("as written"),
        "no_history": _("Nothing here yet. What you generate is kept here."),
        "nothing_found": _("No title has these words."),
        "play": _("Play"),
        "pause": _("Pause"),
        "too_long_to_show": _("This is shown for documents of up to {count} characters."),
        "sample_missing": _("There is no sample of this voice yet."),
        "unplayable": _("This browser cannot play it while it is being spoken; it starts when all is ready."),
        "unplayable_file": _("The audio cannot be played here. Download it instead."),
        "ready_now": _("Ready: {duration}"),
    }
