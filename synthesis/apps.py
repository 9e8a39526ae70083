from django.apps import AppConfig


class SynthesisConfig(AppConfig):
    name = "synthesis"
    verbose_name = "Speech synthesis"

    def ready(self) -> None:
        # Connects what happens when a row of a job or of a cached chunk goes.
        from synthesis.services import jobs, speech_cache  # noqa: F401
