"""The list of what the product is made of is whole, and says nothing about where it was fetched."""

from __future__ import annotations

import json
import re

from tests.sbom import NPM_LOCK, PYTHON_LOCK, sbom


def test_every_locked_package_is_listed_with_its_hash() -> None:
    listed = {one["purl"]: one for one in sbom()["components"]}
    pinned = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[.*?\])?==([^\s;\\]+)", PYTHON_LOCK.read_text(), re.MULTILINE)
    assert len(pinned) > 20
    for name, version in pinned:
        assert listed[f"pkg:pypi/{name.lower()}@{version}"]["hashes"]
    packages = json.loads(NPM_LOCK.read_text())["packages"]
    locked = {(path.rpartition("node_modules/")[2], entry["version"]) for path, entry in packages.items() if path}
    assert locked == {(one["name"], one["version"]) for one in listed.values() if "pkg:npm/" in one["purl"]}
    for one in listed.values():
        assert all(re.fullmatch(r"[0-9a-f]{40,128}", digest["content"]) for digest in one["hashes"]), one["name"]
        assert one["hashes"], one["name"]


def test_the_list_names_no_host_and_is_the_same_each_time() -> None:
    assert not re.search(r"https?:|file:|resolved", json.dumps(sbom()))
    assert sbom() == sbom()
