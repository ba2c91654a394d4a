"""Lists as hosts really have them, three hundred people each, in the layouts of the services they come from."""

import csv
import io
import zipfile
from collections.abc import Sequence

import openpyxl

PEOPLE = 300
ZOOM_REGISTRANTS = (
    "First Name",
    "Last Name",
    "Email",
    "Registration Time",
    "Approval Status",
    "What brings you here?",
)
ZOOM_ATTENDEES = (
    "Attended", "User Name (Original Name)", "First Name", "Last Name", "Email", "Phone", "Registration Time",
    "Approval Status", "Join Time", "Leave Time", "Time in Session (minutes)", "Is Guest", "What brings you here?",
    "Country/Region Name",
)  # fmt: skip
MEETUP = (
    "Name", "User ID", "Title", "Member ID", "Location", "Joined Group on", "Last visited group on", "Last Attended",
    "Total RSVPs", "RSVPed Yes", "RSVPed Maybe", "RSVPed No", "Meetups attended", "No shows", "Intro", "Photo",
    "Assistant Organizer", "Mailing List", "URL of Member Profile",
)  # fmt: skip
MEETUP_EVENT = (
    "Name", "Attendance", "User ID", "Title", "Event Host", "RSVP", "Guests", "RSVPed on", "Joined Group on",
    "URL of Member Profile", "Notes",
)  # fmt: skip
FORM = (
    "Timestamp",
    "Email Address",
    "What name would you like us to use in the group? (It does not have to be your legal name.)",
    "Is there anything you would like to tell us?",
)
TEMPLATE = ("Name in the group", "Mail", "Telephone")


def mail(n: int) -> str:
    """The address of the n-th person."""
    return f"person{n}@example.org"


def text(rows: Sequence[Sequence[str]], *, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as a text file."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def zoom_registrants(*, encoding: str = "utf-8-sig", count: int = PEOPLE, long: bool = True) -> bytes:
    """The registration report, with its block of report lines (``long``) or only the header."""
    head: list[list[str]] = [
        ["Registration Report"],
        ["Report generated:", "11/20/2026 10:00"],
        ["Topic", "Webinar ID", "Scheduled Time", "Duration (minutes)", "# Registered"],
        ["Evening", "812 3456 7890", "11/24/2026 19:00", "90", str(count)],
        [],
        ["Attendee Details"],
    ]
    rows = [
        [f"Zoë{n}", "Müller", mail(n), "Nov 3, 2026 18:00:00", "approved", f"I lost, someone\nin {n}"]
        for n in range(count)
    ]
    return text([*(head if long else []), list(ZOOM_REGISTRANTS), *rows], encoding=encoding)


def zoom_attendees(*, count: int = PEOPLE) -> bytes:
    """The attendee report: sections for host and panelists, rejoining people, ``--``, trailing commas, stray NULs."""
    lines = [
        "Attendee Report,,,",
        "Report generated:,11/20/2026 10:00,,",
        "Topic,Webinar ID,Actual Start Time,",
        "Evening,812 3456 7890,11/24/2026 19:00,",
        "Host Details,",
        "Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country",
        "Yes,Hosting Person,host@example.org,Nov 24,Nov 24,90,No,Ireland,",
        "Panelist Details,",
        "Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest,Country",
        "Yes,Second Host,second@example.org,Nov 24,Nov 24,90,No,Ireland,",
        "Attendee Details,",
        ",".join(ZOOM_ATTENDEES) + ",",
    ]
    for n in range(count):
        row = f'Yes,Wren{n} (Original),Wren{n},Lark,{mail(n)},--,"Nov 3, 2026 18:00:00",approved,'
        row += '"Nov 24, 2026 19:00:00","11/24/2026 07:30:00 PM",30,Yes,--,Ireland,'
        lines.extend([row, row] if n % 3 == 0 else [row])
    return "\r\n".join(lines).replace("Wren7,", "Wr\0en7,").encode()


def meetup_members(*, encoding: str = "utf-8", count: int = PEOPLE) -> bytes:
    """The member list: tabs in a file often called ``.xls``."""
    rows = [
        [
            f"José {n}", str(1000 + n), "", f"user {1000 + n}", "Leeds", "3/14/2024", "11/1/2026", "", "3", "3", "0",
            "0", "2", "1", "=HYPERLINK(\"http://example.org\")", "Yes", "", "Yes", f"https://example.org/{n}",
        ]
        for n in range(count)
    ]  # fmt: skip
    return text([MEETUP, *rows], separator="\t", encoding=encoding)


def meetup_event(*, count: int = PEOPLE) -> bytes:
    """Attendees of one event."""
    rows = [[f"Kit {n}", "", str(n), "", "", "Yes", "0", "11/1/2026", "3/14/2024", "", ""] for n in range(count)]
    return text([MEETUP_EVENT, *rows], separator="\t")


def form_answers(*, separator: str = ",", encoding: str = "utf-8", count: int = PEOPLE) -> bytes:
    """A form's sheet: each heading is a question, answers hold line breaks."""
    rows = [["11/20/2026 10:00:00", mail(n), f"Ash {n}", "Two\nlines, and a comma"] for n in range(count)]
    return text([FORM, *rows], separator=separator, encoding=encoding)


def template(*, count: int = PEOPLE) -> bytes:
    """Our own empty list, filled in; some people have a telephone only."""
    rows = [[f"Sage {n}", mail(n) if n % 2 else "", "" if n % 2 else f"+44 7700 9{n:05d}"] for n in range(count)]
    return text([TEMPLATE, *rows])


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """Rows as an XLSX file."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bomb(megabytes: int = 80) -> bytes:
    """A small archive that unpacks to far too much."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (megabytes * 1024 * 1024))
    return out.getvalue()


def entities() -> bytes:
    """A workbook whose text multiplies while it is read."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>')
    return out.getvalue()
