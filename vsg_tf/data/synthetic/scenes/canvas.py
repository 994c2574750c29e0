"""A picture that sprites are drawn on, in reference units that do not depend on its size."""

import cv2
import numpy as np

REFERENCE_HEIGHT = 128.0  # units from top to bottom of every picture; the width follows


def texture(
    rng: np.random.Generator,
    height: int,
    width: int,
    base: float | None = None,
    contrast: float | None = None,
    detail: float = 1.0,
) -> np.ndarray:
    """Random smooth texture with a few hard shapes, `[height, width]` float32 around `base`.

    Args:
        rng: source of chance.
        height: pixels.
        width: pixels.
        base: mean brightness, 0..255; None draws one.
        contrast: standard deviation; None draws one.
        detail: pixels per reference unit, so that large pictures get no finer a texture.
    """
    contrast = rng.uniform(10, 60) if contrast is None else contrast
    base = rng.uniform(30, 220) if base is None else base
    pattern = np.zeros((height, width), np.float32)
    for grain in (4, 10, 30):
        rows = max(2, int(height / detail * grain / REFERENCE_HEIGHT))
        columns = max(2, int(width / detail * grain / REFERENCE_HEIGHT))
        noise = rng.standard_normal((rows, columns)).astype(np.float32)
        noise = cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)
        pattern += noise * rng.uniform(0.2, 1)
    pattern *= contrast / (pattern.std() + 1e-6)
    if rng.random() < 0.4:
        for _ in range(rng.integers(1, 12)):
            first = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
            second = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
            value = float(rng.normal() * contrast)
            if rng.random() < 0.5:
                cv2.rectangle(pattern, first, second, value, -1)
            else:
                cv2.line(pattern, first, second, value, max(1, int(rng.integers(1, 6) * detail)))
    return np.clip(pattern + base, 0, 255)


class Sprite:
    """A textured shape.

    Args:
        rng: draws texture, outline and tint.
        width: reference units.
        height: reference units.
        shape: `ellipse`, `rectangle` or `polygon`.
        pixels: pixels per reference unit.
        channels: 1 (grey) or 3 (tinted).
        base: mean brightness; None draws one.
    """

    def __init__(self, rng, width, height, shape, pixels, channels, base=None):
        self.width, self.height, self.pixels = float(width), float(height), pixels
        columns = max(2, round(width * pixels)) + 2
        rows = max(2, round(height * pixels)) + 2
        grey = texture(rng, rows, columns, base, rng.uniform(5, 40), pixels)
        self.mask = np.zeros((rows, columns), np.float32)
        if shape == "ellipse":
            axes = (max(1, columns // 2 - 2), max(1, rows // 2 - 2))
            cv2.ellipse(self.mask, (columns // 2, rows // 2), axes, 0, 0, 360, 1, -1)
        elif shape == "rectangle":
            self.mask[1:-1, 1:-1] = 1
        else:
            corners = int(rng.integers(5, 9))
            angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
            radius = rng.uniform(0.6, 0.95, (2, corners))
            outline = np.stack(
                [
                    columns / 2 * (1 + np.cos(angle) * radius[0]),
                    rows / 2 * (1 + np.sin(angle) * radius[1]),
                ],
                axis=1,
            )
            cv2.fillPoly(self.mask, [outline.astype(np.int32)], 1)
        self.texture = grey[..., None]
        if channels == 3:
            self.texture = np.clip(self.texture * rng.uniform(0.55, 1.3, 3).astype("f4"), 0, 255)


class Canvas:
    """One frame, float32 `[height, width, channels]` with 0..255.

    Args:
        frame: drawn on in place.
    """

    def __init__(self, frame: np.ndarray):
        self.frame = frame
        self.scale = frame.shape[0] / REFERENCE_HEIGHT

    def draw(
        self,
        sprite: Sprite,
        x: float,
        y: float,
        angle: float = 0.0,
        stretch: tuple[float, float] = (1.0, 1.0),
        pivot: tuple[float, float] = (0.5, 0.5),
        alpha: float = 1.0,
    ) -> None:
        """Draw a sprite with its `pivot` (0..1 of its sides) at `x, y` (reference units).

        Args:
            sprite: what to draw.
            x: to the right.
            y: downwards.
            angle: radians, clockwise.
            stretch: factors along the sprite's own sides.
            pivot: point of the sprite that lies at `x, y` and that it turns about.
            alpha: opacity.
        """
        rows, columns = sprite.mask.shape
        cosine, sine = np.cos(angle), np.sin(angle)
        matrix = np.array(
            [[cosine * stretch[0], -sine * stretch[1]], [sine * stretch[0], cosine * stretch[1]]]
        )
        origin = np.array([x, y]) * self.scale
        origin = origin - matrix @ (np.array(pivot) * [columns, rows])
        corners = (matrix @ np.array([[0, columns, 0, columns], [0, 0, rows, rows]])).T + origin
        height, width = self.frame.shape[:2]
        left, top = np.maximum(0, np.floor(corners.min(0))).astype(int)
        right, bottom = np.minimum([width, height], np.ceil(corners.max(0)) + 1).astype(int)
        if right - left < 1 or bottom - top < 1:
            return
        size = (int(right - left), int(bottom - top))
        affine = np.concatenate([matrix, (origin - [left, top])[:, None]], axis=1)
        mask = cv2.warpAffine(sprite.mask, affine, size)[..., None] * np.float32(alpha)
        colours = cv2.warpAffine(sprite.texture, affine, size).reshape(*mask.shape[:2], -1)
        region = self.frame[top:bottom, left:right]
        region += mask * (colours - region)

    def glow(self, x: float, y: float, radius: float, brightness: float, overall: float) -> None:
        """Add light: `brightness` (0..255) around `x, y`, `overall` everywhere."""
        height, width = self.frame.shape[:2]
        column = np.arange(width, dtype=np.float32) / self.scale - x
        row = np.arange(height, dtype=np.float32) / self.scale - y
        across = np.exp(-(column**2) / (2 * radius**2))
        down = np.exp(-(row**2) / (2 * radius**2))
        self.frame += (brightness * np.outer(down, across) + overall)[..., None]

    def dots(self, xs: np.ndarray, ys: np.ndarray, brightness: float, radius: float = 1.0) -> None:
        """Small discs at `xs, ys`; of one brightness, 0..255."""
        size = max(1, round(radius * self.scale))
        value = (brightness,) * self.frame.shape[2]
        for x, y in zip(xs * self.scale, ys * self.scale, strict=True):
            cv2.circle(self.frame, (int(x), int(y)), size, value, -1)
