"""Series, meetings, links, arrivals and what is kept of them."""

from django.db import models

from circlekeeper.areas.meetings.models.services import Choice, Connection, SecondPlace, Seen, Setup, Told
from circlekeeper.foundation.ids import new_id
from circlekeeper.foundation.lifecycle import Clock, Dies, Held

__all__ = [
    "AgendaItem",
    "Answer",
    "Arrival",
    "ArrivalState",
    "Attendance",
    "Choice",
    "Connection",
    "Debrief",
    "Feed",
    "Format",
    "Host",
    "Meeting",
    "MeetingState",
    "NormNote",
    "OwnCard",
    "PersonalLink",
    "Progress",
    "SecondPlace",
    "Seen",
    "Series",
    "Setup",
    "Told",
]


class Format(models.TextChoices):
    """How a meeting is held."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"
    HYBRID = "hybrid"  # some in a room, others from afar: everything that is asked of either is asked

    @property
    def is_online(self) -> bool:
        """Whether anybody comes through another service."""
        return self is not Format.IN_PERSON

    @property
    def by_browser(self) -> bool:
        """Whether those who come from afar go in through a link."""
        return self in (Format.ONLINE, Format.HYBRID)

    @property
    def in_a_room(self) -> bool:
        """Whether anybody comes to a place."""
        return self in (Format.IN_PERSON, Format.HYBRID)


class MeetingState(models.TextChoices):
    """Where one meeting is."""

    PLANNED = "planned"
    DOORS = "doors"  # people are let in
    LOCKED = "locked"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ArrivalState(models.TextChoices):
    """Where one person at the door is."""

    WAITING = "waiting"
    HELD = "held"
    ADMITTED = "admitted"
    LEFT = "left"
    REMOVED = "removed"


def _id() -> "models.CharField[str, str]":
    return models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)


class Series(models.Model):
    """When a group meets, as a wall clock says it there."""

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="times of a group, nothing of a person")

    id = _id()
    group_id = models.CharField(max_length=26, db_index=True)
    format = models.CharField(max_length=10, choices=Format.choices)
    provider = models.CharField(max_length=30, blank=True)
    first_on = models.DateField()
    local_time = models.TimeField()
    time_zone = models.CharField(max_length=64)
    minutes = models.PositiveSmallIntegerField()
    every = models.CharField(max_length=12)
    until = models.DateField(null=True)
    sealed_address = models.BinaryField(null=True)  # an outside link, or where the room is
    address_secret_id = models.CharField(max_length=26, blank=True)
    ended_at = models.DateTimeField(null=True)


class Meeting(models.Model):
    """One meeting of a series, at a fixed moment."""

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="dates of a group, nothing of a person")

    id = _id()
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="meetings")
    group_id = models.CharField(max_length=26, db_index=True)
    local_on = models.DateField()
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    opens_at = models.DateTimeField()  # from when personal links work
    state = models.CharField(max_length=9, choices=MeetingState.choices, default=MeetingState.PLANNED)
    doors_at = models.DateTimeField(null=True)
    lock_after = models.PositiveSmallIntegerField(null=True)  # minutes; None: only a host locks
    locks_at = models.DateTimeField(null=True)  # set when the first person is let in
    opening_card_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)  # something is wrong: nobody new comes in
    closed_at = models.DateTimeField(null=True)
    headcount = models.PositiveSmallIntegerField(null=True)
    moved_to = models.CharField(
        max_length=30, blank=True
    )  # the service of the second place; empty: where it was planned
    moved_at = models.DateTimeField(null=True)
    moved_why = models.CharField(
        max_length=20, blank=True
    )  # what the first service answered; empty: a host moved it

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["series", "local_on"], name="meeting_once_a_day"),
            models.CheckConstraint(condition=models.Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(closed_at__isnull=False, headcount__isnull=False),
                name="meeting_closed_is_counted",
            ),
        )

    @property
    def held_at(self) -> str:
        """The service it is held at: the series', or the second place it was moved to."""
        return self.moved_to or self.series.provider


class AgendaItem(models.Model):
    """One part of an evening, planned for a series. The words are the group's own, about its evenings."""

    held = Held(record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="how evenings go, nothing of a person")

    id = _id()
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="agenda")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["series", "number"], name="one_agenda_item_per_number"),)


class Progress(models.Model):
    """How far a meeting has come in its agenda: the item's number, and since when. One past the last: all done."""

    held = Held(
        record="schedule", clock=Clock.NONE, dies=Dies.NEVER, why="times of an evening, nothing of a person"
    )

    id = _id()
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="progress")
    number = models.PositiveSmallIntegerField()
    since = models.DateTimeField()


class OwnCard(models.Model):
    """A group's own words for a card of the playbook, and how often the card helped: sums, never who used it when."""

    held = Held(
        record="cards", clock=Clock.NONE, dies=Dies.NEVER, why="words and sums of a group, nothing of a person"
    )

    id = _id()
    group_id = models.CharField(max_length=26)
    card = models.CharField(max_length=40)
    words = models.CharField(max_length=600, blank=True)
    used = models.PositiveIntegerField(default=0)
    helped = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group_id", "card"], name="meetings_card_once_a_group"),
            models.CheckConstraint(condition=models.Q(helped__lte=models.F("used")), name="meetings_card_helped"),
        )


