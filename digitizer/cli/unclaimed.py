"""How ``work`` and ``sync`` tell of pages whose mã hồ sơ nobody here knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from digitizer.cli.shell import complain
from digitizer.counted import counted
from digitizer.storage.astray import Lot

_NAMED_AT_MOST = 5


def as_json(lots: Sequence[Lot]) -> list[dict[str, Any]]:
    """Return lots of pages as JSON."""
    return [
        {
            "dossier": lot.dossier,
            "paper": lot.part,
            "copy": lot.copy,
            "codes": list(lot.codes),
            "pages": lot.pages,
        }
        for lot in lots
    ]


def tell(lots: Sequence[Lot]) -> None:
    """Say on standard error where such pages are, and that they are not sent."""
    if not lots:
        return
    shown = "; ".join(
        f"{lot.pages} in {lot.dossier} {lot.paper}"
        + (f" ({', '.join(lot.codes)})" if lot.codes else "")
        for lot in lots[:_NAMED_AT_MOST]
    )
    beyond = len(lots) - _NAMED_AT_MOST
    more = f"; {counted(beyond, 'more paper')}" if beyond > 0 else ""
    complain(
        f"{counted(sum(lot.pages for lot in lots), 'page waits', 'pages wait')} in "
        f"Chưa phân loại, their dossier is not known here: {shown}{more}; "
        "they are not sent: begin the dossier, or 'digitizer page move' them"
    )
