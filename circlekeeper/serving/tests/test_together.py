"""Things brought while a batch is worked on make up the next one, in order, and a failure loses no later one."""

import threading

from circlekeeper.serving import together
from circlekeeper.serving.together import Together


def test_what_comes_meanwhile_is_done_together_in_order():
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()
    batches = []

    def work(things):
        batches.append(things)
        begun.set()
        go_on.wait(10)
        if things[-1] == "last":
            done.set()

    line = Together(work, name="test")
    line.bring("first")
    assert begun.wait(10)
    for thing in ("a", "b", "last"):
        line.bring(thing)
    go_on.set()
    assert done.wait(10)
    assert batches == [["first"], ["a", "b", "last"]]


def test_a_batch_has_an_end_and_a_failure_does_not_stop_the_line(monkeypatch):
    monkeypatch.setattr(together, "MOST", 2)
    seen, told, done = [], [], threading.Event()

    def work(things):
        seen.append(len(things))
        raise ValueError("not said in the log")

    def tell(words):
        told.append(words)
        if sum(seen) == 5:
            done.set()

    monkeypatch.setattr(together.log, "exception", tell)

    line = Together(work, name="test")
    for thing in ("a", "b", "c", "d", "last"):
        line.bring(thing)
    assert done.wait(10)
    assert max(seen) <= 2
    assert told == ["work done together failed"] * len(seen)
