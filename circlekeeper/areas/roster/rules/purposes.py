"""Which purpose of consent each part of a record is kept for (CON1)."""

# Part of the record -> the purpose it is kept for. What a purpose covers is destroyed when it is taken back (CON2).
PURPOSE_OF = {
    "alias": "join",
    "intake": "join",
    "contact": "contact",
    "emergency": "emergency",
    "access": "access-needs",
}
# Parts that can be taken back alone; without the others there is no record.
PART_OF = {purpose: part for part, purpose in PURPOSE_OF.items() if purpose != "join"}
