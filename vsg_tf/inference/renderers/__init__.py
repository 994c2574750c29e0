"""Ways from what the networks decoded to a waveform; see docs/renderers.md."""
