"""``encryption …``, and every command on an encrypted home: it answers as on a plain one."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import typer
from commandline import CODE, CommandLine, Done, together

from digitizer.cli.main import app as program
from tests.keyringfile import NAME, VARIABLE
from tests.sealedhome import PASSPHRASE, PLAIN, files_with, kept_in

OTHER = "000.00.20.H02-261122-0009"
PART = ("--paper", "TP01")
Words = Sequence[str | Path]
_VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|[0-9a-f]{64}|[0-9a-f]{32}"
    r"|\d{4}-\d\d-\d\d[T ][\d:.]+(?:\+[\d:]+)?|\d+\.\d+|/[^\"' ]*/(?:plain|encrypted)\b[^\"' ;,]*"
)
"""Ids, hashes, moments, seconds and paths: other ones each time."""
_ALONE = {"devices", "inspect", "bundle", "sandbox", "virtual-scanner", "training", "audit check"}
"""Commands that open no home, or one of their own."""
_OF_THIS_HOME = {"status", "space", "doctor", "audit", "work"}
"""Commands that tell of the machine at that moment, or that the home was encrypted."""
_ELSEWHERE = {"encryption", "bridge", "sign papers"}
"""Commands that have tests of their own below, or wait for the web's scan or a key."""


def on(command: CommandLine, *options: str, said: str) -> tuple[str, Done]:
    """``encryption on``, answered as a person would who wrote the recovery key down."""
    return answered(command, "on", *options, said=said)


def answered(command: CommandLine, *words: str, said: str = "") -> tuple[str, Done]:
    """A command that shows a recovery key, whose end is typed back."""
    running = command.start("encryption", *words, stdin=subprocess.PIPE)
    assert running.process.stdin
    with running.process.stdin as stdin:
        stdin.write(said.encode())
        stdin.flush()
        told = running.event()
        assert told["event"] == "recovery-key"
        stdin.write(f"{told['key'][-6:].lower()}\n".encode())
    return told["key"], running.end()


@pytest.fixture
def ringed(worked: CommandLine, tmp_path: Path) -> CommandLine:
    """The command where there is a keyring."""
    ring = {"PYTHON_KEYRING_BACKEND": NAME, VARIABLE: str(tmp_path / "ring.json")}
    return worked.with_env(**ring)


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """A private file with the passphrase in it."""
    file = tmp_path / "word"
    file.write_text(f"{PASSPHRASE}\n", "utf-8")
    file.chmod(0o600)
    return file


def test_a_keyring_holds_the_key_and_all_goes_on_as_before(
    ringed: CommandLine, paper: Path, tmp_path: Path
) -> None:
    before = ringed.ok("encryption", "status").value
    assert (before["mode"], before["custody"], before["database"]) == ("off", None, "plain")
    _, done = on(ringed, said="")
    assert done.code == 0
    assert done.lines[-1]["mode"] == "on"
    found = ringed.ok("encryption", "status").value
    assert (found["mode"], found["custody"], found["database"]) == ("on", "keyring", "encrypted")
    assert found["files"] == {"encrypted": before["files"]["plain"], "plain": 0}
    assert len(kept_in(tmp_path / "ring.json")) == 1
    ringed.ok("import", paper / "3.jpg", "--dossier", CODE, "--paper", "TP02")
    assert ringed.ok("work", "--until-idle").value["failed"] == 0
    assert ringed.ok("search", "Trang giay").value
    ringed.sound()
    said = (PLAIN, b"%PDF-1.", "Nguyễn Văn Ánh".encode(), CODE.encode(), b"giay", b"JFIF\0\1")
    assert files_with(ringed.home, *said) == []
    assert ringed.ok("encryption", "on").lines[-1]["mode"] == "on", "twice does no harm"
    assert ringed.ok("encryption", "off").lines[-1]["mode"] == "off"
    ringed.sound()
    assert kept_in(tmp_path / "ring.json") == {}
    assert ringed.ok("encryption", "off").lines[-1]["mode"] == "off"


