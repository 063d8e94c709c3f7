# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The options for the time of a change, its effects on other changes and parameters, and waiting."""

    DOCUMENTATION = r"""
options:
  apply_immediately:
    description:
      - Whether to apply the change immediately. Otherwise, RDS queues the change and applies it in the next maintenance
        window of the database. The change itself causes no outage.
      - With O(apply_immediately=true), a change that is already queued is also applied immediately. Otherwise, it stays
        queued.
    type: bool
    default: false
  apply_other_pending_changes:
    description:
      - Whether the task may apply other pending changes together with its own change.
      - With O(apply_immediately=true), RDS applies all pending changes of a DB instance or Multi-AZ DB cluster,
        including those of other users and those that cause an outage. By default, the module refuses such a request and
        lists the pending changes.
      - If a new name is pending, the module tracks the database by its resource ID and returns it under its new name.
    type: bool
    default: false
  ssl_parameter:
    description:
      - What to do if the parameter C(ssl) is V(0) in the parameter group in force when the task enables IAM database
        authentication on PostgreSQL or Aurora PostgreSQL. RDS refuses the setting for such a database.
      - V(require) reports the problem C(ssl_disabled).
      - V(enforce) first sets C(ssl=1) in the parameter group. This requires that the group is not a default group, and
        that the parameter can be changed without a reboot. The change affects all databases that share the group.
        RV(parameter_groups) lists them.
      - V(ignore) does not read the parameter group and does not require permission to read it.
    type: str
    choices: [require, enforce, ignore]
    default: require
  wait:
    description:
      - Whether to wait until the change has taken effect. The module waits for the value, not only for the status.
      - For a queued change, the module waits until RDS reports it as pending. It does not wait for the maintenance
        window.
      - With V(false), a database whose status does not allow a change yet has the problem C(not_modifiable).
    type: bool
    default: true
  wait_timeout:
    description:
      - The maximum time in seconds to wait for all databases of the task together. The maximum value is 604800, which
        is one week.
      - It also limits how long the module waits for a server that does not respond. By default, a connection attempt
        ends after 10 seconds and a request without a response after 30, or after O(wait_timeout) if that is less.
      - The values C(connect_timeout), C(read_timeout) and C(retries) in O(aws_config) take precedence.
      - After the timeout, the module does not repeat any request, but it does not interrupt a request in progress. A
        server that sends its response byte by byte can therefore exceed the limit, because C(read_timeout) limits the
        wait for the next bytes, not for the whole response.
    type: int
    default: 1800
  wait_delay:
    description:
      - The time in seconds to wait between two Describe calls. The option accepts fractions of a second. The maximum
        value is 3600.
    type: float
    default: 5.0
"""
