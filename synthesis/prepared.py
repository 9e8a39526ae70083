"""Statements of the ORM that are compiled once: to write such a statement anew takes Django longer than the database
needs to run it. PostgreSQL plans each of them once for a connection, too (`VOICEN_DATABASE_PREPARED`).

They are for the requests that come hundreds of times a second. Written with the ORM, they are right for each database
and name every field that a model has; what differs from call to call stands in them as a `Parameter`:

    _by_digest = Select(lambda: ApiKey.objects.filter(digest=Parameter("digest", ApiKey, "digest")))
    key = _by_digest.first(digest="…")
"""

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]
from django.db.models.sql import InsertQuery, UpdateQuery

_ModelT = TypeVar("_ModelT", bound=Model)


class Parameter(Value):
    """A value of this field that is given when the statement runs."""

    def __init__(self, name: str, model: type[Model], field: str) -> None:
        super().__init__(None, output_field=cast("Field[Any, Any]", model._meta.get_field(field)))
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def adapt(self, value: object, database: BaseDatabaseWrapper) -> object:
        """The value as the driver takes it."""
        return self.output_field.get_db_prep_value(value, database)


class _Cursor(threading.local):
    """The cursor that is kept for the statements of this thread, and the connection that it is of."""

    of: Any = None
    cursor: Any = None


_kept = _Cursor()
# The driver's own, in C: times with the zone of the connection, which Django has set to UTC. Django's is a Python
# program, since it must know any zone.
_TIMES = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, psycopg.pq.Format.TEXT)


def run(database: BaseDatabaseWrapper, sql: str, parameters: Any) -> contextlib.AbstractContextManager[Any]:
    """A cursor that has run the statement, for a `with`.

    PostgreSQL's is kept: to make one costs half of what a small statement does, and its results are all here. It sends
    values apart from the statement, which the server therefore has to read and plan once only; Django's own cursors
    write the values into it. SQLite's would hold a lock for as long as rows are left in it.
    """
    if database.vendor != "postgresql" or database.queries_logged:
        cursor: Any = database.cursor()
        cursor.execute(sql, parameters)
        return cursor  # type: ignore[no-any-return]
    database.close_if_health_check_failed()
    if _kept.cursor is None or _kept.of is not database.connection:
        database.ensure_connection()
        _kept.of = database.connection
        cursor = psycopg.Cursor(database.connection)
        cursor.adapters.register_loader("timestamptz", _TIMES)
        _kept.cursor = CursorWrapper(cursor, database)
    _kept.cursor.execute(sql, parameters)
    return contextlib.nullcontext(_kept.cursor)


class Compiled:
    """The SQL of one statement for the connection of the present thread."""

    def __init__(self) -> None:
        self._here = threading.local()

    def _of_connection(self) -> tuple[BaseDatabaseWrapper, Any]:
        """This thread's connection and what `_compile` made for it; made anew where the thread has got another one."""
        database = connections[DEFAULT_DB_ALIAS]
        held = getattr(self._here, "held", None)
        if held is None or held[0] is not database:
            held = self._here.held = (database, self._compile(database))
        return held

    def _compile(self, database: BaseDatabaseWrapper) -> Any:
        raise NotImplementedError


def _bound(parameters: Sequence[object], values: dict[str, object], database: BaseDatabaseWrapper) -> Any:
    return [each.adapt(values[each.name], database) if isinstance(each, Parameter) else each for each in parameters]


