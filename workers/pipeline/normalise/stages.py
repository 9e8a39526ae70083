"""A stage: a rule and the name by which a site can switch it off."""

from collections.abc import Iterable, Iterator

from workers.pipeline.normalise.draft import Rule

Stage = tuple[str, Rule]


def named(name: str, rules: Iterable[Rule]) -> Iterator[Stage]:
    """The rules as stages of one name, which are switched off together."""
    return ((name, rule) for rule in rules)