def test_a_passphrase_is_never_an_argument_and_what_is_missing_is_said(
    worked: CommandLine, word: Path, tmp_path: Path
) -> None:
    key, done = on(worked, "--custody", "passphrase", said=f"{PASSPHRASE}\n")
    assert done.code == 0
    sealed = worked.run("status")
    assert (sealed.code, sealed.out) == (3, "")
    assert "DIGITIZER_PASSPHRASE_FILE" in sealed.trouble
    assert worked.ok("encryption", "status").value["custody"] == "passphrase"
    with_word = worked.with_env(DIGITIZER_PASSPHRASE_FILE=str(word))
    assert with_word.ok("status").value["dossiers"] == 10
    with_word.sound()
    word.chmod(0o644)
    assert "chmod 600" in with_word.run("status").trouble
    word.chmod(0o600)
    word.write_text("một từ khác hẳn\n", "utf-8")
    wrong = with_word.run("dossier", "list")
    assert wrong.code == 3
    assert "encryption recover" in wrong.trouble

    again = worked.run("encryption", "recover", said=f"{key[:-1]}\nmột từ khác hẳn\n")
    assert again.code == 3 and "recovery key" in again.trouble
    weak = worked.run("encryption", "recover", said=f"{key}\nngắn\n")
    assert weak.code == 3 and "short" in weak.trouble
    worked.ok("encryption", "recover", said=f"{key}\nmột từ khác hẳn\n")
    assert with_word.ok("status").value["dossiers"] == 10
    with_word.ok("encryption", "passphrase", said="lại một từ khác nữa\n")
    assert with_word.run("status").code == 3
    word.write_text("lại một từ khác nữa\n", "utf-8")
    for typed in ("", f"{key[-6:]}\n"):
        unread = with_word.run("encryption", "recovery-key", said=typed)
        assert (unread.code, len(unread.lines)) == (3, 1)
        assert "the old one still holds" in unread.trouble
    worked.ok("encryption", "recover", said=f"{key}\nlại một từ khác nữa\n")
    new, done = answered(with_word, "recovery-key")
    assert new != key
    assert (done.code, done.lines[-1]["event"], done.lines[-1]["mode"]) == (0, "end", "on")
    assert worked.run("encryption", "recover", said=f"{key}\nmột từ khác hẳn\n").code == 3
    refused = with_word.run("encryption", "keyring")
    assert refused.code == 3 and "keyring" in refused.trouble
    acts = [one["act"] for one in with_word.ok("audit", "list").value]
    assert acts.count("encryption.recovered") == 2
    assert acts.count("encryption.recovery-key") == 1
    for file in worked.home.rglob("*"):
        if file.is_file():
            for secret in (key, new, PASSPHRASE, "lại một từ khác nữa"):
                assert secret.encode() not in file.read_bytes(), file


def test_whoever_does_not_write_the_key_down_has_a_plain_home(ringed: CommandLine) -> None:
    for said in ("ABCDEF\n", ""):
        refused = ringed.run("encryption", "on", said=said)
        assert refused.code == 3
        assert "nothing was encrypted" in refused.trouble
    assert ringed.ok("encryption", "status").value["mode"] == "off"
    ringed.sound()


def test_what_a_plain_home_is_not_asked(worked: CommandLine) -> None:
    for verb in ("passphrase", "keyring", "recovery-key"):
        assert "not encrypted" in worked.run("encryption", verb).trouble
    said = "AGE-SECRET-KEY-1X\nmột từ khác hẳn\n"
    assert worked.run("encryption", "recover", said=said).code == 3
    refused = worked.run("encryption", "on", said="ABCDEF\n")
    assert refused.code == 3 and "keyring" in refused.trouble, "there is none here"
    assert not (worked.home / "keys/state.json").exists()


