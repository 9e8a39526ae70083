"""What the pipeline raises besides the engines' own `EngineError`; both carry the same decision."""


class PipelineError(Exception):
    """A stage could not do its work.

    `code` is what the job's reason and the metrics show; `permanent` tells the worker that another try with
    the same text gives the same error.
    """

    def __init__(self, message: str, *, code: str, permanent: bool) -> None:
        super().__init__(message)
        self.code = code
        self.permanent = permanent


class NothingToSpeak(PipelineError):
    """The text holds no letter and no number that could be spoken."""

    def __init__(self) -> None:
        super().__init__("the text holds nothing that can be spoken", code="nothing_to_speak", permanent=True)
