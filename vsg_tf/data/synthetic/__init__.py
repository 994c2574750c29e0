"""Clips made from cut recordings or rendered sounds, and drawn scenes; nothing is downloaded."""
