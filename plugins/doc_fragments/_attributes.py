# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """How the modules behave, in the words of Ansible's attributes."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/passwordless.rds.aws) in C(module_defaults) to set defaults for this module,
      together with those of C(amazon.aws).
    support: full
    membership:
      - passwordless.rds.aws
  check_mode:
    description: Can run in check mode and say what would change without changing anything.
  diff_mode:
    description: Returns what has changed (or would change in check mode), before and after.
  idempotent:
    description: A second run with the same options changes nothing, unless somebody else changed the database
      in between.
"""

    # the two texts that all changing modules share
    CHANGING = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - The same checks are made and the same plan is computed as in a real run. Check mode never waits; a status
        that passes by itself is taken as passing, with a warning.
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
      - Nothing is changed in either mode.
  diff_mode:
    support: N/A
    details:
      - Nothing is changed.
  idempotent:
    support: full
"""