def test_an_encrypted_home_whose_keys_are_gone_says_so(ringed: CommandLine, tmp_path: Path) -> None:
    key, _ = on(ringed, said="")
    (ringed.home / "keys/state.json").unlink()
    for words in (("encryption", "status"), ("encryption", "keyring"), ("status",)):
        lost = ringed.run(*words)
        assert lost.code == 5 and lost.out == ""
        assert "is encrypted" in lost.trouble and "encryption recover" in lost.trouble
    ringed.ok("encryption", "recover", "--custody", "keyring", said=f"{key}\n")
    ringed.ok("status")
    shutil.move(ringed.home / "keys", tmp_path / "keys")
    for words in (
        *(("encryption", verb) for verb in ("status", "on", "off", "recovery-key")),
        ("encryption", "recover", "--custody", "keyring"),
        ("status",),
        ("verify",),
    ):
        lost = ringed.run(*words, said=f"{key}\n")
        assert lost.code == 5 and lost.out == "", words
        assert "its keys are missing" in lost.trouble and "backup" in lost.trouble, words
    checks = {one["check"]: one for one in ringed.run("doctor").value}
    for name in ("home", "encryption"):
        assert not checks[name]["ok"]
        assert "its keys are missing" in checks[name]["detail"]
    assert not (ringed.home / "keys").exists()
    shutil.move(tmp_path / "keys", ringed.home / "keys")
    assert ringed.ok("encryption", "on").lines[-1]["mode"] == "on"
    ringed.sound()


# --- every command ----------------------------------------------------------------------------


@pytest.fixture
def both(ringed: CommandLine, tmp_path: Path) -> tuple[CommandLine, CommandLine]:
    """The command on the same home twice: plain, and encrypted."""
    plain, encrypted = tmp_path / "plain" / "home", tmp_path / "encrypted" / "home"
    for home in (plain, encrypted):
        home.parent.mkdir()
        shutil.copytree(ringed.home, home)
    on(ringed.at(encrypted), said="")
    return ringed.at(plain), ringed.at(encrypted)


def commands() -> set[str]:
    """Every command of the program."""

    def walk(group: object, before: str) -> Iterator[str]:
        for name, one in (getattr(group, "commands", None) or {}).items():
            yield from walk(one, f"{before}{name} ")
        if not getattr(group, "commands", None):
            yield before.strip()

    return set(walk(typer.main.get_command(program), ""))


def placed(word: str | Path, folder: Path) -> str | Path:
    """A word with its folder, where it names one."""
    first, _, rest = str(word).partition("/")
    return folder / first.lower() / rest if first in ("HOT", "STICK") else word


def told(done: Done) -> tuple[int, str, str]:
    """What a command said, without what is another one each time."""
    return done.code, _VARIES.sub("…", done.out), _VARIES.sub("…", done.err)


