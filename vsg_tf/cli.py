"""The `vsg` console script: every command in one place."""

import typer

from vsg_tf.command import run


def main() -> None:
    """Entry point of `vsg`."""
    # The command modules are light: TensorFlow and the like are imported when a command runs.
    from vsg_tf import evaluate, export_model, generate, prepare, serve, train, weights

    app = typer.Typer(
        help="Sound for a silent clip, in the timbre of a reference recording.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.add_typer(prepare.app, name="prepare")
    app.command("train")(train.train)
    app.command("generate")(generate.generate)
    app.command("export")(export_model.export)
    app.add_typer(evaluate.app, name="evaluate")
    app.command("serve")(serve.serve)
    app.add_typer(weights.app, name="weights")
    run(app)
