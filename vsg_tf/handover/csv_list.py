"""Events as our own list, one file a layer, which keeps everything."""

from vsg_tf.handover.written import FOLDER_OF_MARKERS, Written
from vsg_tf.timing.lists import write_timing
from vsg_tf.timing.timing import Timing


def write(written: Written) -> None:
    """Write `markers/LAYER.csv` for each layer."""
    folder = written.folder / FOLDER_OF_MARKERS
    folder.mkdir(exist_ok=True)
    for layer in written.layers:
        timing = Timing(float(written.session.duration_s), layer.events)
        write_timing(folder / f"{layer.slug}.csv", timing)
