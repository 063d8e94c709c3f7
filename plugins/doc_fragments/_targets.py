# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

from __future__ import annotations


class ModuleDocFragment:
    """The options that select the databases."""

    DOCUMENTATION = r"""
options:
  db_instance_identifiers:
    description:
      - The names or ARNs of DB instances. The option is case-insensitive.
      - An entry may contain several names, separated by commas or white space. Surveys and ad hoc commands pass them in
        this form. The module ignores blank entries.
      - The members of an Aurora or Multi-AZ DB cluster do not own the setting. Name their cluster in
        O(db_cluster_identifiers) instead.
    type: list
    elements: str
    aliases: [db_instance_identifier]
  db_cluster_identifiers:
    description:
      - The names or ARNs of Aurora and Multi-AZ DB clusters, in the same format as O(db_instance_identifiers).
    type: list
    elements: str
    aliases: [db_cluster_identifier]
  select:
    description:
      - Selects databases of the Region without naming them. A database is selected if it owns the setting and matches
        all criteria.
      - Members of clusters are excluded, because the cluster owns the setting. Databases whose engine does not support
        IAM database authentication are also excluded.
      - If a selection by engines, tags or patterns to include matches no database, the task fails, so that you notice a
        misspelled value. The error message shows how many databases match each criterion.
      - O(select.all) is valid in a Region without databases.
      - O(select) and the two options for names are mutually exclusive. Blank names do not count.
    type: dict
    suboptions:
      all:
        description:
          - V(true) selects every database. You can combine it only with O(select.exclude).
          - A selection in which nothing is set is an error. It does not select all databases.
        type: bool
        default: false
      engines:
        description:
          - Selects databases with one of these engines. Examples are V(postgres), V(mysql), V(mariadb),
            V(aurora-postgresql) and V(aurora-mysql).
        type: list
        elements: str
      tags:
        description:
          - Selects databases with all of these tags. A null value matches any value. Other values must be strings.
        type: dict
      include:
        description:
          - Selects databases whose identifier matches one of these shell patterns. C(*) matches any text, C(?) matches
            one character, and C([ab]) matches one of the characters in the brackets. Patterns are case-insensitive.
          - A pattern that matches no database is an error.
        type: list
        elements: str
      exclude:
        description:
          - Excludes databases whose identifier matches one of these shell patterns. The module warns about a pattern
            that matches no database.
        type: list
        elements: str
"""
