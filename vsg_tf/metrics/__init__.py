"""Measures: arrays in, numbers out. Nothing here reads a file or knows a model."""
