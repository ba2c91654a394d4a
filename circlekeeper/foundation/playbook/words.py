"""The closed sets of words that content may use."""

from enum import StrEnum


class Mode(StrEnum):
    """How firmly a control holds; later is stricter."""

    OFF = "off"
    ADVISE = "advise"
    DEFAULT = "default"
    REQUIRED = "required"
    LOCKED = "locked"

    @property
    def rank(self) -> int:
        return list(Mode).index(self)

    @property
    def binds(self) -> bool:
        """Whether a failing check of this mode closes its gate."""
        return self.rank >= Mode.REQUIRED.rank


class Level(StrEnum):
    """The five levels of the guide's comparison table. Low, medium and high form a ladder; the others stand beside it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    PROFESSIONAL = "professional"
    EXPERIMENTAL = "experimental"


LADDER = (Level.LOW, Level.MEDIUM, Level.HIGH)


class CheckKind(StrEnum):
    """Where an answer comes from."""

    PROBE = "probe"  # read back from a provider
    QUERY = "query"  # counted in our own database
    RECORD = "record"  # something exists: a signature, a key, a test
    ATTEST = "attest"  # a named person says so, with an end date


class Gate(StrEnum):
    """The door a failing check keeps closed."""

    OPEN = "open"  # the group may not open
    FIRST_LINK = "first-link"  # a member gets no meeting link
    START = "start"  # a meeting may not start
    WATCH = "watch"  # nothing closes; it is shown


class Proof(StrEnum):
    """How a person may know what they attest."""

    SEEN = "seen"
    TESTED = "tested"
    DOCUMENT = "document"
    ADVISER = "adviser"
    TRAINING = "training"


class Principle(StrEnum):
    """The six principles of trauma-informed care (SAMHSA, SMA 14-4884)."""

    SAFETY = "safety"
    TRUST = "trust"
    PEERS = "peers"
    COLLABORATION = "collaboration"
    VOICE = "voice"
    CULTURE = "culture"


class SettingKind(StrEnum):
    """How two values of a setting compare."""

    MOST = "most"  # a ceiling: fewer is stricter
    LEAST = "least"  # a floor: more is stricter
    WITHIN = "within"  # a duration: shorter is stricter
    CHOICE = "choice"  # words, loosest first


class Start(StrEnum):
    """The event a retention clock runs from."""

    LEFT_OR_LAST_ATTENDED = "left-or-last-attended"
    DECIDED = "decided"
    HELD = "held"
    WRITTEN = "written"
    ENDED = "ended"
    CLOSED = "closed"
    CONSENT_ENDED = "consent-ended"


class End(StrEnum):
    """What happens to a record at the end of its period."""

    SHRED = "shred"
    DELETE = "delete"


class SetBy(StrEnum):
    """Who must answer before a period exists at all."""

    ADVISER = "adviser"
    PROJECT = "project"
