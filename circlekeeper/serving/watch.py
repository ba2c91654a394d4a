"""Watches the processes of ``circlekeeper up``: announces, restarts, stops. A program of its own that loads nothing else.

The process that loaded Django and forked web and worker turns into this one (exec), so that its memory is not kept a third
time. A child that dies is started anew as a process that loads Django itself: rarer, and then worth its memory.
"""

import json
import os
import select
import signal
import sys
import time

STOP_SECONDS = 4.0
FIRST_PAUSE, LONGEST_PAUSE, STEADY_SECONDS = 0.5, 30.0, 60.0
GIVE_UP_AFTER = 4
LOOK_SECONDS = 5.0
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


class Child:
    """One process that should be running; ``command`` starts it again."""

    def __init__(self, name: str, pid: int, command: list[str]) -> None:
        self.name, self.pid, self.command = name, pid, command
        self.started = time.monotonic()
        self.pause, self.again_at, self.deaths = FIRST_PAUSE, 0.0, 0

    def died(self) -> None:
        """Plan the next start: soon the first time, later and later when it keeps dying."""
        steady = time.monotonic() - self.started > STEADY_SECONDS
        self.pause = FIRST_PAUSE if steady else min(self.pause * 2, LONGEST_PAUSE)
        self.deaths = 1 if steady else self.deaths + 1
        self.pid, self.again_at = 0, time.monotonic() + self.pause

    def start(self) -> None:
        """Run its command in a new process."""
        self.started, self.again_at = time.monotonic(), 0.0
        self.pid = os.fork()
        if self.pid == 0:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            os.execv(self.command[0], self.command)  # noqa: S606

    def ended(self) -> bool:
        """Whether it is gone; buries it."""
        return os.waitpid(self.pid, os.WNOHANG)[0] == self.pid


class Watch:
    """``ready`` is the pipe on which web says that it serves; then ``sentence`` is printed, once."""

    def __init__(self, children: list[Child], *, ready: int, sentence: str, hopeless: str) -> None:
        self.children, self.ready = children, ready
        self.sentence, self.hopeless = sentence, hopeless
        self.announced = False

    def run(self) -> int:
        """Watch until told to stop; returns the exit status."""
        try:
            while True:
                self._announce()
                told = signal.sigtimedwait(SIGNALS, self._patience())
                if told and told.si_signo != signal.SIGCHLD:
                    return 0
                self._restart()
                if not self.announced and any(child.deaths >= GIVE_UP_AFTER for child in self.children):
                    sys.stderr.write(self.hopeless + "\n")
                    return 1
        finally:
            self._stop()

    def _announce(self) -> None:
        if not self.announced and select.select([self.ready], [], [], 0)[0]:
            self.announced = True
            sys.stdout.write(self.sentence + "\n")
            sys.stdout.flush()

    def _patience(self) -> float:
        if not self.announced:
            return 0.02
        due = [child.again_at - time.monotonic() for child in self.children if child.again_at]
        return max(0.02, min([LOOK_SECONDS, *due]))

    def _restart(self) -> None:
        for child in self.children:
            if child.pid and child.ended():
                child.died()
                complain(f"a process ended and is started again: {child.name}")
            elif child.again_at and time.monotonic() >= child.again_at:
                child.start()

    def _stop(self) -> None:
        running = [child for child in self.children if child.pid]
        deadline = time.monotonic() + STOP_SECONDS
        send(running, signal.SIGTERM)
        while running and time.monotonic() < deadline:
            running = [child for child in running if not child.ended()]
            time.sleep(0.01)
        send(running, signal.SIGKILL)
        for child in running:
            os.waitpid(child.pid, 0)


def send(children: list[Child], number: signal.Signals) -> None:
    """Send a signal to each that still runs."""
    for child in children:
        try:
            os.kill(child.pid, number)
        except ProcessLookupError:
            continue


def complain(text: str) -> None:
    """One log line in the shape of all others."""
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stderr.write(f"{when} error circlekeeper.serving.watch {text}\n")
    sys.stderr.flush()


def main() -> int:
    """The program: its orders are one JSON document in the descriptor named on its command line."""
    with os.fdopen(int(sys.argv[1]), encoding="utf-8") as orders:
        given = json.load(orders)
    children = [Child(each["name"], each["pid"], each["command"]) for each in given["children"]]
    watch = Watch(children, ready=given["ready"], sentence=given["sentence"], hopeless=given["hopeless"])
    return watch.run()


if __name__ == "__main__":
    sys.exit(main())
