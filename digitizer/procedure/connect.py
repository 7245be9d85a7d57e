"""Make the ProcedureSystem that the settings name. Called by the composition roots."""

from __future__ import annotations

from digitizer.errors import AddressUnusable
from digitizer.procedure.port import ProcedureSystem

KINDS = ("opencps", "folder")


def connect(
    kind: str, url: str, group: str, user: str, password: str, *, ca: str = ""
) -> ProcedureSystem:
    """Return the adapter ``kind`` for ``url``; nothing is sent yet.

    Args:
        kind: One of ``KINDS``.
        url: For ``opencps`` its base address, for ``folder`` the directory.
        group: Site number; unused by ``folder``, as are the next two.
        user: Account.
        password: Its password.
        ca: A CA (PEM) that is trusted there beside those the machine trusts; empty: none.

    Raises:
        AddressUnusable: no such kind, an address that cannot be one, or one that the password
            would reach in clear.
        CertificateUnreadable, CertificateNotCa: ``ca`` is none.
    """
    if kind == "opencps":  # loaded when needed: most commands never speak HTTP
        from digitizer.procedure.opencps import OpenCps

        return OpenCps(url, group, user, password, ca=ca)
    if kind == "folder":
        from digitizer.procedure.folder import FolderSystem

        return FolderSystem(url)
    raise AddressUnusable("its kind is opencps or folder")
