"""``manage.py purge``: delete jobs that are past their days, or all of a user, and show that nothing is left."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone

from synthesis.domain.status import FINISHED
from synthesis.models import Job
from synthesis.services import audit, retention


class Command(BaseCommand):
    help = (
        "Delete finished jobs with their texts and audio, and verify that no row and no file is left. Without options: "
        "the jobs that are past their owner's days (VOICEN_RETENTION_DAYS, or the account's own limits)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", metavar="NAME", help="only jobs of this user")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--older-than", type=int, metavar="DAYS", help="jobs that ended so many days ago or earlier")
        which.add_argument(
            "--all", action="store_true", help="all jobs of --user whatever their age and state; running ones end"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")

    def handle(
        self, *args: Any, user: str | None, older_than: int | None, all: bool, dry_run: bool, **options: Any
    ) -> None:
        doomed = self._doomed(user, older_than, all)
        if dry_run:
            self.stdout.write(f"Would delete {doomed.count()} job(s).")
            return
        result = retention.purge(doomed, unfinished=all)
        for one in result.erased:
            self.stdout.write(f"deleted job {one.job_id} with {one.files} file(s)")
        files = sum(one.files for one in result.erased)
        if result.erased:
            audit.record_command("purge", detail=f"{len(result.erased)} job(s), {files} file(s)")
        if result.unproven:
            raise CommandError(
                f"{len(result.erased)} job(s) were deleted, which is not verified: {result.unproven}. Run the same "
                "command again for the others; files of deleted jobs that are left over go with the housekeeping."
            )
        if result.left:
            raise CommandError("Left over: " + "; ".join(result.left[:20]) + ". Run the same command again.")
        self.stdout.write(
            f"Deleted {len(result.erased)} job(s) with {files} file(s); verified: no row and no file of them is left."
        )

    def _doomed(self, user: str | None, older_than: int | None, everything: bool) -> QuerySet[Job]:
        if everything and user is None:
            raise CommandError("--all needs --user NAME.")
        if older_than is not None and not 0 <= older_than <= 36_500:
            raise CommandError("--older-than takes 0 to 36500 days.")
        if everything:
            doomed = Job.objects.order_by("id")
        elif older_than is not None:
            before = timezone.now() - timedelta(days=older_than)
            doomed = Job.objects.filter(status__in=FINISHED, finished__lte=before).order_by("id")
        else:
            doomed = retention.due()
        if user is None:
            return doomed
        owner = User.objects.filter(username=user).first()
        if owner is None:
            raise CommandError(f"There is no user {user!r}.")
        return doomed.filter(owner=owner)
