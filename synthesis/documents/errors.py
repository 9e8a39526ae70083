"""Why a document is not read."""


class Refused(Exception):
    """The document is not what it seems, or more than is read. The message is one sentence for its sender."""
