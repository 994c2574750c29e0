"""What every command shares: errors as one sentence, exit codes, interruption."""

import signal
import sys

import typer

from vsg_tf.errors import VsgError
from vsg_tf.extras import EXTRAS, missing

EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


def run(app: typer.Typer) -> None:
    """Run `app`; a `VsgError` becomes one sentence on standard error and exit code 2.

    SIGTERM ends it as Ctrl-C does, so that nothing half-written stays behind.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show must not end a run whose work is done.
        stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except VsgError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module not in EXTRAS:
            raise
        print(f"error: {missing(module, EXTRAS[module])}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
    except SystemExit as end:
        if end.code == EXIT_INTERRUPTED:  # Typer's answer to Ctrl-C, which says nothing
            print("Interrupted.", file=sys.stderr)
        raise
