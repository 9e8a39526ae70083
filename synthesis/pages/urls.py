from django.contrib.auth.views import LogoutView
from django.urls import path, re_path
from django.views.i18n import set_language

from synthesis.pages import account, docs, signin, studio

app_name = "pages"
urlpatterns = [
    path("", studio.studio, name="studio"),
    path("studio/ssml/", studio.check_ssml, name="check-ssml"),
    path("login/", signin.SignIn.as_view(), name="login"),
    path("login/once/<str:token>/", signin.by_link, name="login_by_link"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", set_language, name="language"),
    path("account/", account.account, name="account"),
    path("account/password/", signin.ChangePassword.as_view(), name="password"),
    path("account/keys/", account.make_key, name="make_key"),
    path("account/keys/<int:key_id>/regenerate/", account.regenerate_key, name="regenerate_key"),
    path("account/keys/<int:key_id>/disable/", account.switch_key, {"disabled": True}, name="disable_key"),
    path("account/keys/<int:key_id>/enable/", account.switch_key, {"disabled": False}, name="enable_key"),
    # Where the original service has its page of keys.
    re_path(r"^(?P<language>az|tr|ru|en)/user/api/?$", account.account, name="original_account"),
    path("docs/", docs.index, name="docs"),
    path("docs/<path:name>/", docs.document, name="document"),
]
