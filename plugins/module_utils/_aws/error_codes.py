# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The error codes of AWS, by their meaning.

This is private to the collection.
"""

from __future__ import annotations

# Error codes as RDS returns them, not the shape names that CloudTrail shows.
MISSING = frozenset(
    (
        "DBInstanceNotFound",
        "DBClusterNotFoundFault",
        "DBParameterGroupNotFound",
        "DBClusterParameterGroupNotFound",
        "DBSnapshotNotFound",
        "DBClusterSnapshotNotFoundFault",
        "DBInstanceAutomatedBackupNotFound",
        "DBClusterAutomatedBackupNotFoundFault",
        "DBSubnetGroupNotFoundFault",
        "OptionGroupNotFoundFault",
    )
)
EXISTS = frozenset(("DBInstanceAlreadyExists", "DBClusterAlreadyExistsFault"))
WRONG_STATE = frozenset(("InvalidDBInstanceState", "InvalidDBClusterStateFault", "InvalidDBParameterGroupState"))

# What botocore retries as throttled and as transient (retries/standard.py, data/_retry.json)
THROTTLED = frozenset(
    (
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    )
)
TIMED_OUT = frozenset(("RequestTimeout", "RequestTimeoutException"))
AWS_FAULT = frozenset(("InternalFailure", "InternalError", "ServiceUnavailable", "ServiceUnavailableException"))
