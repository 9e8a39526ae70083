"""The account page: keys, what this month has used, password, language."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from synthesis.models import ApiKey
from synthesis.services import audit, keys, queue, quotas, usage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

SAMPLE_KEY = "YOUR_KEY"
_MOST_KEYS = 50
_LIFETIMES = (
    ("", gettext_lazy("never")),
    ("30", gettext_lazy("after 30 days")),
    ("90", gettext_lazy("after 90 days")),
    ("365", gettext_lazy("after a year")),
)


class NewKey(forms.Form):
    """What a new key is for, and how long it lives."""

    name = forms.CharField(max_length=100, label=gettext_lazy("What will use it?"))
    lifetime = forms.ChoiceField(choices=_LIFETIMES, required=False, label=gettext_lazy("It expires"))

    def expires(self) -> Any:
        days = self.cleaned_data["lifetime"]
        return timezone.now() + timedelta(days=int(days)) if days else None


@login_required
@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """GET account/, and the address that the original service had: en/user/api/."""
    return _page(request, NewKey())


@login_required
@require_http_methods(["GET", "POST"])
def make_key(request: HttpRequest) -> HttpResponse:
    """POST shows the new key on this one answer; whoever comes back to its address finds the page."""
    if request.method == "GET":
        return redirect("pages:account")
    form = NewKey(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    with transaction.atomic():
        if ApiKey.objects.filter(user=_user(request)).count() >= _MOST_KEYS:
            messages.error(request, _("An account has %(most)s keys at most.") % {"most": _MOST_KEYS})
            return redirect("pages:account")
        key, plain = keys.create(_user(request), form.cleaned_data["name"], expires=form.expires())
        audit.record_request(request, "added", key)
    return _page(request, NewKey(), new=key, plain=plain)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def regenerate_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """GET warns, POST does it and shows the new key on this one page."""
    key = _own_key(request, key_id)
    if request.method == "GET":
        return render(request, "pages/regenerate.html", {"key": key})
    with transaction.atomic():
        plain = keys.regenerate(key)
        audit.record_request(request, "changed", key, detail="Regenerated.")
    return _page(request, NewKey(), new=key, plain=plain)


@login_required
@require_POST
def switch_key(request: HttpRequest, key_id: int, *, disabled: bool) -> HttpResponse:
    key = _own_key(request, key_id)
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, disabled=not disabled).update(disabled=disabled):
            audit.record_request(request, "changed", key, detail="Disabled." if disabled else "Enabled.")
    said = _("“%(name)s” is disabled: it is refused from now on.") if disabled else _("“%(name)s” is enabled again.")
    messages.success(request, said % {"name": key.name})
    return redirect("pages:account")


def base_url(request: HttpRequest) -> str:
    """The service's address as clients reach it, without a slash at its end."""
    return str(settings.PUBLIC_URL) or request.build_absolute_uri(reverse("pages:studio")).rstrip("/")


def _user(request: HttpRequest) -> "User":
    """The account whose page it is: every view here asks for a login."""
    user: User = request.user  # type: ignore[assignment]
    return user


def _own_key(request: HttpRequest, key_id: int) -> ApiKey:
    return get_object_or_404(ApiKey, pk=key_id, user=_user(request))


def _page(
    request: HttpRequest, form: NewKey, *, new: ApiKey | None = None, plain: str = "", status: int = 200
) -> HttpResponse:
    """The page; with `plain` it shows a new key, which is in no message, cookie or session."""
    user, now = _user(request), timezone.now()
    rows = ApiKey.objects.filter(user=user).order_by("disabled", "-id")
    context = {
        "keys": [(key, _state(key)) for key in rows],
        "form": form,
        "new": new,
        "plain": plain,
        "usage": _usage(user),
        "base_url": base_url(request),
        "shown_key": plain or SAMPLE_KEY,
        "now": now,
    }
    response = render(request, "pages/account.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _state(key: ApiKey) -> str:
    if key.disabled:
        return "disabled"
    return "expired" if key.expires and key.expires <= timezone.now() else "valid"


def _usage(user: "User") -> dict[str, Any]:
    """What the month (UTC) has used so far, and what is left of the account's limits; 0 is no limit."""
    now = timezone.now()
    used = usage.used(user, now, queue.unfinished_jobs(user.pk))
    allowed = quotas.of(user)
    rows = usage.of_month(now.date().replace(day=1)).filter(owner=user)
    sums = rows.aggregate(jobs=Sum("jobs"), audio_ms=Sum("audio_ms"))
    figures = {
        "jobs": sums["jobs"] or 0,
        "characters": used.this_month,
        "today": used.today,
        "unfinished": used.unfinished,
        "month_limit": allowed.characters_per_month,
        "day_limit": allowed.characters_per_day,
    }
    grouped = {name: number_format(value, force_grouping=True) for name, value in figures.items() if value}
    minutes = number_format((sums["audio_ms"] or 0) / 60_000, decimal_pos=1, force_grouping=True)
    return {**figures, **grouped, "minutes": minutes}
