# Copyright (c) 2026 The passwordless.rds contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The passwordless.rds contributors
"""Builds the tarball of the collection and the wheel of the simulator, and a software bill of materials for each.

usage: sbom.py [FOLDER]     default: .venv/dist

A bill is a CycloneDX 1.6 file next to its package, for example rds_simulator-0.1.0-py3-none-any.whl.cdx.json. It
contains the hash of the package, each file in it, and the requirements. A requirement has the range that is declared
and, for Python packages, the version that the tests use. Needs no network.
"""

from __future__ import annotations

import email
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile
import typing as t
import uuid
import zipfile
from datetime import datetime, timezone

import yaml
from ansible_collections.passwordless.rds.scripts.tree import ROOT, copy_collection
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LICENSE = "GPL-3.0-or-later"
RANGE, CONDITION = "passwordless:required-range", "passwordless:required-if"
_PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


class Package(t.NamedTuple):
    """An archive for users: its package URL, its files, and what it requires."""

    path: pathlib.Path
    purl: PackageURL
    files: dict[str, bytes]
    requirements: list[Component]


def build(folder: pathlib.Path) -> list[Package]:
    """Build both archives in the folder."""
    with tempfile.TemporaryDirectory() as work:
        collection = copy_collection(pathlib.Path(work, "tree"))
        tree = str(collection.parents[2])
        environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": tree, "PYTHONPATH": tree}
        command = ["ansible-galaxy", "collection", "build", "--force", "--output-path", str(folder)]
        subprocess.run(command, cwd=collection, env=environment, check=True, stdout=subprocess.PIPE)
        wheel = [sys.executable, "-m", "flit_core.wheel", "--outdir", str(folder)]
        subprocess.run(wheel, cwd=collection / "simulator", check=True, stdout=subprocess.PIPE)
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    (built,) = folder.glob("rds_simulator-*.whl")
    return [read_tarball(folder / f"passwordless-rds-{version}.tar.gz"), read_wheel(built)]


def read_tarball(path: pathlib.Path) -> Package:
    """Return the content of the collection's tarball."""
    with tarfile.open(path) as packed:
        files = {
            member.name: file.read() for member in packed if member.isfile() and (file := packed.extractfile(member))
        }
    info = yaml.safe_load(files["MANIFEST.json"])["collection_info"]
    runtime = yaml.safe_load(files["meta/runtime.yml"])["requires_ansible"]
    collections = [
        Component(
            name=name,
            type=ComponentType.LIBRARY,
            bom_ref=name,
            purl=PackageURL("generic", *name.split(".")),
            properties=[Property(name=RANGE, value=wanted)],
        )
        for name, wanted in info["dependencies"].items()
    ]
    lines = files["meta/ee-requirements.txt"].decode().splitlines()
    python = [f"ansible-core{runtime}", *(line for line in lines if line and not line.startswith("#"))]
    purl = PackageURL("generic", info["namespace"], info["name"], info["version"])
    return Package(path, purl, files, [*collections, *map(python_package, python)])


def read_wheel(path: pathlib.Path) -> Package:
    """Return the content of the simulator's wheel."""
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    (metadata,) = (email.message_from_bytes(text) for name, text in files.items() if name.endswith("/METADATA"))
    purl = PackageURL("pypi", None, canonicalize_name(metadata["Name"]), metadata["Version"])
    return Package(path, purl, files, [python_package(text) for text in metadata.get_all("Requires-Dist", [])])


def pinned() -> dict[str, list[str]]:
    """Return the versions of each package in the locked requirements: one, or one for each group of Pythons."""
    found: dict[str, list[str]] = {}
    for name, version in _PIN.findall((ROOT / "requirements" / "locked" / "constraints.txt").read_text()):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def python_package(text: str) -> Component:
    """Return the component of a requirement, with the newest version that the tests use."""
    requirement = Requirement(text)
    name = canonicalize_name(requirement.name)
    version = pinned()[name][-1]
    properties = [Property(name=RANGE, value=str(requirement.specifier))]
    if requirement.marker:
        properties.append(Property(name=CONDITION, value=str(requirement.marker)))
    purl = PackageURL("pypi", None, name, version)
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        bom_ref=str(purl) + (f"#{requirement.marker}" if requirement.marker else ""),
        purl=purl,
        properties=properties,
    )


def _sha256(content: bytes) -> list[HashType]:
    return [HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(content).hexdigest())]


def bill(package: Package) -> str:
    """Return the bill of an archive as JSON. The same archive and SOURCE_DATE_EPOCH result in the same bill."""
    content = package.path.read_bytes()
    subject = Component(
        name=package.path.name,
        version=package.purl.version,
        type=ComponentType.LIBRARY,
        bom_ref=str(package.purl),
        purl=package.purl,
        hashes=_sha256(content),
        licenses=[LicenseExpression(LICENSE)],
    )
    files = [
        Component(name=name, type=ComponentType.FILE, bom_ref=f"file:{name}", hashes=_sha256(text))
        for name, text in package.files.items()
    ]
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), timezone.utc) if epoch else datetime.now(timezone.utc)
    bom = Bom(
        components=[*package.requirements, *files],
        metadata=BomMetaData(component=subject, timestamp=moment),
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(content).hexdigest()),
    )
    bom.register_dependency(subject, package.requirements)
    return JsonV1Dot6(bom).output_as_string(indent=2)


def main() -> None:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".venv" / "dist").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for package in build(folder):
        path = package.path.with_name(f"{package.path.name}.cdx.json")
        path.write_text(bill(package) + "\n")
        print(package.path, path, sep="\n")


if __name__ == "__main__":
    main()
