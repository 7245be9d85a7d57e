"""Rows of the sandbox as OpenCPS v2 writes them in JSON, and its barcode pictures. PURE.

Called by ``app``. Keys and date shapes after domain facts §6: a single dossier has its dates as
``dd/MM/yyyy HH:mm:ss``, a list as ``yyyyMMddHHmmss``; ``required`` and its like are strings.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import numpy as np
import zxingcpp
from PIL import Image

from digitizer.sandbox import seed
from digitizer.sandbox.records import Row

_SINGLE = "%d/%m/%Y %H:%M:%S"
_LISTED = "%Y%m%d%H%M%S"


def dossier(row: Row) -> dict[str, Any]:
    """Return one dossier."""
    return _dossier(row, _SINGLE)


def dossiers(rows: list[Row]) -> list[dict[str, Any]]:
    """Return the dossiers of a list."""
    return [_dossier(row, _LISTED) for row in rows]


def _dossier(row: Row, dates: str) -> dict[str, Any]:
    return {
        "dossierId": row["id"],
        "referenceUid": row["reference"],
        "serviceCode": row["service"],
        "serviceName": row["service_name"],
        "govAgencyCode": row["agency"],
        "govAgencyName": seed.AGENCY_NAME,
        "dossierTemplateNo": row["template"],
        "applicantName": row["holder"],
        "applicantIdType": row["holder_kind"],
        "applicantIdNo": row["holder_id"],
        "dossierNo": row["no"],
        "submitDate": _date(row["submitted"], dates),
        "receiveDate": _date(row["received"], dates),
        "dueDate": _date(row["due"], dates),
        "dossierStatus": row["status"],
        "originality": 3,
        "online": "false",
    }


def _date(text: str | None, shape: str) -> str:
    return datetime.fromisoformat(text).strftime(shape) if text else ""


def template(row: Row, parts: list[Row] | None) -> dict[str, Any]:
    """Return a template, with its parts if given."""
    head = {
        "dossierTemplateId": row["id"],
        "templateNo": row["no"],
        "templateName": row["name"],
    }
    return head if parts is None else {**head, "dossierParts": [part(p) for p in parts]}


def part(row: Row) -> dict[str, Any]:
    """Return one part of a template."""
    return {
        "dossierPartId": row["id"],
        "partNo": row["no"],
        "partName": row["name"],
        "partTip": row["tip"],
        "partType": row["kind"],
        "multiple": _flag(row["multiple"]),
        "required": _flag(row["required"]),
        "esign": "false",
        "fileTemplateNo": f"MAU.{row['no']}",
        "hasForm": "false",
        "eForm": "false",
    }


def file(row: Row) -> dict[str, Any]:
    """Return one file of a dossier."""
    return {
        "dossierFileId": row["id"],
        "referenceUid": row["reference"],
        "dossierTemplateNo": row["template"],
        "dossierPartNo": row["part"],
        "fileTemplateNo": f"MAU.{row['part']}",
        "displayName": row["display"],
        "fileType": row["type"],
        "fileSize": row["size"],
        "fileVersion": str(row["version"]),
        "isNew": "true" if row["version"] == 1 else "false",
        "removed": "false",
        "modifiedDate": row["modified"],
    }


def mark(row: Row) -> dict[str, Any]:
    """Return what was noted about a part; the count is a text there."""
    return {
        "dossierPartNo": row["part"],
        "fileMark": row["mark"],
        "fileCheck": row["checked"],
        "fileComment": row["comment"],
        "recordCount": str(row["count"]),
    }


def _flag(value: int) -> str:
    return "true" if value else "false"


def picture(text: str, kind: zxingcpp.BarcodeFormat) -> bytes:
    """Return a PNG of the code that holds ``text`` alone."""
    drawn = zxingcpp.create_barcode(text, kind)
    image = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(drawn, scale=4)))
    whole = io.BytesIO()
    image.save(whole, "PNG")
    return whole.getvalue()
