"""The software bill of materials, CycloneDX in JSON: every package of a lock, with its licence and
what it stands on. It lies in everything that is handed out; the same lock gives the same bytes.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from shipping.licences import Licensed

_SPACE = uuid.UUID("6f7a3a3e-6d25-4c0b-9f0a-0d0c4d1f5b7e")


def made(version: str, packages: Iterable[Licensed], *, others: Iterable[Licensed], at: int) -> str:
    """Return the bill.

    Args:
        version: Of the program.
        packages: From the lock; they must be installed, for what each stands on.
        others: What else lies in the tree, such as the interpreter; from no index.
        at: Seconds since 1970 that it is dated.
    """
    listed = tuple(packages)
    licences = LicenseFactory()
    bom = Bom()
    own = Component(
        name="digitizer",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="digitizer",
        licenses=[licences.make_from_string("Apache-2.0")],
    )
    bom.metadata.component = own
    bom.metadata.timestamp = datetime.fromtimestamp(at, UTC)
    components = {
        one.name: Component(
            name=one.name,
            version=one.version,
            type=ComponentType.LIBRARY,
            bom_ref=f"{one.name}@{one.version}",
            purl=PackageURL("pypi", None, one.name, one.version) if one in listed else None,
            licenses=[licences.make_from_string(one.licence)],
        )
        for one in (*listed, *others)
    }
    for component in components.values():
        bom.components.add(component)
    bom.register_dependency(own, components.values())
    for one in listed:
        below = [components[name] for name in _stands_on(one.name) if name in components]
        bom.register_dependency(components[one.name], below)
    bom.serial_number = uuid.uuid5(_SPACE, " ".join(sorted(map(str, components))) + version)
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string()
    return json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _stands_on(name: str) -> set[str]:
    """Return the normal names of what an installed package requires on this machine."""
    wanted = (Requirement(line) for line in metadata.requires(name) or ())
    return {
        canonicalize_name(one.name)
        for one in wanted
        if one.marker is None or one.marker.evaluate({"extra": ""})
    }
