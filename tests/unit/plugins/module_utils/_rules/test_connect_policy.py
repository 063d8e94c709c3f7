# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The policy for logins: exact names, the resource of each database, the size, and the order."""

from __future__ import annotations

import itertools
import json
import random
import re

import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError
from ansible_collections.passwordless.rds.plugins.module_utils._options.login_resources import (
    LoginResource,
    read_login_resources,
)
from ansible_collections.passwordless.rds.plugins.module_utils._rules.connect_policy import connect_policies, size
from ansible_collections.passwordless.rds.tests.samples import sample_size
from ansible_collections.passwordless.rds.tests.unit.login_databases import LEDGER, ORDERS, PREFIX, PROXY


def policy(databases, users, max_size=6144, split=False):
    return connect_policies(read_login_resources(databases), users, max_size=max_size, split=split)


def resources(document):
    (statement,) = document["Statement"]
    return statement["Resource"]


def allows(document, arn):
    """Whether IAM would match the ARN with a resource of the policy, by the rules of its documentation."""
    return any(re.fullmatch(_pattern(resource), arn, re.DOTALL) for resource in resources(document))


def _pattern(resource):
    pattern = ""
    for part in re.findall(r"\$\{[^}]*\}|.", resource, re.DOTALL):
        if part in ("${*}", "${?}", "${$}"):
            pattern += re.escape(part[2])
        elif part.startswith("${"):
            return "(?!)"  # a variable without a value matches nothing
        else:
            pattern += {"*": ".*", "?": "."}.get(part, re.escape(part))
    return pattern


def test_connect_policy_is_one_sorted_statement():
    assert policy([ORDERS, LEDGER, ORDERS], ["reports", "app", "app"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "rds-db:connect",
                "Resource": [
                    f"{PREFIX}cluster-LEDGER/app",
                    f"{PREFIX}cluster-LEDGER/reports",
                    f"{PREFIX}db-ORDERS/app",
                    f"{PREFIX}db-ORDERS/reports",
                ],
            }
        ],
    }


def test_connect_policy_order_of_input_is_irrelevant():
    databases, users = [ORDERS, LEDGER, PROXY], ["a", "b", "c"]
    documents = {
        json.dumps(policy(list(some), list(names)))
        for some in itertools.permutations(databases)
        for names in itertools.permutations(users)
    }
    assert len(documents) == 1


@pytest.mark.parametrize(
    ("user", "written"),
    [
        ("app", "app"),
        ("App", "App"),
        ("app user", "app user"),
        ("a*", "a${*}"),
        ("a?", "a${?}"),
        ("a$b", "a${$}b"),
        ("${*}", "${$}{${*}}"),
        ("${aws:username}", "${$}{aws:username}"),
        ("a/b", "a/b"),
        ("a:b", "a:b"),
        ("é", "é"),
        ('o"brien', 'o"brien'),
    ],
)
def test_connect_policy_special_characters_match_themselves(user, written):
    document = policy(ORDERS, user)
    assert resources(document) == [f"{PREFIX}db-ORDERS/{written}"]
    assert allows(document, f"{PREFIX}db-ORDERS/{user}")


def test_connect_policy_random_names_match_only_themselves():
    """Names of special characters, and every other name that differs in one place."""
    chance, alphabet = random.Random(12), "ab*?${}/:. é'\\"
    for _unused in range(sample_size(200, 2000)):
        name = "".join(chance.choice(alphabet) for _unused in range(chance.randint(1, 8)))
        if not name.strip():
            continue
        at = chance.randrange(len(name))
        others = {name[:at] + other + name[at + 1 :] for other in alphabet}
        others |= {name + other for other in alphabet} | {name[:at] + name[at + 1 :]}
        document = policy(ORDERS, [name])
        matched = {other for other in others | {name} if allows(document, f"{PREFIX}db-ORDERS/{other}")}
        assert matched == {name}, name


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ([], "users: it contains no name"),
        (None, "users: it contains no name"),
        ({"app": 1}, "users: it contains no name"),
        ([""], "users: '' is not the name"),
        (["app", None], "users: 'None' is not the name"),
        (["a\0b"], "users: 'a\\x00b' contains a NUL character"),
        (["a" * 64], "has 64 bytes. PostgreSQL accepts 63 bytes"),
        (["наташа"], "contains a character that an IAM policy cannot contain"),
        (["a\nb"], "contains a character that an IAM policy cannot contain"),
    ],
)
def test_connect_policy_invalid_users_raise(users, error):
    with pytest.raises(InputError) as raised:
        policy(ORDERS, users)
    assert error in raised.value.message


def many(count):
    return [LoginResource(f"{PREFIX}db-{number:026d}/") for number in range(count)]


@pytest.mark.parametrize("max_size", [2048, 5120, 6144, 10240])
def test_connect_policy_split_fits_and_covers_everything(max_size):
    found = many(300)
    documents = connect_policies(found, ["app", "é" * 20, "a b"], max_size=max_size, split=True)
    assert all(size(document) <= max_size for document in documents)
    # another resource would not have fitted
    longest = max(len(json.dumps(arn)) for document in documents for arn in resources(document))
    assert all(size(document) + 1 + longest > max_size for document in documents[:-1])
    arns = [arn for document in documents for arn in resources(document)]
    assert arns == sorted({f"{resource.prefix}{name}" for resource in found for name in ("app", "é" * 20, "a b")})


def test_connect_policy_size_is_that_of_the_compact_document():
    (document,) = connect_policies(many(3), ["app"], max_size=6144, split=True)
    assert size(document) == len(re.sub(r"\s", "", json.dumps(document, indent=2)))
    exact = connect_policies(many(3), ["app"], max_size=size(document), split=False)
    assert exact == document
    with pytest.raises(InputError, match=r"max_size is \d+. It would take 2 documents. Set split to true"):
        connect_policies(many(3), ["app"], max_size=size(document) - 1, split=False)


@pytest.mark.parametrize("split", [True, False])
@pytest.mark.parametrize("max_size", [-1, 0, 100])
def test_connect_policy_size_below_one_resource_raises(max_size, split):
    with pytest.raises(InputError, match="is too small for"):
        connect_policies(many(1), ["app"], max_size=max_size, split=split)
