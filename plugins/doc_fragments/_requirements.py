# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The requirements of the modules. The versions match galaxy.yml, meta and the README."""

    DOCUMENTATION = r"""
options: {}
requirements:
  - ansible-core >= 2.17.0
  - amazon.aws >= 10.0.0
  - python >= 3.9
  - boto3 >= 1.34.0 (amazon.aws 11 supports 1.35.0 and later)
  - botocore >= 1.34.0 (amazon.aws 11 supports 1.35.0 and later)
"""
