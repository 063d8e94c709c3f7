# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors

"""The CA bundle is read before a connection is opened."""

from __future__ import annotations

import pathlib

import botocore
import pytest
from ansible_collections.passwordless.rds.plugins.module_utils._database.ca_bundle import check_ca_bundle
from ansible_collections.passwordless.rds.plugins.module_utils._model.errors import InputError


def test_ca_bundle_with_certificates_is_accepted():
    check_ca_bundle(str(pathlib.Path(botocore.__file__).parent / "cacert.pem"))


@pytest.mark.parametrize("content", [b"", b"text", b"\x00" * 100])
def test_ca_bundle_without_certificate_raises(tmp_path, content):
    path = tmp_path / "ca.pem"
    path.write_bytes(content)
    with pytest.raises(InputError, match="the file contains no certificate in PEM format"):
        check_ca_bundle(str(path))


def test_ca_bundle_missing_raises_with_path(tmp_path):
    path = tmp_path / "missing.pem"
    with pytest.raises(InputError) as raised:
        check_ca_bundle(str(path))
    assert raised.value.message.startswith(f"ca_cert: '{path}': the file cannot be read")
