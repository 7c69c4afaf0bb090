"""Grounds that things move over: boards, tiles, steel, floors and real pictures, lit by an infrared lamp."""

from __future__ import annotations

import math

import cv2
import numpy as np

from rodent_common import Photo


def ground(rng, shape, photos: list[Photo]) -> np.ndarray:
    """float32 [H, W], 0..255 and above where the lamp over-exposes."""
    height, width = shape
    kind = rng.random()
    if kind < 0.3:
        x = _board(rng, shape)
    elif kind < 0.45:
        x = _tiles(rng, shape)
    elif kind < 0.55:
        x = _steel(rng, shape)
    else:
        x = _picture(rng, shape, photos)
    mean = float(x.mean())
    span = float(np.exp(rng.uniform(math.log(0.15), math.log(1.1))))
    x = (x - mean) * span + rng.uniform(35, 235)
    if rng.random() < 0.75:
        x *= _lamp(rng, shape)
    if rng.random() < 0.2:  # things lie about
        for _ in range(int(rng.integers(1, 5))):
            box = cv2.boxPoints(((rng.uniform(0, width), rng.uniform(0, height)), (rng.uniform(0.05, 0.5) * width, rng.uniform(0.05, 0.5) * width), rng.uniform(0, 90)))
            patch = np.zeros(shape, np.float32)
            cv2.fillPoly(patch, [box.astype(np.int32)], 1.0)
            x = x * (1 - patch) + patch * (x * rng.uniform(0.3, 1.5) + rng.uniform(-30, 30))
    return np.maximum(x, 0).astype(np.float32)


def _lamp(rng, shape) -> np.ndarray:
    height, width = shape
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    cx, cy = width * rng.uniform(0.2, 0.8), height * rng.uniform(0.2, 0.8)
    away = ((xs - cx) ** 2 + (ys - cy) ** 2) / (width * rng.uniform(0.3, 1.0)) ** 2
    return (rng.uniform(0.3, 0.8) + rng.uniform(0.3, 1.6) * np.exp(-away)).astype(np.float32)


def _noise(rng, shape, grain: float) -> np.ndarray:
    small = rng.normal(0, 1, (max(2, int(shape[0] / grain)), max(2, int(shape[1] / grain)))).astype(np.float32)
    return cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC)


def _board(rng, shape) -> np.ndarray:
    x = 150 + rng.uniform(1, 20) * _noise(rng, shape, 60) + rng.uniform(0, 12) * _noise(rng, shape, 6) + rng.uniform(0, 8) * _noise(rng, shape, 1.5)
    for _ in range(int(rng.integers(0, 25))):  # crumbs and stains
        at = (int(rng.uniform(0, shape[1])), int(rng.uniform(0, shape[0])))
        cv2.ellipse(x, at, (int(rng.uniform(1, 8)), int(rng.uniform(1, 5))), rng.uniform(0, 180), 0, 360, float(rng.uniform(40, 240)), -1)
    return x


def _tiles(rng, shape) -> np.ndarray:
    height, width = shape
    x = _board(rng, shape)
    step = int(rng.uniform(0.08, 0.4) * width)
    gap = int(rng.integers(1, 4))
    lines = np.zeros((2 * height + 2 * width, 2 * height + 2 * width), np.float32)
    for at in range(0, lines.shape[0], step):
        lines[at : at + gap] = lines[:, at : at + gap] = 1
    size = lines.shape[0]
    matrix = cv2.getRotationMatrix2D((size / 2, size / 2), rng.uniform(0, 90), 1.0)
    matrix[:, 2] += np.array([width, height]) / 2 - size / 2
    lines = cv2.warpAffine(lines, matrix, (width, height))
    return x + lines * rng.uniform(-90, 60)


def _steel(rng, shape) -> np.ndarray:
    x = _noise(rng, (shape[0], 4), 1.0)[:, :1] * rng.uniform(2, 15) + 140 + 30 * _noise(rng, shape, 80)
    x = np.ascontiguousarray(np.broadcast_to(x, shape)).astype(np.float32)
    for _ in range(int(rng.integers(1, 6))):  # edges and reflections
        at = int(rng.uniform(0, shape[1]))
        cv2.line(x, (at, 0), (at + int(rng.normal(0, 60)), shape[0]), float(rng.uniform(30, 255)), int(rng.integers(1, 9)))
    return x.T.copy() if shape[0] == shape[1] else x


def _picture(rng, shape, photos: list[Photo]) -> np.ndarray:
    """A piece of a picture, stretched to the frame."""
    height, width = shape
    photo = photos[int(rng.integers(len(photos)))]
    grey = photo.grey if photo.kind != "ir" or not photo.boxes else photo.grey[: photo.grey.shape[0] // 3]
    h, w = grey.shape
    part = rng.uniform(0.4, 1.0)
    ch, cw = max(16, int(min(h, w * height / width) * part)), max(16, int(min(w, h * width / height) * part))
    top, left = int(rng.integers(0, h - ch + 1)), int(rng.integers(0, w - cw + 1))
    x = cv2.resize(grey[top : top + ch, left : left + cw], (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return x[:, ::-1].copy() if rng.random() < 0.5 else x
