# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The problem that blocks a change, and all problem codes.

The codes are part of the interface: the modules return them, and playbooks compare them.

This is private to the collection.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """A reason why the desired value cannot be set on a database. The message ends with the remedy."""

    code: str
    message: str


SOURCE_NOT_FOUND = "source_not_found"
SOURCE_NOT_AVAILABLE = "source_not_available"
SOURCE_NOT_RESTORABLE = "source_not_restorable"
TARGET_EXISTS = "target_exists"
NOT_FOUND = "not_found"
CLUSTER_MEMBER = "cluster_member"
ENGINE_UNSUPPORTED = "engine_unsupported"
DEPLOYMENT_UNSUPPORTED = "deployment_unsupported"
ALWAYS_ON = "always_on"
KERBEROS_ENABLED = "kerberos_enabled"
CLASS_UNSUPPORTED = "class_unsupported"
SSL_DISABLED = "ssl_disabled"
NOT_MODIFIABLE = "not_modifiable"
OTHER_PENDING_CHANGES = "other_pending_changes"
IN_USE = "in_use"
USAGE_UNKNOWN = "usage_unknown"
SUPERSEDED = "superseded"
REFUSED = "refused"
TIMEOUT = "timeout"
ENGINE_NOT_OFFERED = "engine_not_offered"
VERSION_NOT_OFFERED = "engine_version_not_offered"
CLASS_NOT_OFFERED = "class_not_offered"
SUBNET_GROUP_NOT_FOUND = "subnet_group_not_found"
OPTION_GROUP_NOT_FOUND = "option_group_not_found"
GROUP_NOT_FOUND = "parameter_group_not_found"
GROUP_UNSUITED = "parameter_group_unsuited"
MEMBER_EXISTS = "member_exists"
