from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "synthesis.pages"
    verbose_name = "Pages"
