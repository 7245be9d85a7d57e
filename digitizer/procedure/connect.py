"""Which kinds of procedure system there are, what each wants to know, and how one is made.

Called by the composition roots; the table is also what the command line, the administrator's file
and *Cài đặt* offer. A new connector is one module and one entry here (``docs/connectors.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from digitizer.errors import AccountIncomplete, AddressUnusable
from digitizer.procedure.port import ProcedureSystem


class Account(Struct, frozen=True):
    """What a connector is made of.

    Attributes:
        url: Its address, or the directory.
        group: Site number.
        user: Account.
        password: Its password.
        auth: How to sign in, one of ``Kind.auth``; empty: the first of them.
        sso: Address of the sign-in where that is another; empty: it is not.
        ca: A CA (PEM) that is trusted there beside those the machine trusts; empty: none.
    """

    url: str
    group: str = ""
    user: str = ""
    password: str = ""
    auth: str = ""
    sso: str = ""
    ca: str = ""


class Want(StrEnum):
    """What a kind may want to know besides the address. ``MARKS``: whether to tell it how many
    papers were received; the others are named as in ``Account``."""

    GROUP = "group"
    USER = "user"
    AUTH = "auth"
    SSO = "sso"
    CA = "ca"
    MARKS = "marks"


class Kind(Struct, frozen=True):
    """A kind of procedure system.

    Attributes:
        title: Its name on the screen.
        make: Makes the adapter; sends nothing. Raises ``AddressUnusable``.
        address: What an address looks like.
        needs: What has to be given. Who needs a user needs a password.
        takes: What may be given besides.
        auth: The ways to sign in that it knows, the usual one first.
    """

    title: str
    make: Callable[[Account], ProcedureSystem]
    address: str
    needs: frozenset[Want] = frozenset()
    takes: frozenset[Want] = frozenset()
    auth: tuple[str, ...] = ()


def _opencps(account: Account) -> ProcedureSystem:
    from digitizer.procedure.opencps import OpenCps  # when needed: most commands speak no HTTP

    session = account.auth == "session"
    return OpenCps(
        account.url,
        account.group,
        account.user,
        account.password,
        session=session,
        ca=account.ca,
    )


def _folder(account: Account) -> ProcedureSystem:
    from digitizer.procedure.folder import FolderSystem

    return FolderSystem(account.url)


def _igate(account: Account) -> ProcedureSystem:
    from digitizer.procedure.igate import IGate

    return IGate(account.url, account.user, account.password, sso=account.sso, ca=account.ca)


KINDS: Mapping[str, Kind] = {
    "opencps": Kind(
        "OpenCPS",
        _opencps,
        "https://motcua.example.vn/o/rest/v2",
        needs=frozenset({Want.GROUP, Want.USER}),
        takes=frozenset({Want.AUTH, Want.CA, Want.MARKS}),
        auth=("basic", "session"),
    ),
    "folder": Kind("Thư mục trên máy hoặc mạng nội bộ", _folder, "/duong/dan/thu-muc"),
    "igate": Kind(
        "VNPT iGate (chỉ xem hồ sơ)",
        _igate,
        "https://igate.example.vn",
        needs=frozenset({Want.USER}),
        takes=frozenset({Want.SSO, Want.CA}),
    ),
}


def connect(
    kind: str,
    url: str,
    group: str,
    user: str,
    password: str,
    *,
    auth: str = "",
    sso: str = "",
    ca: str = "",
) -> ProcedureSystem:
    """Return the adapter ``kind`` for an account; nothing is sent yet.

    Args:
        kind: One of ``KINDS``.
        url: See ``Account``, as for the others.
        group: Site number.
        user: Account.
        password: Its password.
        auth: How to sign in.
        sso: Where to sign in.
        ca: The office's own CA.

    Raises:
        AddressUnusable: no such kind, an address that cannot be one, or one that the password
            would reach in clear.
        AccountIncomplete: the kind needs more to be signed in to.
        CertificateUnreadable, CertificateNotCa: ``ca`` is none.
    """
    known = KINDS.get(kind)
    if known is None:
        raise AddressUnusable(f"its kind is {', '.join(KINDS)}")
    if auth and known.auth and auth not in known.auth:
        raise AddressUnusable(f"{kind} is signed in to by {' or '.join(known.auth)}")
    account = Account(url, group, user, password, auth, sso, ca)
    system = known.make(account)
    missing = [want.value for want in Want if want in known.needs and not getattr(account, want)]
    if missing:
        raise AccountIncomplete(f"{kind} needs the {' and the '.join(missing)}")
    return system
