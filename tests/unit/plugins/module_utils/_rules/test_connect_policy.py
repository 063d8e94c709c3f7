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

PREFIX = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:"
ORDERS = {
    "kind": "instance",
    "identifier": "orders",
    "engine": "postgres",
    "arn": "arn:aws:rds:eu-west-1:123456789012:db:orders",
    "resource_id": "db-ORDERS",
    "dbuser_arn_prefix": f"{PREFIX}db-ORDERS/",
}
LEDGER = {
    "kind": "cluster",
    "identifier": "ledger",
    "engine": "aurora-postgresql",
    "arn": "arn:aws:rds:eu-west-1:123456789012:cluster:ledger",
    "resource_id": "cluster-LEDGER",
    "members": [{"identifier": "Ledger-1", "is_writer": True}],
    "dbuser_arn_prefix": f"{PREFIX}cluster-LEDGER/",
}
# a member as DescribeDBInstances shows it, without its cluster
MEMBER = {
    "kind": "instance",
    "identifier": "ledger-1",
    "engine": "aurora-postgresql",
    "arn": "arn:aws:rds:eu-west-1:123456789012:db:ledger-1",
    "resource_id": "db-MEMBER",
}
PROXY = {"arn": "arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-0123456789abcdef0"}


def without(database, *keys, **changes):
    return {key: value for key, value in {**database, **changes}.items() if key not in keys}


def prefixes(*databases):
    return [resource.prefix for resource in read_login_resources(databases)]


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


@pytest.mark.parametrize(
    ("database", "prefix"),
    [
        (ORDERS, f"{PREFIX}db-ORDERS/"),
        (without(ORDERS, "dbuser_arn_prefix"), f"{PREFIX}db-ORDERS/"),
        (without(ORDERS, "engine", "kind", "identifier", "dbuser_arn_prefix"), f"{PREFIX}db-ORDERS/"),
        (without(LEDGER, "dbuser_arn_prefix"), f"{PREFIX}cluster-LEDGER/"),
        (PROXY, f"{PREFIX}prx-0123456789abcdef0/"),
        ({**MEMBER, "dbuser_arn_prefix": f"{PREFIX}cluster-LEDGER/"}, f"{PREFIX}cluster-LEDGER/"),
        (
            {"arn": "arn:aws-cn:rds:cn-north-1:123456789012:db:x", "resource_id": "db-X"},
            "arn:aws-cn:rds-db:cn-north-1:123456789012:dbuser:db-X/",
        ),
        (
            {"arn": "arn:aws-us-gov:rds:us-gov-west-1:123456789012:cluster:x", "resource_id": "cluster-X"},
            "arn:aws-us-gov:rds-db:us-gov-west-1:123456789012:dbuser:cluster-X/",
        ),
    ],
)
def test_login_resources_of_each_kind_have_their_prefix(database, prefix):
    assert prefixes(database) == [prefix]
    assert [resource.prefix for resource in read_login_resources(database)] == [prefix]


@pytest.mark.parametrize("order", list(itertools.permutations((ORDERS, LEDGER, MEMBER, PROXY))))
def test_login_resources_member_is_replaced_by_its_cluster(order):
    assert prefixes(*order) == [f"{PREFIX}cluster-LEDGER/", f"{PREFIX}db-ORDERS/", f"{PREFIX}prx-0123456789abcdef0/"]


@pytest.mark.parametrize(
    ("databases", "error"),
    [
        ([], "databases: it contains no database"),
        (None, "it contains no database"),
        ("orders", "it contains no database"),
        (["orders"], "databases: 'orders' is not a dictionary"),
        ([{}], "databases: database/?: its ARN and its resource id are unknown or invalid"),
        ([without(ORDERS, "dbuser_arn_prefix", resource_id=None)], "instance/orders: its ARN and its resource id"),
        ([without(ORDERS, "dbuser_arn_prefix", resource_id="db-*")], "instance/orders: its ARN and its resource id"),
        ([without(ORDERS, "dbuser_arn_prefix", resource_id="db-A/*")], "its ARN and its resource id"),
        ([without(ORDERS, dbuser_arn_prefix=f"{PREFIX}*/")], "its ARN and its resource id"),
        ([without(ORDERS, dbuser_arn_prefix="arn:aws:rds-db:*:123456789012:dbuser:db-A/")], "its ARN and its resource"),
        ([{"arn": "arn:aws:rds:eu-west-1:123456789012:db-proxy:app"}], "its ARN and its resource id"),
        ([MEMBER], "instance/ledger-1 is a member of a DB cluster"),
        ([{**MEMBER, "dbuser_arn_prefix": f"{PREFIX}db-MEMBER/"}], "is a member of a DB cluster"),
        ([{**ORDERS, "db_cluster_identifier": "multi-az"}], "instance/orders is a member of a DB cluster"),
        (
            # a cluster of the same member name in another Region is not its cluster
            [MEMBER, without(LEDGER, "dbuser_arn_prefix", arn="arn:aws:rds:us-east-1:123456789012:cluster:ledger")],
            "is a member of a DB cluster",
        ),
        ([{**ORDERS, "engine": "oracle-ee"}], "the engine oracle-ee does not support IAM database authentication"),
    ],
)
def test_login_resources_invalid_raise(databases, error):
    with pytest.raises(InputError) as raised:
        read_login_resources(databases)
    assert error in raised.value.message


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
    for _ in range(2000):
        name = "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 8)))
        if not name.strip():
            continue
        at = chance.randrange(len(name))
        others = {name[:at] + other + name[at + 1 :] for other in alphabet}
        others |= {name + other for other in alphabet} | {name[:at] + name[at + 1 :]}
        (resource,) = resources(policy(ORDERS, [name]))
        assert resource.startswith(ORDERS["dbuser_arn_prefix"])
        # the pattern of the name alone is compiled faster, and the prefix has no special character
        pattern = re.compile(_pattern(resource.removeprefix(ORDERS["dbuser_arn_prefix"])), re.DOTALL)
        matched = {other for other in others | {name} if pattern.fullmatch(other)}
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
