# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""Engine versions that are offered, by engine.

Source: cfn-lint 1.58.0 of October 2026, whose schemas ``aws_rds_dbinstance/engine_version.json`` and
``engine_version_deprecated.json`` are updated from the RDS API (△). The list has all versions that are not
deprecated, from MariaDB 10.4 on. It omits bare major versions and Aurora Limitless Database. A test compares the list
with cfn-lint.
"""

from __future__ import annotations

OFFERED = {
    "postgres": (
        "11.22-rds.20241121 11.22-rds.20250220 11.22-rds.20250508 11.22-rds.20250814 11.22-rds.20251114 "
        "11.22-rds.20260224 11.22-rds.20260514 12.22 12.22-rds.20250220 12.22-rds.20250508 12.22-rds.20250814 "
        "12.22-rds.20251114 12.22-rds.20260224 12.22-rds.20260514 13.23 13.23-rds.20260224 13.23-rds.20260514 "
        "14.18 14.19 14.20 14.21 14.22 14.23 14.24 15.13 15.14 15.15 15.16 15.17 15.18 15.19 16.9 16.10 16.11 "
        "16.12 16.13 16.14 16.15 17.5 17.6 17.7 17.8 17.9 17.10 17.11 18.1 18.2 18.3 18.4 18.6"
    ),
    "mysql": (
        "5.7.44-rds.20250213 5.7.44-rds.20250508 5.7.44-rds.20250818 5.7.44-rds.20251212 5.7.44-rds.20260212 "
        "5.7.44-rds.20260521 5.7.44-rds.20260624 5.7.44-rds.20260902 8.0.42 8.0.43 8.0.44 8.0.45 8.0.46 "
        "8.0.46-rds.20260624 8.0.46-rds.20260908 8.4.5 8.4.6 8.4.7 8.4.8 8.4.9 8.4.10 8.4.11"
    ),
    "mariadb": (
        "10.4.13 10.4.18 10.4.21 10.4.22 10.4.24 10.4.25 10.4.26 10.4.27 10.4.28 10.4.29 10.4.30 10.4.31 "
        "10.4.32 10.4.33 10.4.34 10.5.8 10.5.9 10.5.12 10.5.13 10.5.15 10.5.16 10.5.17 10.5.18 10.5.19 "
        "10.5.20 10.5.21 10.5.22 10.5.23 10.5.24 10.5.25 10.5.26 10.5.27 10.5.28 10.5.29 10.6.5 10.6.7 10.6.8 "
        "10.6.9 10.6.10 10.6.11 10.6.12 10.6.13 10.6.14 10.6.15 10.6.16 10.6.17 10.6.18 10.6.19 10.6.20 "
        "10.6.21 10.6.22 10.6.23 10.6.24 10.6.25 10.6.27 10.6.28 10.11.4 10.11.5 10.11.6 10.11.7 10.11.8 "
        "10.11.9 10.11.10 10.11.11 10.11.13 10.11.14 10.11.15 10.11.16 10.11.18 10.11.19 11.4.3 11.4.4 11.4.5 "
        "11.4.7 11.4.8 11.4.9 11.4.10 11.4.12 11.4.13 11.8.3 11.8.4 11.8.5 11.8.6 11.8.8 11.8.9 12.3.2 12.3.3"
    ),
    "aurora-postgresql": (
        "11.9 11.21 12.9 12.22 13.9 13.23 14.6 14.17 14.18 14.19 14.20 14.22 14.23 14.24 15.10 15.12 15.13 "
        "15.14 15.15 15.17 15.18 15.19 16.8 16.9 16.10 16.11 16.13 16.14 16.15 17.4 17.5 17.6 17.7 17.9 17.10 "
        "17.11 18.3 18.4 18.6"
    ),
    "aurora-mysql": (
        "5.7.mysql_aurora.2.11.1 5.7.mysql_aurora.2.11.2 5.7.mysql_aurora.2.11.3 5.7.mysql_aurora.2.11.4 "
        "5.7.mysql_aurora.2.11.5 5.7.mysql_aurora.2.11.6 5.7.mysql_aurora.2.12.0 5.7.mysql_aurora.2.12.1 "
        "5.7.mysql_aurora.2.12.2 5.7.mysql_aurora.2.12.3 5.7.mysql_aurora.2.12.4 5.7.mysql_aurora.2.12.5 "
        "5.7.mysql_aurora.2.12.6 8.0.mysql_aurora.3.04.0 8.0.mysql_aurora.3.04.1 8.0.mysql_aurora.3.04.2 "
        "8.0.mysql_aurora.3.04.3 8.0.mysql_aurora.3.04.4 8.0.mysql_aurora.3.04.6 8.0.mysql_aurora.3.08.0 "
        "8.0.mysql_aurora.3.08.1 8.0.mysql_aurora.3.08.2 8.0.mysql_aurora.3.09.0 8.0.mysql_aurora.3.10.0 "
        "8.0.mysql_aurora.3.10.1 8.0.mysql_aurora.3.10.2 8.0.mysql_aurora.3.10.3 8.0.mysql_aurora.3.10.4 "
        "8.0.mysql_aurora.3.10.5 8.0.mysql_aurora.3.10.6 8.0.mysql_aurora.3.11.1 8.0.mysql_aurora.3.12.0 "
        "8.0.mysql_aurora.3.13.0 8.4.mysql_aurora.8.4.7 8.4.mysql_aurora.8.4.8"
    ),
}

# AWS has retired these versions. The simulator still offers them, for seeds and playbooks that name them.
RETIRED = {
    "postgres": ("11.22 13.16 13.20 14.13 14.17 15.8 15.12 16.3 16.4 16.8 17.2 17.4"),
    "mysql": ("5.7.44 8.0.36 8.0.39 8.0.40 8.4.3"),
    "aurora-postgresql": ("12.19 13.15 14.12 15.7 16.3 16.4"),
}
