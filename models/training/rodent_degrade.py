"""Makes a clean crop look as a night-infrared security camera shows it."""

from __future__ import annotations

import math

import cv2
import numpy as np


def degrade(grey: np.ndarray, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    """uint8 [S, S] in and out. `strength` 0..1 scales how often and how hard."""
    size = grey.shape[0]
    x = grey.astype(np.float32)
    if rng.random() < 0.12 * strength:
        x = 255 - x  # fur that shines in infrared, light floors that do not
    if rng.random() < 0.8 * strength:  # contrast and level, clipped as a sensor does
        span = float(np.exp(rng.uniform(math.log(0.25), math.log(1.8))))
        x = np.clip((x - x.mean()) * span + rng.uniform(20, 235), 0, 255)
    if rng.random() < 0.3 * strength:  # over-exposed by an infrared lamp
        x = np.clip(x * rng.uniform(1.2, 2.6), 0, 255)
    if rng.random() < 0.4 * strength:  # light fall-off across the crop
        ys, xs = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
        slope = xs * rng.normal(0, 0.3) + ys * rng.normal(0, 0.3) - (xs**2 + ys**2) * rng.uniform(-0.1, 0.25)
        x = np.clip(x * (1 + slope), 0, 255)
    if rng.random() < 0.7 * strength:  # few pixels
        small = int(np.exp(rng.uniform(math.log(14), math.log(size))))
        shrunk = cv2.resize(x, (small, small), interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            shrunk += rng.normal(0, rng.uniform(1, 10), shrunk.shape)
        x = cv2.resize(np.clip(shrunk, 0, 255).astype(np.float32), (size, size), interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.35 * strength:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(0.5, 2.5) if rng.random() < 0.7 else rng.uniform(2.5, 5.5))  # before the lens
    if rng.random() < 0.35 * strength:
        x = cv2.filter2D(x, -1, _smear(int(rng.integers(3, 12)), rng.uniform(0, 180)))
    if rng.random() < 0.6 * strength:
        x = x + rng.normal(0, rng.uniform(1, 18), x.shape)
    x = np.clip(x, 0, 255).astype(np.uint8)
    if rng.random() < 0.5 * strength:
        _, coded = cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(12, 80))])
        x = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
    return x


def _smear(length: int, degrees: float) -> np.ndarray:
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    matrix = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), degrees, 1)
    kernel = cv2.warpAffine(kernel, matrix, (length, length))
    return kernel / max(kernel.sum(), 1e-6)
