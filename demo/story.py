"""The steps of the demonstration, in order; each does something real and checks what came of it.

A clerk's counter in small: papers of one dossier are scanned into it, then a stack that begins
with another dossier's receipt; all are read, bundled, uploaded, and looked at from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demo.commands import Commands
from demo.errors import CommandFailed, DemoFailed
from demo.paper import OTHER, OURS, Paper, Sheet
from demo.place import Place
from demo.referee import Received, Referee, is_pdfa, text_of, words_found
from demo.telling import Step, Telling

_PHRASE = "đăng ký khai sinh"
_WORDS_AT_LEAST = 0.9
_OTHER_PART = "TP99"
_LOOK_SECONDS = 3.0
_ROUNDS = 3
_TRY_AGAIN = 4
"""Exit code of a command that met a trouble which passes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: both dossiers as ``dossier show`` prints them, and their files."""

    dossiers: list[dict[str, Any]]
    files: dict[tuple[str, str], Received]
    """By mã hồ sơ and part."""


class Story:
    """One run. Every step raises ``DemoFailed`` where something is not as it must be."""

    def __init__(self, place: Place, paper: Paper, commands: Commands, telling: Telling) -> None:
        self._place = place
        self._paper = paper
        self._commands = commands
        self._telling = telling
        self._device = ""

    def run(self, server: dict[str, str]) -> Outcome:
        """Go through it all with both servers running; ``server`` is the sandbox's address."""
        self._prepare(server)
        self._telling.line(f"    Scanned into the dossier of {OURS.holder}, {OURS.no}:")
        self._scan("a form → TP01", "TP01", "adf", Sheet.FORM)
        self._scan("a letter, both sides → TP02", "TP02", "adf-duplex", Sheet.LETTER, Sheet.BACK)
        self._scan("a sheet that lay askew → TP03", "TP03", "adf", Sheet.ASKEW)
        stack = (Sheet.OTHER_RECEIPT, Sheet.OTHER_FORM)
        self._scan("a stack whose receipt is another dossier's", None, "adf", *stack)
        self._work()
        self._send()
        ours, other = self._dossiers()
        self._check_pages(ours, other)
        self._verify()
        return self._look_from_outside(Referee(server), [ours, other])

    def _prepare(self, server: dict[str, str]) -> None:
        with self._telling.step("Look for scanners through SANE") as step:
            found = self._commands.value("devices")
            _require(len(found) == 1, f"{len(found)} scanners found in place of one")
            self._device = found[0]["id"]
            step.says = f"Scanner found through SANE: {found[0]['name']} ({self._device})"
        with self._telling.step("Fetch the dossiers that wait at the procedure system") as step:
            self._commands.value(
                "server", "set", "--kind", "opencps", "--url", server["url"],
                "--group", server["group"], "--user", server["user"],
                typed=server["password"] + "\n",
            )  # fmt: skip
            received = self._commands.value("sync", "--once")["received"]
            step.says = f"{received} waiting dossiers fetched, with the papers each one needs"

    def _scan(self, what: str, part: str | None, source: str, *sheets: Sheet) -> None:
        """Feed sheets into our dossier; every page must be reported as saved."""
        self._paper.load(self._place.tray, *sheets)
        words = ["scan", "--device", self._device, "--dossier", OURS.no, "--source", source]
        words += ["--paper", part] if part else []
        saved, end = 0, None
        with self._telling.step(what) as step:
            for line in self._commands.lines(*words):
                if line["event"] == "page":
                    saved += 1
                    step.progress(f"{_counted(saved, 'page')} saved")
                else:
                    end = line
            _require(
                end is not None and end["reason"] == "empty" and saved == len(sheets),
                f"{len(sheets)} pages fed, {saved} saved: {end}",
            )
            step.says += f": {_counted(saved, 'page')} saved"

    def _work(self) -> None:
        with self._telling.step("Codes and text read, searchable PDF/A made") as step:
            looked, left = 0.0, ""

            def watch() -> None:
                nonlocal looked, left
                if self._telling.live and step.seconds > looked + _LOOK_SECONDS:
                    pieces = self._commands.value("status")["work"]
                    looked, left = step.seconds, f"{_counted(pieces, 'piece')} of work left"
                step.progress(left)

            done = self._commands.watched("work", "--until-idle", watch=watch)
            _require(done["failed"] == done["left"] == 0, f"work was left undone: {done}")

    def _send(self) -> None:
        """Upload in as many rounds as ``sync`` asks for with its exit code, up to a few."""
        with self._telling.step("Upload, read back, compare") as step:
            for round_left in reversed(range(_ROUNDS)):
                try:
                    done = self._commands.value("sync", "--once")
                except CommandFailed as error:
                    if error.code != _TRY_AGAIN or round_left == 0:
                        raise
                    step.progress("trouble on the line, once more")
                    continue
                _require(done["left"] == 0, f"not everything was sent: {done}")
                break
            step.says = "Uploaded, read back and confirmed by SHA-256"

    def _dossiers(self) -> tuple[dict[str, Any], dict[str, Any]]:
        ours, other = (self._commands.value("dossier", "show", one.no) for one in (OURS, OTHER))
        return ours, other

    def _check_pages(self, ours: dict[str, Any], other: dict[str, Any]) -> None:
        with self._telling.step("Every page is where it belongs") as step:
            counts = {part: len(pages_of(ours, part)) for part in ("TP01", "TP02", "TP03")}
            _require(counts == {"TP01": 1, "TP02": 2, "TP03": 1}, f"pages by paper: {counts}")
            _require(not pages_of(ours, _OTHER_PART), "a page of the other dossier stayed in ours")
            _require(len(pages_of(other, _OTHER_PART)) == 2, "the receipt's code routed nothing")
            _require(
                [page["blank"] for page in pages_of(ours, "TP02")] == [False, True],
                "the letter's blank back was not told from its front",
            )
            step.says += f": the receipt's QR moved its stack to {OTHER.holder}"

    def _verify(self) -> None:
        with self._telling.step("Verify the store") as step:
            found = self._commands.value("verify")
            _require(not found["problems"], f"problems in the store: {found['problems']}")
            blobs = _counted(found["blobs"], "stored file")
            step.says = f"Store verified: {_counted(found['pages'], 'page')}, {blobs}, no problem"

    def _look_from_outside(self, referee: Referee, dossiers: list[dict[str, Any]]) -> Outcome:
        """Ask the procedure system what it holds, and look at that."""
        files: dict[tuple[str, str], Received] = {}
        with self._telling.step("Downloaded again over plain HTTP: same SHA-256 as receipts"):
            for dossier in dossiers:
                for one in referee.download(dossier["code"], self._place.received):
                    files[dossier["code"], one.part] = one
            held = {key: one.sha256 for key, one in files.items()}
            _require(
                held == _receipts(dossiers) and bool(held),
                "what the procedure system holds is not what the receipts say",
            )
        with self._telling.step("Validate them as PDF/A-2b, search them for text") as step:
            for one in files.values():
                _require(is_pdfa(one.file), f"{one.file} is not PDF/A-2b")
            self._check_text(files[OURS.no, "TP01"], step)
        return Outcome(dossiers, files)

    def _check_text(self, form: Received, step: Step) -> None:
        text = text_of(form.file)
        share = words_found(self._paper.truth(Sheet.FORM), text)
        _require(_PHRASE in text.casefold(), f"'{_PHRASE}' cannot be found in {form.file}")
        _require(share >= _WORDS_AT_LEAST, f"only {share:.0%} of the form's words can be found")
        step.says = f"Valid PDF/A-2b; '{_PHRASE}' and {share:.0%} of the form's words can be found"


def pages_of(dossier: dict[str, Any], part: str) -> list[dict[str, Any]]:
    """Return the pages that count of one paper of a dossier."""
    return [
        page
        for paper in dossier["papers"]
        if paper["part"] == part
        for page in paper["pages"]
        if not page["deleted"]
    ]


def _receipts(dossiers: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """Return the receipt's hash of every paper that has pages; a missing one is empty."""
    return {
        (dossier["code"], paper["part"]): (paper["receipt"] or {"sha256": ""})["sha256"]
        for dossier in dossiers
        for paper in dossier["papers"]
        if pages_of(dossier, paper["part"])
    }


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise DemoFailed(otherwise)