def test_every_command_answers_as_on_a_plain_home(
    both: tuple[CommandLine, CommandLine], paper: Path
) -> None:
    for one in both:
        for name in ("hot", "stick"):
            (one.home.parent / name).mkdir()
        shutil.copy(paper / "4.jpg", one.home.parent / "hot/4.jpg")
    steps: list[tuple[Words, str | None]] = [
        (("dossier", "list"), None),
        (("dossier", "show", CODE), None),
        (("dossier", "new", "--code", OTHER, "--holder", "Lê Thị Sen"), None),
        (("dossier", "new", "--local", "--holder", "Lê Thị Sen"), None),
        (("dossier", "describe", "L-000001", "--holder", "Lê Sen"), None),
        (("dossier", "bind", "L-000001", "000.00.20.H02-261122-0077"), None),
        (("dossier", "unbind", "000.00.20.H02-261122-0077"), None),
        (("dossier", "create", "L-000001"), None),
        (("scan", "--device", "test:0", "--dossier", OTHER, "--dpi", "75", "--pages", "1"), None),
        (("import", paper / "3.jpg", "--dossier", CODE, *PART), None),
        (("watch", "HOT", "--dossier", CODE, "--once"), None),
        (("watch-questions",), None),
        (("watch-answer", "HOT/4.jpg", "take"), None),
        (("work", "--until-idle"), None),
        (("page", "turn", CODE, "1", "--by", "90", *PART), None),
        (("page", "undo", CODE), None),
        (("page", "redo", CODE), None),
        (("page", "crop", CODE, "1", *PART, "--box", "10,10,60,80"), None),
        (("page", "delete", CODE, "2", *PART), None),
        (("page", "restore", CODE, "2", *PART), None),
        (("page", "move", CODE, "1", *PART, "--after", "2"), None),
        (("page", "interleave", CODE, *PART), None),
        (("page", "keep", CODE, "1", *PART), None),
        (("page", "read", CODE), None),
        (("paper", "hold", CODE, *PART), None),
        (("paper", "release", CODE, *PART), None),
        (("paper", "style", CODE, "compact", *PART), None),
        (("paper", "reuse", CODE, *PART, "--from", OTHER), None),
        (("work", "--until-idle"), None),
        (("search", "Trang giay"), None),
        (("separators", CODE, "-o", "HOT/sheets.pdf"), None),
        (("procedures", "list"), None),
        (("profile", "set", "Một", "--dpi", "300"), None),
        (("profile", "list"), None),
        (("profile", "export", "STICK/profiles.toml"), None),
        (("profile", "remove", "Một"), None),
        (("profile", "import", "STICK/profiles.toml"), None),
        (("clerk", "add", "Lan", "--account", "lan"), "x\n"),
        (("clerk", "list"), None),
        (("clerk", "use", "Lan"), None),
        (("clerk", "password", "Lan"), "y\n"),
        (("clerk", "remove", "Lan"), None),
        (("limits", "--kbits", "512"), None),
        (("pace", "desk"), None),
        (("style", "compact"), None),
        (("secret", "list"), None),
        (("secret", "show", CODE), None),
        (("secret", "decide", CODE, "1", *PART, "--not-secret"), None),
        (("sign", "list"), None),
        (("sign", "rules"), None),
        (("sign", "keys"), None),
        (("sign", "withdraw", CODE, *PART), None),
        (("bridge", "allow", "https://motcua.example"), None),
        (("bridge", "list"), None),
        (("bridge", "refuse", "https://motcua.example"), None),
        (("bridge", "forget", "https://motcua.example"), None),
        (("server", "set", "--kind", "folder", "--url", "STICK"), ""),
        (("server", "show"), None),
        (("server", "marks", "on"), None),
        (("work", "--until-idle"), None),
        (("sync", "--once"), None),
        (("conflict", "list"), None),
        (("conflict", "show", "1"), None),
        (("conflict", "resolve", "1", "--keep", "mine"), None),
        (("dossier", "close", CODE), None),
        (("export", "STICK", CODE), None),
        (("receive", "STICK"), None),
        (("retention", "set", "90"), None),
        (("retention", "show"), None),
        (("retention", "keep", CODE), None),
        (("retention", "run"), None),
        (("retention", "remove", CODE, "--confirm", CODE, "--reason", "thử", "--now"), None),
        (("retention", "log"), None),
        (("retention", "off"), None),
        (("space",), None),
        (("audit", "list"), None),
        (("audit", "head"), None),
        (("audit", "export", "STICK/record.jsonl"), None),
        (("status",), None),
        (("doctor",), None),
        (("verify",), None),
    ]
    tried, others = set(), []
    for words, said in steps:
        runs = [(one, [placed(word, one.home.parent) for word in words]) for one in both]
        if said is None:
            plain, encrypted = together(runs)
        else:
            plain, encrypted = (one.run(*given, said=said) for one, given in runs)
        name = " ".join(str(word) for word in words[:2])
        assert plain.code != 2, (words, plain.err)
        tried.add(name if name in commands() else str(words[0]))
        if words[0] in _OF_THIS_HOME:
            others += [(words, plain, encrypted)] if plain.code or encrypted.code else []
        elif told(encrypted) != told(plain):
            others.append((words, told(encrypted), told(plain)))
    assert others == []
    left = {
        one
        for one in commands() - tried - _ALONE
        if one not in _ELSEWHERE and one.partition(" ")[0] not in _ELSEWHERE
    }
    assert left == set(), "a new command stands in the list above"
    both[1].sound()
    assert files_with(both[1].home, PLAIN, b"%PDF-1.", "Lê Thị Sen".encode()) == []
