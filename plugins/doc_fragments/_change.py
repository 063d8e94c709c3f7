# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The options that say when a change is made, what may go along with it, and how long to wait."""

    DOCUMENTATION = r"""
options:
  apply_immediately:
    description:
      - Whether the change is made at once. Otherwise it is queued, and RDS makes it in the next maintenance window
        of the database. The change itself causes no outage.
      - A value that is queued already is brought forward with O(apply_immediately=true), and left alone without.
    type: bool
    default: false
  apply_other_pending_changes:
    description:
      - With O(apply_immediately=true), RDS applies everything that is pending on a DB instance or Multi-AZ DB
        cluster along with the change, whoever queued it, outage included. Without this option the module refuses to
        set that off, and names what is pending.
      - Where a new name is pending, the module follows the database by its resource id, and returns it under its new
        name.
    type: bool
    default: false
  ssl_parameter:
    description:
      - What to do where IAM database authentication is to be enabled on PostgreSQL or Aurora PostgreSQL and the
        parameter C(ssl) is V(0) in the parameter group in force. Such a database refuses the setting.
      - V(require) reports the problem C(ssl_disabled).
      - V(enforce) sets C(ssl=1) in the group first, where the group is not a default one and the parameter can be
        changed without a reboot. All databases that share the group are affected; they are listed in
        RV(parameter_groups).
      - V(ignore) does not look at the parameter group, and needs no permission to read it.
    type: str
    choices: [require, enforce, ignore]
    default: require
  wait:
    description:
      - Whether to wait until the change has taken. The module waits for the value, not for the status alone.
      - A queued change is waited for until it is shown as pending, not until the maintenance window.
      - With V(false), a database whose status does not allow a change yet is reported as C(not_modifiable).
    type: bool
    default: true
  wait_timeout:
    description:
      - How many seconds to wait for all databases of the task together. At most 604800, which is one week.
      - It also bounds how long the module waits for a server that does not answer. By default, an attempt to connect
        ends after 10 seconds and an unanswered request after 30, or after O(wait_timeout) where that is less. The
        values C(connect_timeout), C(read_timeout) and C(retries) in O(aws_config) take precedence.
      - The module sends no request again once the time is up, but does not cut off a request that is under way. A
        server that keeps sending its response byte by byte can therefore exceed the limit, because C(read_timeout)
        bounds the wait for the next bytes, not for the whole response.
    type: int
    default: 1800
  wait_delay:
    description:
      - How many seconds to wait between two Describe calls. Accepts fractions of a second. At most 3600.
    type: float
    default: 5.0
"""
