# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Build the smallest IAM policy that allows users to log in to databases.

This is private to the collection.
"""

from __future__ import annotations

import json
import re
import typing as t

from .._model.errors import InputError, quoted
from .._options.database_user import check_user
from .._options.login_resources import LoginResource

# "Policy variables", special characters (IAM User Guide): in a policy, these characters have a special meaning, and
# these variables stand for the characters themselves.
_LITERAL = {"*": "${*}", "?": "${?}", "$": "${$}"}
_SPECIAL = re.compile(r"[*?$]")

# "A policy document can contain only [...] U+0009, U+000A, U+000D, and U+0020 to U+00FF" (IAM User Guide, quotas)
_WRITABLE = re.compile(r"[\x20-\x7e\xa0-\xff]*")

Policy = t.Dict[str, t.Any]


def connect_policies(
    resources: t.Sequence[LoginResource], users: t.Any, *, max_size: int, split: bool
) -> Policy | list[Policy]:
    """Return a policy that allows ``rds-db:connect`` for every user on every resource; a list of them with ``split``.

    The order depends only on the resources and users. Raises InputError for an invalid user, and for a policy that is
    larger than ``max_size`` and may not be split.
    """
    names = _checked(users, resources)
    arns = sorted(f"{resource.prefix}{_escaped(name)}" for resource in resources for name in names)
    documents = _documents(arns, max_size)
    if split:
        return documents
    if len(documents) > 1:
        raise InputError(
            f"max_size: the policy has {size(_policy(arns))} characters, and max_size is {max_size}. It would take "
            f"{len(documents)} documents. Set split to true, or name fewer databases or users."
        )
    return documents[0]


def connect_policies_of(logins: t.Iterable[tuple[LoginResource, str]], *, max_size: int) -> list[Policy]:
    """Return policies within the size that allow ``rds-db:connect`` for these pairs of a resource and a user.

    The names must be writable. Raises InputError if a single resource is larger than ``max_size``.
    """
    return _documents(sorted({f"{resource.prefix}{_escaped(name)}" for resource, name in logins}), max_size)


def is_writable(name: str) -> bool:
    """Return whether an IAM policy can contain the name of a user."""
    return _WRITABLE.fullmatch(name) is not None


def size(policy: t.Mapping[str, t.Any]) -> int:
    """Return the number of characters that IAM counts, which are those without whitespace between elements.

    A space in the name of a user is counted, too, because AWS does not say whether it is.
    Source: IAM User Guide, "IAM and AWS STS character quotas".
    """
    return len(json.dumps(policy, separators=(",", ":")))


def _checked(users: t.Any, resources: t.Sequence[LoginResource]) -> list[str]:
    listed = [users] if isinstance(users, str) else users
    if not isinstance(listed, t.Sequence) or not listed:
        raise InputError("users: it contains no name. Set one or more database users.")
    engines = {resource.engine for resource in resources}
    for name in listed:
        for engine in sorted(engines):
            check_user(name, option="users", engine=engine or None)
        if not is_writable(name):
            raise InputError(
                f"users: {quoted(name)} contains a character that an IAM policy cannot contain. "
                "Use a user whose name has only printable characters up to U+00FF."
            )
    return sorted(set(listed))


def _escaped(name: str) -> str:
    """Return the name for the ARN in a policy, where it matches only itself."""
    return _SPECIAL.sub(lambda found: _LITERAL[found[0]], name)


def _policy(arns: t.Sequence[str]) -> Policy:
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": list(arns)}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _documents(arns: t.Sequence[str], max_size: int) -> list[Policy]:
    """Return documents within the size, each with as many ARNs as fit, in the order given."""
    empty = size(_policy(()))
    batches: list[list[str]] = []
    used = max_size + 1
    for arn in arns:
        length = _text_size(arn)
        if empty + length > max_size:
            raise InputError(
                f"max_size: {max_size} is too small for {quoted(arn)}, which needs {empty + length} characters. "
                "Use 2048 for an IAM user, 5120 for a group, 10240 for a role, or 6144 for a managed policy."
            )
        if used + 1 + length > max_size:
            batches.append([])
            used = empty - 1
        batches[-1].append(arn)
        used += 1 + length
    return [_policy(batch) for batch in batches]


def _text_size(text: str) -> int:
    """Return the number of characters of a text in a policy, with its quotation marks."""
    return len(json.dumps(text))
