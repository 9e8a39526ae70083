"""The `speech` storage in a bucket (S3 or a server that speaks its protocol), shared by all hosts.

A put is complete or absent, so an object needs no draft and no rename. Reading is by ranges: a part of a long text, or
a player's seek, fetches no more than it needs, and nothing is held whole.

Each call is bounded: botocore tries a few times with growing rests, and an answer that does not come within seconds
counts as none. After that StorageAway is raised, an OSError, which whoever asked treats like a disk that fails.
"""

import contextlib
import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, IncompleteReadError, ReadTimeoutError
from botocore.exceptions import ConnectionError as NoConnection
from django.core.files import File
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from synthesis.storage import StorageAway

CONNECT_SECONDS = 3
ANSWER_SECONDS = 10
TRIES = 4

_BUFFER_BYTES = 256 * 1024
# Up to here one put: an object of several parts leaves parts behind when its writer is killed.
_SINGLE_PUT_BYTES = 64 * 1024 * 1024
_PAGE = 1000  # the most that S3 lists at a time
_PARTS_OLD = timedelta(days=1)
_FAULTS = (BotoCoreError, HTTPError)
_BUSY = frozenset({408, 429})


class SpeechS3Storage(S3Storage):  # type: ignore[misc]
    """Objects under `location` of one bucket; any thread may use it."""

    _making = threading.Lock()

    def get_default_settings(self) -> dict[str, Any]:
        return dict(super().get_default_settings()) | {
            "file_overwrite": True,  # names are unique: no look before each put
            "default_acl": None,
            "transfer_config": TransferConfig(multipart_threshold=_SINGLE_PUT_BYTES, use_threads=False),
        }

    def __init__(self, **options: Any) -> None:
        style = options.get("addressing_style", "auto")
        super().__init__(
            **options,
            client_config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=ANSWER_SECONDS,
                retries={"mode": "standard", "total_max_attempts": TRIES},
                s3={"addressing_style": style},
                # Servers other than Amazon's know no other checksum than the one they are asked for.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @cached_property
    def _session(self) -> boto3.session.Session:
        return boto3.session.Session(
            aws_access_key_id=self.access_key or None,
            aws_secret_access_key=self.secret_key or None,
            aws_session_token=self.security_token or None,
        )

    def _create_session(self) -> boto3.session.Session:
        """One for all threads: each of its own would load the whole description of S3 again."""
        return self._session

    @property
    def connection(self) -> Any:
        with self._making:  # a session makes one client at a time
            return super().connection

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]
        if mode != "rb":
            raise ValueError("objects are written by save()")
        source = _Object(self.connection.meta.client, self.bucket_name, self._key(name))
        source.connect()  # a missing object and a storage that is away show here, not in the middle of an answer
        return File(io.BufferedReader(source, _BUFFER_BYTES), name=name)

    def _save(self, name: str, content: File) -> str:  # type: ignore[type-arg]
        with _faults():
            return str(super()._save(name, content))

    def save_first(self, name: str, content: bytes) -> None:
        """An object is there whole or not at all, and in no folder of its own."""
        self.save(name, ContentFile(content))

    def delete(self, name: str) -> None:
        with _faults():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _faults():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _faults():
            return int(super().size(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _faults():
            folders, files = super().listdir(name)
            return folders, files

    def get_modified_time(self, name: str) -> datetime:
        with _faults():
            modified: datetime = super().get_modified_time(name)
            return modified

    def delete_folder(self, name: str) -> None:
        """Remove every object of a folder; nothing to remove is no error."""
        with _faults():
            self.bucket.objects.filter(Prefix=self._key(name) + "/").delete()

    def folders(self, name: str) -> Iterator[tuple[str, dict[str, float]]]:
        """Each folder in this one, with its objects and when each was put: a request for every thousand objects."""
        prefix = self._key(name) + "/"
        # The keys come in their order, and so folder after folder.
        for folder, objects in groupby(self._listed(prefix), key=lambda found: found[0].partition("/")[0]):
            yield folder, {key.partition("/")[2]: time for key, time in objects}

    def _listed(self, prefix: str) -> Iterator[tuple[str, float]]:
        client = self.connection.meta.client
        listing = client.get_paginator("list_objects_v2")
        pages = iter(listing.paginate(Bucket=self.bucket_name, Prefix=prefix, PaginationConfig={"PageSize": _PAGE}))
        while True:
            with _faults():
                page = next(pages, None)
            if page is None:
                return
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(prefix), found["LastModified"].timestamp()

    def tidy(self) -> None:
        """Drop the parts of large objects whose writers were killed: no listing shows them, but they take room."""
        client, prefix = self.connection.meta.client, f"{self.location}/" if self.location else ""
        with _faults():
            for page in client.get_paginator("list_multipart_uploads").paginate(Bucket=self.bucket_name, Prefix=prefix):
                for upload in page.get("Uploads", ()):
                    if datetime.now(UTC) - upload["Initiated"] > _PARTS_OLD:
                        client.abort_multipart_upload(
                            Bucket=self.bucket_name, Key=upload["Key"], UploadId=upload["UploadId"]
                        )

    def _key(self, name: str) -> str:
        return str(self._normalize_name(name))


class _Object(io.RawIOBase):
    """One object, read from wherever it is wanted. A connection that breaks is taken up again where it broke."""

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self._client, self._bucket, self._key = client, bucket, key
        self._body: Any = None
        self._position = 0
        self._size: int | None = None

    def connect(self) -> None:
        """Ask for the object from the present position on. Raises FileNotFoundError, StorageAway."""
        self._drop()
        wanted = {"Range": f"bytes={self._position}-"} if self._position else {}
        with _faults():
            answer = self._client.get_object(Bucket=self._bucket, Key=self._key, **wanted)
        self._body = answer["Body"]
        self._size = self._position + int(answer["ContentLength"])

    def readinto(self, buffer: Any) -> int:
        for attempt in range(TRIES):
            if self._size is not None and self._position >= self._size:
                return 0
            try:
                if self._body is None:
                    self.connect()
                piece = self._body.read(len(buffer))
            except (ReadTimeoutError, IncompleteReadError, HTTPError, OSError) as error:
                self._drop()
                if isinstance(error, FileNotFoundError) or attempt == TRIES - 1:
                    raise error if isinstance(error, OSError) else StorageAway(type(error).__name__) from error
                continue
            if not piece:  # fewer bytes than were announced
                self._drop()
                continue
            buffer[: len(piece)] = piece
            self._position += len(piece)
            return len(piece)
        raise StorageAway("an object ends before its end")

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END and self._size is None:
            self.connect()
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size or 0}[whence]
        if base + offset != self._position:
            self._drop()
            self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._drop()
        super().close()

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    """What the libraries raise, as the errors of files: FileNotFoundError, StorageAway, PermissionError."""
    try:
        yield
    except ClientError as error:
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code = str(error.response.get("Error", {}).get("Code", "") or status)
        if status == 404 and code != "NoSuchBucket":
            raise FileNotFoundError("no such object") from error
        if status >= 500 or status in _BUSY:
            raise StorageAway(code) from error
        raise PermissionError(f"the bucket refuses: {code}") from error
    except NoConnection as error:
        raise StorageAway("no connection") from error
    except _FAULTS as error:
        raise StorageAway(type(error).__name__) from error
