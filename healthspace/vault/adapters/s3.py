"""Sealed bodies in any S3 service, through obstore."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError, PreconditionError
from obstore.store import S3Store as Bucket

from healthspace.common.errors import Conflict, Refused, Unavailable
from healthspace.vault.ports import Stored


class S3Store:
    """A bucket that is ours alone; written once by `If-None-Match: *`."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        endpoint = str(settings["endpoint"])
        self._bucket = Bucket(
            str(settings["bucket"]),
            endpoint=endpoint,
            region=str(settings.get("region") or "us-east-1"),
            access_key_id=str(settings["access_key"]),
            secret_access_key=str(settings["secret_key"]),
            virtual_hosted_style_request=False,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": "30s"},
            retry_config={"max_retries": 3},
        )

    def put_once(self, name: str, content: bytes | bytearray) -> None:
        """Stored when the service says so; it replicates and syncs as it was told to."""
        try:
            obstore.put(self._bucket, _key(name), content, mode="create", use_multipart=False)
        except (AlreadyExistsError, PreconditionError) as error:
            raise Conflict("this blob is already stored") from error
        except (BaseError, OSError) as error:
            raise Unavailable("the store of documents did not take the bytes") from error

    def get(self, name: str) -> bytes:
        """The object's bytes."""
        try:
            return bytes(obstore.get(self._bucket, _key(name)).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise Refused("ABSENT") from error
        except (BaseError, OSError) as error:
            raise Unavailable("the store of documents does not answer") from error

    def head(self, name: str) -> Stored | None:
        """The object's size and age, or None."""
        try:
            found = obstore.head(self._bucket, _key(name))
        except (NotFoundError, FileNotFoundError):
            return None
        except (BaseError, OSError) as error:
            raise Unavailable("the store of documents does not answer") from error
        return Stored(name, found["size"], found["last_modified"])

    def delete(self, name: str) -> None:
        """Remove the object."""
        try:
            obstore.delete(self._bucket, _key(name))
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise Unavailable("the store of documents does not answer") from error

    def names(self) -> Iterator[Stored]:
        """Every object of ours in the bucket."""
        for page in obstore.list(self._bucket, prefix="blobs"):
            for found in page:
                name = found["path"].rpartition("/")[2]
                yield Stored(name, found["size"], found["last_modified"])


def _key(name: str) -> str:
    if len(name) < 8 or not name.isalnum() or not name.isascii():
        raise Refused("ABSENT")
    return f"blobs/{name[:2]}/{name}"
