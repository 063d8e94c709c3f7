# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""PutMetricData of CloudWatch, which refuses the namespaces of AWS."""

from __future__ import annotations

from moto.cloudwatch.exceptions import InvalidParameterValue
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from ..state.world import World

OPERATIONS = frozenset(("PutMetricData",))


class CloudWatchService(CloudWatchResponse):
    """moto's CloudWatch with the check of namespaces."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def put_metric_data(self) -> ActionResult:
        """PutMetricData. A namespace cannot begin with ``AWS/`` (API reference ✓; text: Eucalyptus's tests △)."""
        namespace = self._get_param("Namespace") or ""
        if namespace.startswith("AWS/"):
            raise InvalidParameterValue("The value AWS/ for parameter Namespace is invalid.")
        return super().put_metric_data()
