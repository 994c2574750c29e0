"""Text as spreadsheets and editors save it."""

from pathlib import Path

from vsg_tf.errors import InputError

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def is_text(head: bytes) -> bool:
    """Whether a file that begins with these bytes is text."""
    return head.startswith(_UTF16) or b"\0" not in head


def decode(content: bytes) -> str:
    """Text of UTF-8 or UTF-16 with or without a byte-order mark, else of Latin-1."""
    if content.startswith(_UTF16):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        InputError: it cannot be read, or is not text.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read the list {path}; check its permissions.") from error
    if not is_text(content):
        raise InputError(f"{path} is damaged or no text; export the list again.")
    return decode(content)
