"""The list of what the product is made of, in CycloneDX 1.6, from the locks alone: `make sbom`.

It names packages, versions and hashes, and no place to fetch them from.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).parent.parent
PYTHON_LOCK = ROOT / "requirements" / "base.txt"
NPM_LOCK = ROOT / "frontend" / "package-lock.json"
PIN = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)((?:.*\\\n)*.*)", re.MULTILINE)
SHA256 = re.compile(r"--hash=sha256:([0-9a-f]{64})")
SHA_NAMES = {"sha512": "SHA-512", "sha384": "SHA-384", "sha256": "SHA-256", "sha1": "SHA-1"}
Component = dict[str, Any]  # Any: JSON


def python_packages() -> list[Component]:
    """What the server runs with. A package has a hash for each of its files."""
    return [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{quote(version)}",
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in SHA256.findall(rest)],
            "scope": "required",
        }
        for name, version, rest in PIN.findall(PYTHON_LOCK.read_text(encoding="utf-8"))
    ]


def npm_packages() -> list[Component]:
    """What the phone app is built with; what only builds it is `excluded` from what runs."""
    lock = json.loads(NPM_LOCK.read_text(encoding="utf-8"))
    found = {}
    for path, entry in lock["packages"].items():
        if not path or entry.get("link"):
            continue
        name = path.rpartition("node_modules/")[2]
        method, _, digest = entry["integrity"].partition("-")
        purl = f"pkg:npm/{quote(name, safe='/')}@{quote(entry['version'])}"
        found[purl] = {
            "type": "library",
            "name": name,
            "version": entry["version"],
            "purl": purl,
            "hashes": [{"alg": SHA_NAMES[method], "content": base64.b64decode(digest).hex()}],
            "scope": "excluded" if entry.get("dev") else "optional" if entry.get("optional") else "required",
        }
    return list(found.values())


def sbom() -> Component:
    """The same locks give the same document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = [*python_packages(), *npm_packages()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": project["name"], "version": project["version"]},
        },
        "components": sorted(
            ({"bom-ref": one["purl"], **one} for one in components), key=lambda one: str(one["bom-ref"])
        ),
    }


if __name__ == "__main__":
    json.dump(sbom(), sys.stdout, indent=1)
    sys.stdout.write("\n")
