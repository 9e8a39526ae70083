"""A new job, its first step and the counts of its account, by one statement of PostgreSQL.

In turn, as `jobs` does it elsewhere, these are five statements between a BEGIN and a COMMIT, and from the first of them
the account's counts are locked: whoever else sends for the account waits for all the round trips, and in Python for the
interpreter at each. Here the lock lasts for as long as PostgreSQL itself needs.
"""

from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from synthesis.domain import quotas
from synthesis.domain.options import Priority
from synthesis.models import Job, Step
from synthesis.prepared import Compiled, insert_from, run, saved
from synthesis.services import queue, totals

# The locks in the order of everybody else: the usage of the day, then the counts. Every value that the lock was waited
# for is that of the moment when it was got: PostgreSQL looks again at a row which it has waited for.
_STATEMENT = """
WITH used AS (
  SELECT id FROM synthesis_usage WHERE owner_id = %s AND day = %s FOR UPDATE
), total AS (
  UPDATE synthesis_jobtotal SET jobs = jobs + 1, {column} = {column} + 1 FROM used
  WHERE owner_id = %s AND (%s = 0 OR low + normal + high < %s)
  RETURNING jobs - 1 AS before, {ahead} - 1 AS ahead
), counted AS (
  UPDATE synthesis_usage SET jobs = synthesis_usage.jobs + 1, characters = synthesis_usage.characters + %s
  FROM used, total WHERE synthesis_usage.id = used.id
), job AS (
  {job} RETURNING id
), step AS (
  {step}
)
SELECT id FROM job
"""
# A job of the account that came in between has changed what the turn was reckoned from: then it is one of the rounds.
_TURN = "CASE WHEN total.before = %s THEN CAST(%s AS bigint) ELSE %s + GREATEST(total.ahead, 0) END"


class _Accept(Compiled):
    """The statement, which differs by priority."""

    def __init__(self, priority: Priority) -> None:
        super().__init__()
        self._priority = priority

    def run(self, job: Job, step: Step, limit: int, day: object, found: queue.Standing) -> int | None:
        database, (sql, of_job, of_step) = self._of_connection()
        values = [job.owner_id, day, job.owner_id, limit, limit, job.character_count]
        values += saved(job, of_job, database)
        # In the order of the columns: the turn comes where the round stands.
        turn = [found.jobs, queue.round_of_submission(found, job.voice_id), queue.next_round(found, job.voice_id)]
        before, after = of_step
        values += saved(step, before, database) + turn + saved(step, after, database)
        with run(database, sql, values) as cursor:
            row = cursor.fetchone()
        return None if row is None else int(row[0])

    def _compile(self, database: BaseDatabaseWrapper) -> Any:
        job, of_job = insert_from("total", Job, database)
        step, of_step = insert_from("job, total", Step, database, job_id="job.id", round=_TURN)
        round_at = [field.column for field in Step._meta.local_concrete_fields].index("round")
        columns = [field.column for field in Step._meta.local_concrete_fields[:round_at]]
        before = [field for field in of_step if field.column in columns]
        waited_for = [totals.column(priority) for priority in Priority if priority >= self._priority]
        sql = _STATEMENT.format(column=totals.column(self._priority), ahead=" + ".join(waited_for), job=job, step=step)
        return sql, of_job, (before, of_step[len(before) :])


_accept = {priority: _Accept(priority) for priority in Priority}


def at_once(job: Job, step: Step, now: datetime) -> bool:
    """Add the rows and count them. Its step gets its turn here.

    False: nothing was done, and nothing said about why. Another database, the account's first job of the day, limits
    that need a look at more than one row, or one that is used up by the counts that are kept.
    """
    database = connections[DEFAULT_DB_ALIAS]
    seen = queue.kept_standing(job.owner_id, job.priority) if database.vendor == "postgresql" else None
    if seen is None:
        return False
    found, allowed = seen
    if allowed.characters_per_day or allowed.characters_per_month:
        return False
    made = _accept[Priority(job.priority)].run(job, step, allowed.jobs_in_queue, quotas.today(now), found)
    if made is None:
        return False
    job.pk = made
    job._state.adding, job._state.db = False, database.alias
    return True
