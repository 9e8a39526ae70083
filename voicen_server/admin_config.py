from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """The Django admin with our index: voices and the state of the system beside the rows."""

    default_site = "synthesis.admin_site.VoicenAdminSite"
