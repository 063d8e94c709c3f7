# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The data of one database: how they are stored, copied, and served."""

from __future__ import annotations

import shutil
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Generic, TypeVar

from .postgres.workspace import workspace
from .server_type import Accounts, Server, ServerError

_Server = TypeVar("_Server", bound=Server)


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
    waiting: tuple[str, ...] = field(default=(), repr=False)


class Volume(ABC, Generic[_Server]):
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
        self._server: _Server | None = None
        self._waiting: tuple[str, ...] = ()
        # The latest copy, and the position of the server to which it is complete.
        self._copied: Image | None = None
        self._position: object = None
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

    def start(self, parameters: Mapping[str, str]) -> _Server:
        """Return the running server; raise ServerError if it cannot be started.

        parameters: values of the server's parameters, which take effect when the server starts.
        """
        with self._lock:
            if self._removed:
                raise ServerError("the database was deleted")
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
                self._run(self._password_statements(self._master, password))

    def use_tokens_for_master(self) -> None:
        """Make the master user log in with tokens, now or when the server starts."""
        with self._lock:
            self._run(self._token_statements(self._master))

    def _run(self, statements: list[str]) -> None:
        """Run statements now, or keep them until the server starts."""
        if self._server is not None and self._server.running:
            self._server.run(statements)
            return
        self._copied = None
        if self._image is not None:
            self._image = replace(self._image, waiting=(*self._image.waiting, *statements))
        else:
            self._waiting = (*self._waiting, *statements)

    @abstractmethod
    def _open(self, folder: Path, parameters: Mapping[str, str]) -> _Server:
        """Start a server on the data directory in a folder."""

    @abstractmethod
    def _template(self) -> Path:
        """Return the data directory that new databases are copied from."""

    @abstractmethod
    def _password_statements(self, user: str, password: str) -> list[str]:
        """Return the statements that set the password of a user."""

    @abstractmethod
    def _token_statements(self, user: str) -> list[str]:
        """Return the statements that make a user log in with a token."""

    @abstractmethod
    def _read_position(self) -> object:
        """Return what changes with every write, or None if the server cannot tell."""

    @abstractmethod
    def _has_clients(self) -> bool:
        """Return whether a client is connected, or whether the server cannot tell."""

    def _start(self, parameters: Mapping[str, str]) -> _Server:
        folder, statements = self._stored()
        server = self._open(folder.path, parameters)
        try:
            server.run(statements)
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
            return Folder(space.copy(self._template())), (*image.accounts.statements(), *image.waiting)
        return Folder(space.copy(image.folder.data)), image.waiting

    def _kept(self) -> Folder:
        if self._folder is None:
            raise ServerError("the database was deleted")
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
        if not self.running or not self._has_clients():
            self._copied, self._position = copied, self._read_position()

    def _is_unchanged(self) -> bool:
        if self._server is None:
            return True
        position = self._read_position()
        return position is not None and position == self._position
