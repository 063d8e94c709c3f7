# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The evaluation of IAM policies for principals of one account, without moto and without input or output.

The evaluators on PyPI do not fit: principalmapper (AGPL, 2022) cannot be imported on Python 3.10 or later, iam-ape
lists the actions of a principal without evaluating conditions, and the other packages check, write or compare policies.
A small evaluator of our own follows "Policy evaluation logic" of the IAM user guide, and the tests compare it with an
independent one.
"""

from __future__ import annotations

from .documents import Policy, PolicyError, Statement, parse_policy
from .evaluation import EXPLICIT_DENY, IMPLICIT_DENY, Decision, PolicySet, Request, evaluate

__all__ = [
    "EXPLICIT_DENY",
    "IMPLICIT_DENY",
    "Decision",
    "Policy",
    "PolicyError",
    "PolicySet",
    "Request",
    "Statement",
    "evaluate",
    "parse_policy",
]
