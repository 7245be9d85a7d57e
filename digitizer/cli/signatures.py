"""What ``dossier show`` tells of the signatures that were made here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digitizer.model import Dossier, Look, Paper


def awaits(dossier: Dossier, paper: Paper) -> Look | None:
    """Return the signature that a paper which is ready waits for, or None."""
    ready = dossier.outgoing(paper) is not None and dossier.receipt(paper) is None
    return dossier.awaited(paper) if ready else None


def signed_here(dossier: Dossier, paper: Paper, signers: Mapping[int, str]) -> dict[str, Any]:
    """Return the keys that a paper has besides the others.

    Args:
        dossier: All facts of its dossier.
        paper: The paper.
        signers: Who was at the desk, by the id of a signed version.
    """
    wanted, file = awaits(dossier, paper), dossier.outgoing(paper)
    return {
        "outgoing": file and {"sha256": file.sha256, "bytes": file.bytes},
        "awaits": wanted and wanted.value,
        "signed": [
            {
                "sha256": one.sha256,
                "look": one.look.value,
                "copy_kind": one.copy and one.copy.value,
                "signer": one.signer,
                "organisation": one.organisation,
                "certificate": one.certificate,
                "timestamped": one.timestamped,
                "long_term": one.long_term,
                "at": one.at.isoformat(),
                "by": signers.get(one.id),
            }
            for one in dossier.signed(paper)
        ],
    }
