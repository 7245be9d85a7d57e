"""A command that waits where no signal reaches it is told to stop all the same."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from digitizer.errors import Stopped

_BEGIN = """
import signal, socket, sys, threading
from digitizer.cli.interruption import interruptible

stop = threading.Event()
here, there = socket.socketpair()

def tell():
    # To this thread: the wait of the main one goes on, as where it begins just after the signal.
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
"""


def _run(rest: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + textwrap.dedent(rest)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_wait_that_no_signal_ends_is_left_when_patience_is_over() -> None:
    code, _, said = _run("""
        with interruptible(stop):
            threading.Thread(target=tell, daemon=True).start()
            here.recv(1)
    """)
    assert (code, said) == (4, f"digitizer: {Stopped()}\n")


def test_a_second_signal_ends_it_at_once() -> None:
    code, said, _ = _run("""
        def twice():
            tell()
            stop.wait()
            print("asked", flush=True)
            tell()

        with interruptible(stop):
            threading.Thread(target=twice, daemon=True).start()
            here.recv(1)
    """)
    assert (code, said) == (4, "asked\n")


def test_the_lock_of_the_event_is_not_waited_for_where_it_is_held() -> None:
    code, said, _ = _run("""
        with interruptible(stop):
            with stop._cond:
                signal.raise_signal(signal.SIGINT)
            print(stop.wait(60))
    """)
    assert (code, said) == (0, "True\n")


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_just_before_the_end_is_known_after_it(name: str) -> None:
    code, said, _ = _run(f"""
        before = signal.getsignal(signal.{name})
        with interruptible(stop):
            signal.raise_signal(signal.{name})
        print(stop.is_set(), signal.getsignal(signal.{name}) == before, threading.active_count())
    """)
    assert (code, said) == (0, "True True 1\n")


def test_a_block_that_fails_at_once_leaves_no_thread_to_complain() -> None:
    code, said, complaint = _run("""
        before = signal.getsignal(signal.SIGTERM)
        for _ in range(200):
            try:
                with interruptible(stop):
                    raise OSError
            except OSError:
                pass
        print(threading.active_count(), signal.getsignal(signal.SIGTERM) == before)
    """)
    assert (code, said, complaint) == (0, "1 True\n", "")
