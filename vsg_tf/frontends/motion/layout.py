"""The layout of motion features; light to import, as the configuration needs it."""

WIDTH, HEIGHT = 96, 64  # pixels of the pictures measured
GRID = 4  # cells along each side
CELLS = GRID * GRID
CELL_QUANTITIES = (
    "difference",
    "brightening",
    "flash",
    "raw_speed",
    "speed",
    "top_speed",
    "velocity_x",
    "velocity_y",
    "divergence",
    "acceleration",
    "speed_change",
    "luma",
    "saturation",
    "curl",
)
GLOBAL_QUANTITIES = (
    "camera_x",
    "camera_y",
    "camera_speed",
    "camera_acceleration",
    "luma",
    "brightening",
    "top_speed",
    "top_difference",
    "top_acceleration",
    "cut",
)
ROW = CELLS * len(CELL_QUANTITIES) + len(GLOBAL_QUANTITIES)  # what is measured at a picture

# Quantities that are given a second time, normalised within their own cell.
REPEATED = tuple(CELL_QUANTITIES.index(name) for name in ("difference", "speed", "acceleration"))
CELL_CHANNELS = len(CELL_QUANTITIES) + len(REPEATED)
FEATURE_WIDTH = CELLS * CELL_CHANNELS + len(GLOBAL_QUANTITIES)