class PersonalLink(models.Model):
    """One member's own way into one meeting. The token is kept as a hash; it dies with the meeting's close."""

    held = Held(record="attendance", clock=Clock.DUE_ON, dies=Dies.DELETE)

    id = _id()
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="links")
    group_id = models.CharField(max_length=26)
    member_id = models.CharField(max_length=26, db_index=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    device_hash = models.BinaryField(max_length=32, null=True)
    offered_how = models.CharField(max_length=12, blank=True)
    offered_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    due_on = models.DateField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "member_id"],
                condition=models.Q(revoked_at__isnull=True),
                name="one_live_link_per_member",
            ),
        )


class Arrival(models.Model):
    """Someone at the door: one device with one link. Deleted when the meeting closes."""

    held = Held(record="attendance", clock=Clock.DUE_ON, dies=Dies.DELETE)

    id = _id()
    link = models.ForeignKey(PersonalLink, on_delete=models.CASCADE, related_name="arrivals")
    meeting_id = models.CharField(max_length=26, db_index=True)
    group_id = models.CharField(max_length=26)
    device_hash = models.BinaryField(max_length=32)
    state = models.CharField(max_length=8, choices=ArrivalState.choices, default=ArrivalState.WAITING)
    unverified = models.BooleanField(default=False)
    arrived_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    asked = models.CharField(max_length=7, blank=True)  # a question of a host, one of ``rules.Asked``
    answered = models.CharField(max_length=3, blank=True)  # yes or no
    inside_at = models.DateTimeField(null=True)  # let in for the first time; what attendance is counted from
    due_on = models.DateField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["link", "device_hash"], name="one_arrival_per_device"),
            models.UniqueConstraint(
                fields=["link"], condition=models.Q(state="admitted"), name="one_device_inside_per_link"
            ),
            models.CheckConstraint(condition=models.Q(state__in=ArrivalState.values), name="arrival_state_known"),
        )


class Attendance(models.Model):
    """That a member was at a meeting: sealed under the day's bucket key, so the day can be forgotten as one."""

    held = Held(record="attendance", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    meeting_id = models.CharField(max_length=26, db_index=True)
    group_id = models.CharField(max_length=26)
    secret_id = models.CharField(max_length=26, db_index=True)
    sealed = models.BinaryField()
    due_on = models.DateField(db_index=True)


class NormNote(models.Model):
    """A private note to a member about what was agreed: the step and words, sealed for them and for those who lead."""

    held = Held(record="messages", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    group_id = models.CharField(max_length=26)
    member_id = models.CharField(max_length=26, db_index=True)
    sent_on = models.DateField()
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    told_blob = models.BinaryField()
    told_wrap = models.BinaryField()
    due_on = models.DateField(db_index=True)


class Feed(models.Model):
    """The address from which a member's own calendar reads the times. The token is kept as a hash."""

    held = Held(record="roster", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    member_id = models.CharField(max_length=26, unique=True)
    group_id = models.CharField(max_length=26)
    token_hash = models.BinaryField(max_length=32, unique=True)
    made_on = models.DateField()


class Host(models.Model):
    """Who carries which part of a meeting."""

    held = Held(record="staffing", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="hosts")
    person_id = models.CharField(max_length=26)
    part = models.CharField(max_length=10)
    confirmed_at = models.DateTimeField(null=True)
    absent_at = models.DateTimeField(null=True)  # somebody saw that they are not here
    stands_in_for = models.CharField(max_length=26, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["meeting", "person_id", "part"], name="one_part_once"),)


class Pin(models.Model):
    """The digits with which one person calls in to one meeting: good for one call, kept as a keyed hash (FMT13).

    ``call_mark``: a keyed hash of the name the phone service has for the call, so that the same call is known when the
    service asks again. Nothing of the caller's number is kept, no hash of it either.
    """

    held = Held(record="attendance", clock=Clock.DUE_ON, dies=Dies.DELETE)

    id = _id()
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="pins")
    group_id = models.CharField(max_length=26)
    link = models.OneToOneField(PersonalLink, on_delete=models.CASCADE, null=True, related_name="pin")
    host = models.OneToOneField(Host, on_delete=models.CASCADE, null=True, related_name="pin")
    pin_hash = models.BinaryField(max_length=32)
    call_mark = models.BinaryField(max_length=32, null=True)
    used_at = models.DateTimeField(null=True)
    due_on = models.DateField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["group_id", "pin_hash"], name="one_person_per_pin"),
            models.CheckConstraint(
                condition=models.Q(link__isnull=True) ^ models.Q(host__isnull=True), name="pin_of_one_person"
            ),
        )


class Debrief(models.Model):
    """Two questions to those who hosted, after the meeting: how it was and what needs following up. Sealed, for staff."""

    held = Held(record="debriefs", clock=Clock.DUE_ON, dies=Dies.SHRED)

    id = _id()
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="debrief")
    group_id = models.CharField(max_length=26)
    by = models.CharField(max_length=26)
    at = models.DateTimeField()
    follow_up = models.BooleanField()
    followed_at = models.DateTimeField(null=True)
    secret_id = models.CharField(max_length=26)
    blob = models.BinaryField()
    wrap = models.BinaryField()
    due_on = models.DateField(db_index=True)


class Answer(models.Model):
    """One dated answer to one point of a meeting's checklist: a probe's result or a named person's word."""

    held = Held(record="checklist", clock=Clock.NONE, dies=Dies.WITH_OWNER)

    id = _id()
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="answers")
    point = models.CharField(max_length=60)
    evidence = models.CharField(max_length=20)
    holds = models.BooleanField()
    by = models.CharField(max_length=26)
    at = models.DateTimeField()
