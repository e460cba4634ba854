"""The mail room: what is written to people when something has happened, sent once."""
