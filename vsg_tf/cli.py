"""The `vsg` console script: every command in one place."""

import importlib

import typer
from typer.core import TyperCommand, TyperGroup

from vsg_tf import __version__
from vsg_tf.command import run

# Name, module and what the list of commands says. A command's module is imported when it is called.
COMMANDS = {
    "generate": ("vsg_tf.generate", "Sound for a video, in the timbre of a reference recording."),
    "studio": ("vsg_tf.studio_command", "See, hear and move the events of a clip in a browser."),
    "render": ("vsg_tf.render", "A project of the studio into a video or a sound."),
    "prepare": ("vsg_tf.prepare", "Recordings and clips into data for training."),
    "train": ("vsg_tf.train", "Train a generator on prepared data."),
    "data-service": ("vsg_tf.data_service", "Make batches for training on other machines."),
    "runs": ("vsg_tf.runs", "How far the training runs of a folder are."),
    "evaluate": ("vsg_tf.evaluate", "Measure models and baselines on pairs."),
    "export": ("vsg_tf.export_model", "Write a trained model for other programs."),
    "serve": ("vsg_tf.serve", "Serve an exported model over gRPC."),
    "weights": ("vsg_tf.weights", "Pretrained weights of visual networks, from files you got."),
}


class LazyGroup(TyperGroup):
    """Commands that are imported one at a time."""

    def list_commands(self, ctx) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx, name):
        """What the list of commands shows of one."""
        if name not in COMMANDS:
            return None
        return TyperCommand(name, help=COMMANDS[name][1])

    def resolve_command(self, ctx, args):
        name, command, rest = super().resolve_command(ctx, args)
        module = importlib.import_module(COMMANDS[command.name][0])
        return name, typer.main.get_command(module.app), rest


app = typer.Typer(
    cls=LazyGroup, pretty_exceptions_enable=False, add_completion=False, no_args_is_help=True
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"vsg {__version__}")
        raise typer.Exit


@app.callback()
def vsg(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """Sound for a silent clip, in the timbre of a reference recording."""


def main() -> None:
    """Entry point of `vsg`."""
    run(app)
