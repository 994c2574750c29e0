"""The `vsg` console script: every command in one place, errors as one sentence."""

import sys

import typer

from vsg_tf.errors import VsgError

EXIT_BAD_INPUT = 2
EXIT_INTERRUPTED = 130


def run(app: typer.Typer) -> None:
    """Run `app`; a `VsgError` becomes one sentence on standard error and exit code 2."""
    try:
        app()
    except VsgError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        sys.exit(EXIT_INTERRUPTED)


def main() -> None:
    """Entry point of `vsg`."""
    # The command modules are light: TensorFlow and the like are imported when a command runs.
    from vsg_tf import generate, prepare, train

    app = typer.Typer(
        help="Sound for a silent clip, in the timbre of a reference recording.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.add_typer(prepare.app, name="prepare")
    app.command("train")(train.train)
    app.command("generate")(generate.generate)
    run(app)
