"""How the tables of words are written."""


def word_set(*rows: str) -> frozenset[str]:
    """The words of the rows, which are parted by spaces."""
    return frozenset(word for row in rows for word in row.split())
