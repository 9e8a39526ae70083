from django.apps import AppConfig


class SynthesisConfig(AppConfig):
    name = "synthesis"
    verbose_name = "Speech synthesis"

    def ready(self) -> None:
        # Connects what happens when a job's row goes.
        from synthesis.services import jobs  # noqa: F401
