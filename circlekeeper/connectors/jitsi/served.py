"""Reading the ``config.js`` a Jitsi server sends to browsers, without running it.

Only plain values at the top level count. What stands in a comment is not there, what is written twice counts as the last one
says, and what a condition, a loop or a function may change is `OPAQUE`: it never equals anything that was wished for.
"""

import re
from collections.abc import Mapping
from typing import Any

OPAQUE = "computed by the page"
MISSING = "not set"

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<space>\s+)
      | (?P<sign>[^\w\s])""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = {"true": "true", "false": "false", "null": "null", "undefined": MISSING}
_CLOSES = {"{": "}", "[": "]", "(": ")"}
_CHANGES = ("if", "for", "while", "function", "switch", "try", "with", "else", "do")


class _Strange(Exception):
    """Something that is no plain value."""


class _Reader:
    """Walks the tokens once; ``tree`` holds what was set, `OPAQUE` where it cannot be known."""

    def __init__(self, source: str) -> None:
        self.tokens = [
            (each.lastgroup or "", each.group())
            for each in _TOKEN.finditer(source)
            if each.lastgroup not in ("comment", "space")
        ]
        self.at = 0
        self.tree: dict[str, Any] = {}
        self.lost = False

    def here(self, ahead: int = 0) -> str:
        """The token ahead, or an empty text past the end."""
        return self.tokens[self.at + ahead][1] if self.at + ahead < len(self.tokens) else ""

    def run(self) -> None:
        """Read every statement."""
        while self.at < len(self.tokens):
            if self.here() in ("var", "let", "const"):
                self.at += 1
            elif self.only_if_missing():
                continue
            elif self.here() == "config" and self.here(1) in (".", "[", "="):
                self.assignment()
            else:
                self.other()

    def only_if_missing(self) -> bool:
        """``if (!config.hasOwnProperty('p2p')) config.p2p = {};``, which the container image writes before many settings."""
        wanted = ["if", "(", "!", "config", ".", "hasOwnProperty", "("]
        if [self.here(each) for each in range(7)] != wanted or [self.here(8), self.here(9)] != [")", ")"]:
            return False
        known = _text(self.here(7)) in self.tree
        self.at += 10
        before = self.at
        path = self.path()
        if self.here() != "=" or self.here(1) != "{" or self.here(2) != "}":
            self.at = before
            self.other()
        elif not known:
            self.put(path, {})
        self.skip()
        return True

    def path(self) -> list[str]:
        """What follows ``config`` up to the sign after it."""
        found, self.at = [], self.at + 1
        while self.here() in (".", "["):
            found.append(_text(self.here(1)))
            self.at += 2 if self.here() == "." else 3
        return found

    def assignment(self) -> None:
        """``config.a.b = value``; what is not a plain value is opaque."""
        path = self.path()
        if self.here() != "=" or self.here(1) == "=":
            self.put(path[:1], OPAQUE)
            self.past_expression()
        else:
            self.at += 1
            self.put(path, self.value_or_opaque())
        self.skip()

    def value_or_opaque(self) -> Any:
        """A value followed by the end of a statement, a comma or a closing sign; otherwise `OPAQUE`."""
        before = self.at
        try:
            found = self.value()
            if self.here() in (";", ",", "}", "]", "") or self.here() in ("config", "var", "let", "const", "if"):
                return found
        except _Strange:
            pass
        self.at = before
        self.past_expression()
        return OPAQUE

    def value(self) -> Any:
        """A plain value: an object, a list, a text, a number or one of the four words."""
        kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if word == "{":
            return self.an_object()
        if word == "[":
            return self.a_list()
        if kind == "text" and not word.startswith("`"):
            return _text(word)
        if kind == "number":
            return word
        if word in _PLAIN:
            return _PLAIN[word]
        raise _Strange

    def an_object(self) -> dict[str, Any]:
        """After its opening sign."""
        found: dict[str, Any] = {}
        while self.here() != "}":
            kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
            if kind not in ("name", "text", "number") or self.here(1) != ":":
                raise _Strange
            self.at += 2
            found[_text(word)] = self.value_or_opaque()
            self.at += self.here() == ","
        self.at += 1
        return found

    def a_list(self) -> list[Any]:
        """After its opening sign."""
        found = []
        while self.here() != "]":
            if not self.here():
                raise _Strange
            found.append(self.value_or_opaque())
            self.at += self.here() == ","
        self.at += 1
        return found

    def past_expression(self) -> None:
        """To the comma, closing sign or semicolon that ends it."""
        while self.here() and self.here() not in (";", ",", "}", "]", ")"):
            self.past_one()

    def past_one(self) -> None:
        """One token, or everything in brackets."""
        closes = _CLOSES.get(self.here())
        self.at += 1
        while closes and self.here() and self.here() != closes:
            self.past_one()
        self.at += bool(closes)

    def skip(self) -> None:
        """Over the semicolon, if there is one."""
        self.at += self.here() == ";"

    def other(self) -> None:
        """Any other statement: whatever of ``config`` it names may have changed."""
        before = self.at
        self.past_one()
        if self.tokens[before][1] in _CHANGES:
            while self.here() and self.here() not in ("{", ";"):
                self.past_one()
            self.past_one()
        elif self.tokens[before][1] not in ("{", "("):
            self.past_expression()
            self.at += self.here() in (")", "}", "]", ",")
            self.skip()
        self.doubt(self.tokens[before : self.at])

    def doubt(self, tokens: list[tuple[str, str]]) -> None:
        """What of ``config`` these tokens name is opaque; all of it where no part is named."""
        said = [word for _kind, word in tokens]
        for place, word in enumerate(said):
            if word != "config" or (place and said[place - 1] == "."):
                continue
            if said[place + 1 : place + 2] == ["."] and said[place + 2 : place + 3]:
                self.put([said[place + 2]], OPAQUE)
            else:
                self.lost = True

    def put(self, path: list[str], value: Any) -> None:
        """Set a value; without a path it is the whole."""
        if not path:
            self.lost = not isinstance(value, dict)
            self.tree = value if isinstance(value, dict) else {}
            return
        branch = self.tree
        for each in path[:-1]:
            below = branch.get(each)
            if below == OPAQUE:
                return
            if not isinstance(below, dict):
                below = branch[each] = {}
            branch = below
        branch[path[-1]] = value


def _text(token: str) -> str:
    return token[1:-1] if token[:1] in "'\"" and token else token


def read(source: str) -> Mapping[str, Any] | None:
    """Everything plainly set, as a tree; None if the whole of it may have been changed by something we cannot follow."""
    reader = _Reader(source)
    reader.run()
    return None if reader.lost or not reader.tree else reader.tree


def at(tree: Mapping[str, Any], path: str) -> str:
    """The value at ``a.b`` as a word: true, false, a text, ``{}`` for nothing in it, or `MISSING` or `OPAQUE`."""
    found: Any = tree
    for each in path.split("."):
        if found == OPAQUE:
            return OPAQUE
        found = found.get(each, MISSING) if isinstance(found, dict) else MISSING
    if isinstance(found, dict | list):
        return "{}" if not found else "something"
    return str(found)
