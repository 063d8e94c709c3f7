# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The data of one database: how they are stored, copied, and served."""

from __future__ import annotations

import contextlib
import shutil
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..users import Accounts, set_password, use_tokens
from .admin import Row
from .binaries import PostgresError
from .server import PostgresServer
from .template import SUPERUSER
from .workspace import workspace

_POSITION = "SELECT pg_current_wal_insert_lsn()"
_CLIENTS = f"""\
SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> '{SUPERUSER}'
"""


class Folder:
    """A data directory in the workspace. It is removed when nothing refers to it any more."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._remove = weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
        # At the end of the process, the helper of the workspace removes everything.
        self._remove.atexit = False

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.path / "data"


@dataclass(frozen=True)
class Image:
    """The data of a database at one time.

    accounts: what a copy of the template starts with. folder: a data directory that already has its accounts, or None
    if nobody ever logged in. waiting: the statements that were not run there yet.
    """

    accounts: Accounts
    folder: Folder | None = None
    waiting: tuple[str, ...] = ()


class Volume:
    """The data of one database or cluster, and its server.

    Nothing is stored before the first login: until then, the volume is a list of accounts, and its copies are free.
    All methods may be called from any thread, and none of them needs the lock of the world.
    """

    def __init__(self, image: Image) -> None:
        self._lock = threading.RLock()
        self._image: Image | None = image
        self._master = image.accounts.master
        self._accounts = image.accounts
        self._folder: Folder | None = None
        self._server: PostgresServer | None = None
        self._waiting: tuple[str, ...] = ()
        # The latest copy, and the position in the write-ahead log to which it is complete.
        self._copied: Image | None = None
        self._position: list[Row] | None = None
        self._removed = False

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        server = self._server
        return server is not None and server.running

    def image(self) -> Image:
        """Return the data as they are now, also while clients write. Unchanged data are not copied again."""
        with self._lock:
            if self._image is not None:
                return self._image
            if self._copied is None or not self._is_unchanged():
                self._copied = None
                copied = Image(self._accounts, self._copy(), self._waiting)
                self._remember(copied)
                return copied
            return self._copied

    def start(self, parameters: Mapping[str, str]) -> PostgresServer:
        """Return the running server; raise PostgresError if it cannot be started.

        parameters: values of PostgreSQL's parameters, which take effect when the server starts.
        """
        with self._lock:
            if self._removed:
                raise PostgresError("the database was deleted")
            if self._server is None or not self._server.running:
                self._server = self._start(parameters)
            return self._server

    def stop(self) -> None:
        """Stop the server if it runs. The data stay."""
        with self._lock:
            if not self._is_unchanged():
                self._copied = None
            server, self._server = self._server, None
            if server is not None:
                server.stop()

    def remove(self) -> None:
        """Stop the server, and remove the data."""
        with self._lock:
            self.stop()
            self._folder, self._copied, self._removed = None, None, True

    def set_master_password(self, password: str) -> None:
        """Change the password of the master user, now or when the server starts."""
        with self._lock:
            if self._image is not None and self._image.folder is None:
                self._accounts = self._image.accounts.with_password(password)
                self._image = replace(self._image, accounts=self._accounts)
            else:
                self._run(set_password(self._master, password))

    def use_tokens_for_master(self) -> None:
        """Make the master user log in with tokens, now or when the server starts."""
        with self._lock:
            self._run(use_tokens(self._master))

    def _run(self, statement: str) -> None:
        """Run a statement now, or keep it until the server starts."""
        if self._server is not None and self._server.running:
            self._server.admin.query(statement)
            return
        self._copied = None
        if self._image is not None:
            self._image = replace(self._image, waiting=(*self._image.waiting, statement))
        else:
            self._waiting = (*self._waiting, statement)

    def _start(self, parameters: Mapping[str, str]) -> PostgresServer:
        folder, statements = self._stored()
        server = PostgresServer(workspace(), folder.path, parameters)
        try:
            for statement in statements:
                server.admin.query(statement)
        except BaseException:
            server.stop()
            raise
        self._folder, self._image, self._waiting = folder, None, ()
        return server

    def _stored(self) -> tuple[Folder, tuple[str, ...]]:
        """Return the folder of the data, and the statements to run there. The first start creates the folder."""
        space, image = workspace(), self._image
        if image is None:
            return self._kept(), self._waiting
        if image.folder is None:
            return Folder(space.copy(space.template())), (*image.accounts.statements(), *image.waiting)
        return Folder(space.copy(image.folder.data)), image.waiting

    def _kept(self) -> Folder:
        if self._folder is None:
            raise PostgresError("the database was deleted")
        return self._folder

    def _copy(self) -> Folder:
        space, kept = workspace(), self._kept()
        if self._server is None or not self._server.running:
            return Folder(space.copy(kept.data))
        copied = Folder(space.new_folder())
        self._server.back_up(copied.data)
        return copied

    def _remember(self, copied: Image) -> None:
        """Use the copy again until something is written; not if a client is connected and could have written."""
        if not self.running or self._query(_CLIENTS) == [("0",)]:
            self._copied, self._position = copied, self._query(_POSITION)

    def _is_unchanged(self) -> bool:
        if self._server is None:
            return True
        position = self._query(_POSITION)
        return position is not None and position == self._position

    def _query(self, statement: str) -> list[Row] | None:
        """Return the rows, or None without a running server."""
        if self._server is not None:
            with contextlib.suppress(OSError):
                return self._server.admin.query(statement)
        return None