class Select(Compiled, Generic[_ModelT]):
    """Rows of one model; with `select_related` those that they point at, too. Slices and annotations are part of it."""

    def __init__(self, queryset: Callable[[], QuerySet[_ModelT]]) -> None:
        super().__init__()
        self._queryset = queryset

    def first(self, **values: object) -> _ModelT | None:
        """The row that the database gives first."""
        database, (sql, parameters, models_of) = self._of_connection()
        with run(database, sql, _bound(parameters, values, database)) as cursor:
            row = cursor.fetchone()
        return None if row is None else models_of([row])[0]

    def all(self, **values: object) -> list[_ModelT]:
        database, (sql, parameters, models_of) = self._of_connection()
        with run(database, sql, _bound(parameters, values, database)) as cursor:
            rows = cursor.fetchall()
        return models_of(rows)  # type: ignore[no-any-return]

    def _compile(self, database: BaseDatabaseWrapper) -> Any:
        compiler = self._queryset().query.get_compiler(connection=database)
        sql, parameters = compiler.as_sql()
        columns, info = compiler.select, compiler.klass_info
        model, first, last = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column.target.attname for column, _, _ in columns[first:last]]
        converters = compiler.get_converters([column for column, _, _ in columns])
        related = get_related_populators(info, columns, database.alias)
        annotations = list(compiler.annotation_col_map.items())

        def models_of(rows: list[tuple[Any, ...]]) -> list[_ModelT]:
            converted = compiler.apply_converters(rows, converters) if converters else rows
            found = []
            for row in converted:
                each = model.from_db(database.alias, names, row[first:last])
                for populate in related:
                    populate.populate(row, each)
                for name, index in annotations:
                    setattr(each, name, row[index])
                found.append(each)
            return found

        return sql, parameters, models_of


class Update(Compiled):
    """`queryset.update(**changes)`."""

    def __init__(self, queryset: Callable[[], QuerySet[Any]], **changes: Callable[[], object]) -> None:
        super().__init__()
        self._queryset, self._changes = queryset, changes

    def run(self, **values: object) -> int:
        """How many rows were changed."""
        database, (sql, parameters) = self._of_connection()
        with run(database, sql, _bound(parameters, values, database)) as cursor:
            return int(cursor.rowcount)

    def _compile(self, database: BaseDatabaseWrapper) -> Any:
        query: Any = self._queryset().query.chain(UpdateQuery)
        query.add_update_values({name: change() for name, change in self._changes.items()})
        return query.get_compiler(connection=database).as_sql()


class Insert(Compiled, Generic[_ModelT]):
    """A new row, as by `save(force_insert=True)`, without its signals. The key is the database's."""

    def __init__(self, model: type[_ModelT]) -> None:
        super().__init__()
        self._model = model

    def run(self, row: _ModelT) -> _ModelT:
        """Insert the row and give it its id. Every field needs a plain value, those with a `db_default` too."""
        database, (sql, fields) = self._of_connection()
        with run(database, sql, saved(row, fields, database)) as cursor:
            if database.features.can_return_columns_from_insert:
                row.pk = cursor.fetchone()[0]
            else:
                row.pk = database.ops.last_insert_id(cursor, row._meta.db_table, row._meta.pk.column)
        row._state.adding, row._state.db = False, database.alias
        return row

    def _compile(self, database: BaseDatabaseWrapper) -> Any:
        meta = self._model._meta
        fields = [field for field in meta.local_concrete_fields if not field.primary_key]
        query = InsertQuery(self._model)
        example = self._model(**{field.attname: Parameter(field.name, self._model, field.name) for field in fields})
        query.insert_values(fields, [example])
        compiler = query.get_compiler(connection=database)
        compiler.returning_fields = [meta.pk]
        ((sql, parameters),) = compiler.as_sql()
        if len(parameters) != len(fields):
            raise TypeError(f"A field of {self._model.__name__} is not one placeholder of its own.")
        return sql, fields


def saved(row: Model, fields: Sequence["Field[Any, Any]"], database: BaseDatabaseWrapper) -> list[Any]:
    """The values of these fields of a new row, as the driver takes them."""
    return [field.get_db_prep_save(field.pre_save(row, True), database) for field in fields]


def insert_from(
    source: str, model: type[Model], database: BaseDatabaseWrapper, **computed: str
) -> tuple[str, list["Field[Any, Any]"]]:
    """`INSERT INTO … SELECT … FROM source`: a new row for each row of the source, a part of a larger statement.

    `computed` names columns with the expressions that they get; of the fields in the answer each has a placeholder.
    """
    meta, quote = model._meta, database.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    # Without the length: a cast to varchar(10) would cut a value that an INSERT refuses.
    types = {field: str(field.db_type(database)).partition("(")[0] for field in fields}
    values = [computed.get(str(field.column)) or f"CAST(%s AS {types[field]})" for field in fields]
    columns = ", ".join(quote(field.column) for field in fields)
    sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) SELECT {', '.join(values)} FROM {source}"  # noqa: S608
    return sql, [field for field in fields if field.column not in computed]
