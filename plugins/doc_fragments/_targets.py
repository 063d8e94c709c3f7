# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The options that say which databases are meant."""

    DOCUMENTATION = r"""
options:
  db_instance_identifiers:
    description:
      - DB instances, by name or ARN, in upper or lower case. An entry may hold several, separated by commas or
        white space, as surveys and ad hoc commands give them; blank entries are dropped.
      - The members of an Aurora or Multi-AZ DB cluster have no setting of their own. Name their cluster under
        O(db_cluster_identifiers) instead.
    type: list
    elements: str
    aliases: [db_instance_identifier]
  db_cluster_identifiers:
    description:
      - Aurora and Multi-AZ DB clusters, by name or ARN, given like O(db_instance_identifiers).
    type: list
    elements: str
    aliases: [db_cluster_identifier]
  select:
    description:
      - Instead of names, every database of the region that owns the setting and has all that is asked for here.
      - Members of clusters are left to their clusters, and engines that have no IAM database authentication at all
        are left out.
      - A selection by engines, tags or patterns to include that takes nothing is an error that says what was looked
        at, so that a mistyped one is noticed. O(select.all) takes nothing in an empty region, and that is no error.
    type: dict
    suboptions:
      all:
        description:
          - V(true) takes every database. Goes with O(select.exclude) and with nothing else.
          - A selection in which nothing is set does not mean all databases, it is an error.
        type: bool
        default: false
      engines:
        description:
          - The engine is one of these, like V(postgres), V(mysql), V(mariadb), V(aurora-postgresql) or V(aurora-mysql).
        type: list
        elements: str
      tags:
        description:
          - The database has these tags. A null value stands for any value. Other values have to be strings.
        type: dict
      include:
        description:
          - The identifier matches one of these shell patterns, in which C(*) stands for any text, C(?) for one
            character and C([ab]) for one of these. Upper and lower case are the same.
          - A pattern that matches nothing is an error.
        type: list
        elements: str
      exclude:
        description:
          - The identifier matches none of these shell patterns. One that matches nothing is a warning.
        type: list
        elements: str
"""
