"""``manage.py doctor``: what is wrong with this installation, and how to mend it."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from voicen_server import doctor


class Command(BaseCommand):
    help = "Look at everything the service needs. Ends with 1 when something is wrong; warnings do not count."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--engine", action="store_true", help="load the engine too and speak a word (seconds)")
        parser.add_argument("--json", action="store_true", help="one JSON object for each check")

    def handle(self, *args: Any, engine: bool, json: bool, **options: Any) -> None:
        wrong = 0
        for finding in doctor.examine(with_engine=engine):
            wrong += finding.verdict == doctor.Verdict.WRONG
            self.stdout.write(_json(finding) if json else _line(finding))
        if wrong:
            raise CommandError(f"{wrong} of these are wrong.")


def _line(finding: doctor.Finding) -> str:
    line = f"{finding.verdict.value:<8} {finding.name}: {finding.text}"
    return f"{line}\n         → {finding.mend}" if finding.mend else line


def _json(finding: doctor.Finding) -> str:
    return json.dumps(asdict(finding), ensure_ascii=False)
