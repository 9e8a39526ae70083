"""A new job, its first step and the counts of its account, by one statement of PostgreSQL.

In turn, as `jobs` does it elsewhere, these are six statements between a BEGIN and a COMMIT, and from the first of them
the account's counts are locked: whoever else sends for the account waits for all the round trips, and in Python for the
interpreter at each. Here the lock lasts for as long as PostgreSQL itself needs.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from synthesis.domain import limits, quotas
from synthesis.domain.options import Priority
from synthesis.models import Job, Step
from synthesis.prepared import Compiled, insert_from, run, saved
from synthesis.services import queue, totals

# The locks in the order of everybody else: the usage of the day, then the counts. `found` is what the statement finds
# at its beginning; in `total` is what holds once the locks are got, since PostgreSQL looks again at a row which it has
# waited for. An account with a limit of characters is none of `found`: it needs a look at more than one row.
_STATEMENT = f"""
WITH found AS MATERIALIZED (
  SELECT jobs, COALESCE(jobs_in_queue, %s) AS allowed,
    COALESCE(%s, ({queue.LOWEST_ROUND}) + 1, 1) AS next, EXISTS ({queue.HAS_FIRST_TURN}) AS has_first_turn
  FROM synthesis_jobtotal LEFT JOIN synthesis_accountlimits ON user_id = owner_id
  WHERE owner_id = %s AND COALESCE(characters_per_day, %s) = 0 AND COALESCE(characters_per_month, %s) = 0
), used AS (
  SELECT id FROM synthesis_usage WHERE owner_id = %s AND day = %s FOR UPDATE
), total AS (
  UPDATE synthesis_jobtotal SET jobs = synthesis_jobtotal.jobs + 1, {{column}} = {{column}} + 1 FROM found, used
  WHERE owner_id = %s AND (found.allowed = 0 OR low + normal + high < found.allowed)
  RETURNING synthesis_jobtotal.jobs - 1 = found.jobs AS is_as_found, GREATEST({{ahead}} - 1, 0) AS ahead
), counted AS (
  UPDATE synthesis_usage SET jobs = synthesis_usage.jobs + 1, characters = synthesis_usage.characters + %s
  FROM used, total WHERE synthesis_usage.id = used.id
), job AS (
  {{job}} RETURNING id
), step AS (
  {{step}}
)
SELECT id FROM job
"""  # noqa: S608 - our own words
# `queue.round_of_submission`. Where a job of the account came in between, whether one has the first turn is not known.
_TURN = (
    f"CASE WHEN found.has_first_turn OR NOT total.is_as_found OR total.ahead > {limits.FEW_JOBS}"
    f" THEN found.next + total.ahead ELSE {queue.FAST_ROUND} END"
)


class _Accept(Compiled):
    """The statement, which differs by priority."""

    def __init__(self, priority: Priority) -> None:
        super().__init__()
        self._priority = priority

    def run(self, job: Job, step: Step, now: datetime) -> int | None:
        database, (sql, of_job, of_step) = self._of_connection()
        owner = job.owner_id
        values: list[Any] = [settings.MAX_UNFINISHED_JOBS, queue.next_round_of_engine(job.voice_id), owner, owner]
        values += [settings.CHARACTERS_PER_DAY, settings.CHARACTERS_PER_MONTH]
        values += [owner, quotas.today(now), owner, job.character_count]
        values += saved(job, of_job, database) + saved(step, of_step, database)
        with run(database, sql, values) as cursor:
            row = cursor.fetchone()
        return None if row is None else int(row[0])

    def _compile(self, database: BaseDatabaseWrapper) -> Any:
        job, of_job = insert_from("total", Job, database)
        step, of_step = insert_from("job, total, found", Step, database, job_id="job.id", round=_TURN)
        waited_for = [totals.column(priority) for priority in Priority if priority >= self._priority]
        sql = _STATEMENT.format(column=totals.column(self._priority), ahead=" + ".join(waited_for), job=job, step=step)
        return sql, of_job, of_step


_accept = {priority: _Accept(priority) for priority in Priority}


def at_once(job: Job, step: Step, now: datetime) -> bool:
    """Add the rows and count them. Its step gets its turn here.

    False: nothing was done, and nothing said about why. Another database, the account's first job of the day, limits
    that need a look at more than one row, or one that is used up by the counts that are kept.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        return False
    made = _accept[Priority(job.priority)].run(job, step, now)
    if made is None:
        return False
    job.pk = made
    job._state.adding, job._state.db = False, database.alias
    return True
