# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The attributes of the modules."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/passwordless.rds.aws) in C(module_defaults) to set defaults for this module and the modules
      of C(amazon.aws).
    support: full
    membership:
      - passwordless.rds.aws
  check_mode:
    description: Can run in check mode and return what would change, without changing anything.
  diff_mode:
    description: Returns the state before and after what has changed (or would change in check mode).
  idempotent:
    description: A second run with the same options changes nothing, unless somebody else changed the database in the
      meantime.
"""

    CHANGING = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - The module runs the same checks and computes the same plan as in a real run.
      - Check mode never waits. It treats a transitional status as if it had passed, and warns.
  diff_mode:
    support: full
  idempotent:
    support: full
"""

    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - The module changes nothing, in check mode or otherwise.
  diff_mode:
    support: N/A
    details:
      - The module changes nothing.
  idempotent:
    support: full
"""
