# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""ansible-builder with the metadata of the collection, and with the definition in the guide."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml
from ansible_collections.passwordless.rds.tests.functional import documents


@pytest.fixture
def collections(tmp_path):
    """Return a collections folder that contains only this collection."""
    namespace = tmp_path / "ansible_collections" / "passwordless"
    namespace.mkdir(parents=True)
    (namespace / "rds").symlink_to(documents.ROOT)
    return tmp_path


def test_introspect_finds_requirements_of_collection(collections):
    done = subprocess.run(
        ["ansible-builder", "introspect", str(collections)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = yaml.safe_load(done.stdout)
    required = {re.split("[<>=]", text, maxsplit=1)[0] for text in found["python"]}
    assert required == {"boto3", "botocore"}
    assert all("passwordless.rds" in text for text in found["python"])
    assert not found["system"]


def test_execution_environment_definition_of_the_guide(tmp_path):
    definition = tmp_path / "execution-environment.yml"
    definition.write_text(documents.captioned("guide_awx")["execution-environment.yml"])
    context = tmp_path / "context"
    create = ["ansible-builder", "create", "--file", str(definition), "--context", str(context)]
    done = subprocess.run(create, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    requirements = yaml.safe_load((context / "_build" / "requirements.yml").read_text())
    assert requirements == {"collections": [{"name": "passwordless.rds"}]}
    (container_file,) = (path for path in context.iterdir() if path.name in ("Dockerfile", "Containerfile"))
    assert "ansible-core>=2.17.0" in container_file.read_text()
