"""Timestamps of a real server, long-term proof, and what happens without a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore

from digitizer.errors import SigningCertificateRevoked
from digitizer.pages.signatures import certificates_in
from digitizer.signing import archival, keyfile
from digitizer.signing.model import KeyKind, KeySource
from digitizer.signing.proof import Proof
from tests.signing import papers
from tests.signing.conftest import COPY, PERSONAL, Opened
from tests.signing.issuing import PASSWORD, Issued
from tests.signing.proving import Network


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path / "network") as found:
        yield found


@pytest.fixture
def own(network: Network) -> Issued:
    return network.issuer.issue()


@pytest.fixture
def source(network: Network, own: Issued, tmp_path: Path) -> KeySource:
    return KeySource(KeyKind.FILE, str(network.issuer.keyfile(tmp_path / "own.p12", own)))


def test_with_a_line_it_is_timestamped_and_proven_for_long(
    opened: Opened, source: KeySource, network: Network, paper: Path, tmp_path: Path
) -> None:
    session = opened(source, PASSWORD, timestamps=network.stamps)
    once, twice = tmp_path / "once.pdf", tmp_path / "twice.pdf"
    first, second = session.sign(paper, once, PERSONAL), session.sign(once, twice, COPY)
    assert (first.timestamped, first.long_term) == (True, True)
    assert (second.timestamped, second.long_term) == (True, True)
    for file in (once, twice):
        assert archival.fault(file) == ""
        assert "Signature is Valid." in papers.pdfsig(file)
    assert papers.pdfsig(once).count("Total document signed") == 1
    assert network.asked["ocsp"] >= 1
    with once.open("rb") as file:
        reader = PdfFileReader(file)
        (found,) = reader.embedded_regular_signatures
        roots = list(certificates_in(network.issuer.trust(tmp_path / "trust")))
        enough = {"trust_roots": roots, "allow_fetching": False, "revocation_mode": "require"}
        context = DocumentSecurityStore.read_dss(reader).as_validation_context(enough)
        status = validate_pdf_signature(found, context)
    assert status.bottom_line, status.pretty_print_details()
    assert status.timestamp_validity is not None


def test_without_a_line_it_is_signed_without_and_says_so(
    opened: Opened, source: KeySource, network: Network, paper: Path, tmp_path: Path
) -> None:
    network.down |= {"tsa", "ocsp", "crl"}
    session = opened(source, PASSWORD, timestamps=network.stamps)
    done = session.sign(paper, tmp_path / "out.pdf", PERSONAL)
    assert (done.timestamped, done.long_term) == (False, False)
    assert "Signature is Valid." in papers.pdfsig(tmp_path / "out.pdf")
    asked = network.asked.total()
    session.sign(paper, tmp_path / "next.pdf", PERSONAL)
    assert network.asked.total() == asked, "a stack is not held up by a line that is down"


def test_a_timestamp_server_that_fails_in_the_middle_costs_the_timestamp_alone(
    opened: Opened, source: KeySource, network: Network, paper: Path, tmp_path: Path
) -> None:
    session = opened(source, PASSWORD, timestamps=network.stamps)
    assert session.sign(paper, tmp_path / "one.pdf", PERSONAL).timestamped
    network.down.add("tsa")
    done = session.sign(paper, tmp_path / "two.pdf", PERSONAL)
    assert (done.timestamped, done.long_term) == (False, True)
    assert "Signature is Valid." in papers.pdfsig(tmp_path / "two.pdf")


def test_a_stack_asks_for_proof_once(
    opened: Opened, source: KeySource, network: Network, paper: Path, tmp_path: Path
) -> None:
    session = opened(source, PASSWORD, timestamps=network.stamps)
    session.sign(paper, tmp_path / "one.pdf", PERSONAL)
    asked = network.asked["ocsp"]
    assert asked >= 1
    for name in ("two.pdf", "three.pdf"):
        done = session.sign(paper, tmp_path / name, PERSONAL)
        assert (done.timestamped, done.long_term) == (True, True)
        assert archival.fault(tmp_path / name) == ""
    assert network.asked["ocsp"] == asked
    with (tmp_path / "one.pdf").open("rb") as first, (tmp_path / "three.pdf").open("rb") as third:
        proofs = [DocumentSecurityStore.read_dss(PdfFileReader(one)) for one in (first, third)]
    assert len(proofs[0].ocsps) == len(proofs[1].ocsps) == asked, "the same is proven"


def test_a_timestamp_server_that_comes_later_is_proven_too(
    source: KeySource, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitizer.signing.proof._RESTS_SECONDS", 0.0)
    key = keyfile.unlock(Path(source.path), PASSWORD)
    proof = Proof(network.stamps, None)
    network.down.add("tsa")
    for _ in range(2):
        assert proof.stamper() is None
        assert proof.context(key) is not None
    assert network.asked["ocsp"] == 1
    network.down.discard("tsa")
    for _ in range(2):
        assert proof.stamper() is not None
        assert proof.context(key) is not None
    assert network.asked["ocsp"] == 2, "what was known held nothing of that server's certificate"


def test_lists_serve_where_nobody_answers(
    opened: Opened, source: KeySource, network: Network, paper: Path, tmp_path: Path
) -> None:
    network.down.add("ocsp")
    done = opened(source, PASSWORD).sign(paper, tmp_path / "out.pdf", PERSONAL)
    assert done.long_term
    assert network.asked["crl"] == 1


def test_a_certificate_that_was_taken_back_signs_nothing(
    opened: Opened, source: KeySource, network: Network, own: Issued, paper: Path, tmp_path: Path
) -> None:
    network.issuer.revoked.append(own.certificate.serial_number)
    session = opened(source, PASSWORD)
    with pytest.raises(SigningCertificateRevoked):
        session.sign(paper, tmp_path / "out.pdf", PERSONAL)
    assert not (tmp_path / "out.pdf").exists()
    with pytest.raises(SigningCertificateRevoked):
        session.sign(paper, tmp_path / "out.pdf", PERSONAL)
