"""The door: name and password, or a link that signs in once."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import login, views
from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from synthesis.services import audit

if TYPE_CHECKING:
    from django.contrib.auth.forms import SetPasswordForm

_SALT = "synthesis.pages.signin"
_LINK_SECONDS = 3600
# There are two back ends, and the other one only counts failures.
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(views.LoginView):
    template_name = "pages/login.html"
    redirect_authenticated_user = True


class ChangePassword(views.PasswordChangeView):
    """The account's own password. Other sessions of the account end; this one goes on."""

    template_name = "pages/password.html"
    success_url = reverse_lazy("pages:account")

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        response = super().form_valid(form)
        audit.record_request(self.request, "changed", form.user, detail="Own password.")
        messages.success(self.request, _("Your password is changed. Other browsers are signed out."))
        return response


def link_token(user: User) -> str:
    """The last part of an address that signs the user in, once, within an hour."""
    return signing.dumps([user.pk, _stamp(user)], salt=_SALT)


def _stamp(user: User) -> str:
    """Changes as soon as the user has signed in, so that a link is good for one time."""
    last = user.last_login.isoformat() if user.last_login else ""
    return salted_hmac(_SALT, f"{user.pk}\0{user.password}\0{last}", algorithm="sha256").hexdigest()


def _bearer(token: str) -> User | None:
    try:
        pk, stamp = signing.loads(token, salt=_SALT, max_age=_LINK_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user is not None and constant_time_compare(stamp, _stamp(user)) else None


@require_GET
@never_cache
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET login/once/TOKEN/: the address that `manage.py serve` prints for its administrator."""
    if request.user.is_authenticated:
        return redirect("pages:studio")
    user = _bearer(token)
    if user is None:
        messages.warning(request, _("This link was used already or is older than an hour. Sign in with your password."))
        return redirect("pages:login")
    login(request, user, backend=_BACKEND)
    return redirect("pages:studio")
