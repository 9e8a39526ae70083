"""`limit` and `offset` as the document has them; a bad value is an error, not a default."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from rest_framework.request import Request

from synthesis.api.v1 import answers
from synthesis.domain.errors import InvalidInput
from synthesis.domain.limits import DEFAULT_PAGE, MAX_PAGE
from synthesis.models import Job
from synthesis.prepared import Parameter, Select
from synthesis.services import totals

# An offset that no database counts to; beyond it SQLite and PostgreSQL overflow.
_LARGEST = 2**53

# The page that nearly everybody asks for.
_newest = Select(lambda: Job.objects.filter(owner=Parameter("owner", Job, "owner")).order_by("-id")[:DEFAULT_PAGE])


def page(request: Request, owner_id: int) -> dict[str, Any]:
    """One page of an account's jobs, the newest first, with the links to its neighbours."""
    limit = min(_number(request, "limit", DEFAULT_PAGE, minimum=1), MAX_PAGE)
    offset = _number(request, "offset", 0, minimum=0)
    count = totals.of(owner_id)
    rows = _rows(owner_id, offset, min(limit, count - offset), count) if offset < count else []
    return {
        "count": count,
        "next": _link(request, limit, offset + limit) if offset + limit < count else None,
        "previous": _link(request, limit, offset - limit) if offset > 0 else None,
        "results": [answers.job(row) for row in rows],
    }


def _rows(owner_id: int, offset: int, limit: int, count: int) -> list[Job]:
    """From the nearer end, and the ids first: what is passed over is read in the index alone."""
    if offset == 0 and limit <= DEFAULT_PAGE:
        return _newest.all(owner=owner_id)[:limit]
    jobs = Job.objects.filter(owner_id=owner_id)
    if offset <= count // 2:
        ids = jobs.order_by("-id").values("id")[offset : offset + limit]
    else:
        ids = jobs.order_by("id").values("id")[count - offset - limit : count - offset]
    return list(Job.objects.filter(id__in=ids).order_by("-id"))


def _number(request: Request, name: str, default: int, *, minimum: int) -> int:
    value = request.query_params.get(name, "").strip()
    if not value:
        return default
    # Nothing longer than int() takes without complaint, and only the digits that a client means.
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= 4000 else -1
    if number < minimum:
        raise InvalidInput(f"{name}: A whole number of at least {minimum} is required.")
    return min(number, _LARGEST)


def _link(request: Request, limit: int, offset: int) -> str:
    """An absolute link with limit before offset; the first page has no offset."""
    parameters = {"limit": limit} if offset <= 0 else {"limit": limit, "offset": offset}
    return f"{_base(request)}?{urlencode(parameters)}"


def _base(request: Request) -> str:
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{request.path_info}"
    return request.build_absolute_uri(request.path)
