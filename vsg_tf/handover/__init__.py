"""What an editor takes along: stems, items, sessions, markers and a report, in one folder."""
