"""A recording's own waveform, played anew: NumPy alone, no networks."""
