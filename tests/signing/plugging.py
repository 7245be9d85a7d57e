"""Puts certificates onto a token: ``python -m tests.signing.plugging MODULE SERIAL PIN FILE:ID …``.

A program, because a PKCS#11 library is set up once in a process.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pkcs11
from asn1crypto import x509
from pkcs11.constants import Attribute, CertificateType, ObjectClass


def main(module: str, serial: str, pin: str, *files: str) -> None:
    """Run the program."""
    token = pkcs11.lib(module).get_token(token_serial=serial.encode())
    with token.open(rw=True, user_pin=pin) as session:
        for one in files:
            file, _, identity = one.rpartition(":")
            data = Path(file).read_bytes()
            certificate = x509.Certificate.load(data)
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.PRIVATE: False,
                    Attribute.LABEL: Path(file).stem,
                    Attribute.ID: bytes.fromhex(identity),
                    Attribute.SUBJECT: certificate.subject.dump(),
                    Attribute.ISSUER: certificate.issuer.dump(),
                    Attribute.SERIAL_NUMBER: certificate["tbs_certificate"]["serial_number"].dump(),
                    Attribute.VALUE: data,
                }
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
