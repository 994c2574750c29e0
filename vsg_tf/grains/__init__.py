"""A recording's own waveform, rearranged: NumPy and SciPy alone, no networks."""
