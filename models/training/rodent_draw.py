"""Drawn shapes on real backgrounds, for training only: rats from above, insects with long legs, shadows, dust. Never for figures."""

from __future__ import annotations

import math

import cv2
import numpy as np

UP = 4  # shapes are drawn larger and averaged


def _paint(ground: np.ndarray, mask: np.ndarray, rng: np.random.Generator, bright_odds: float) -> np.ndarray:
    """Lays a shape (0..1) over the ground, darker or brighter than it, with a little fur."""
    size = ground.shape[0]
    mean = float(ground.mean())
    if rng.random() < bright_odds:
        level = min(255.0, mean + rng.uniform(40, 150))
    else:
        level = max(0.0, mean - rng.uniform(40, 150))
    fur = cv2.resize(rng.normal(0, 1, (size // 2, size // 2)).astype(np.float32), (size, size))
    shade = cv2.resize(rng.normal(0, 1, (3, 3)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    body = level + fur * rng.uniform(2, 10) + shade * rng.uniform(2, 18)
    return np.clip(ground * (1 - mask) + body * mask, 0, 255)


def _canvas(size: int) -> np.ndarray:
    return np.zeros((size * UP, size * UP), np.float32)


def _shrunk(mask: np.ndarray, size: int) -> np.ndarray:
    return cv2.resize(mask, (size, size), interpolation=cv2.INTER_AREA)


def _curve(start, angle: float, length: float, bend: float, wave: float, steps: int = 14) -> np.ndarray:
    points = [np.array(start, float)]
    for i in range(steps):
        angle += bend / steps + wave * math.sin(3 * i / steps)
        points.append(points[-1] + length / steps * np.array([math.cos(angle), math.sin(angle)]))
    return np.array(points, np.int32).reshape(-1, 1, 2)


def rat(ground: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A rat or mouse from above or aslant: pear-shaped body, narrow head, ears, tail; often only a part of it."""
    size = ground.shape[0]
    mask = _canvas(size)
    full = size * UP
    angle = rng.uniform(0, 2 * math.pi)
    length = full * rng.uniform(0.2, 0.36)
    width = length * rng.uniform(0.34, 0.52)
    middle = np.array([full / 2, full / 2]) + rng.normal(0, full * 0.07, 2)
    along = np.array([math.cos(angle), math.sin(angle)])
    across = np.array([-along[1], along[0]])
    degrees = math.degrees(angle)

    def blob(at, a: float, b: float) -> None:
        cv2.ellipse(mask, tuple(int(v) for v in at), (max(1, int(a)), max(1, int(b))), degrees, 0, 360, 1.0, -1)

    tail = _curve(middle - along * length * 0.8, angle + math.pi + rng.normal(0, 0.3), length * rng.uniform(1.0, 1.9),
                  rng.normal(0, 1.1), rng.normal(0, 0.12))
    thick = max(2, int(width * rng.uniform(0.08, 0.16)))
    cv2.polylines(mask, [tail], False, rng.uniform(0.5, 1.0), thick)
    blob(middle - along * length * 0.25, length * 0.6, width)
    blob(middle + along * length * 0.35, length * 0.5, width * 0.75)
    head = middle + along * length * 0.85 + across * rng.normal(0, width * 0.2)
    blob(head, length * 0.34, width * 0.45)
    for side in (-1, 1):
        blob(head - along * length * 0.16 + across * side * width * 0.42, width * 0.2, width * 0.2)
        for at in (-0.5, 0.4):
            if rng.random() < 0.5:
                foot = middle + along * length * (at + rng.normal(0, 0.12)) + across * side * width * 1.0
                blob(foot, width * 0.25, width * 0.12)
    return _paint(ground, _shrunk(mask, size), rng, 0.25)


def insect(ground: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A cricket, weta, beetle, cockroach, spider or harvestman: small body, bent thin legs, feelers."""
    size = ground.shape[0]
    mask = _canvas(size)
    full = size * UP
    angle = rng.uniform(0, 2 * math.pi)
    harvestman = rng.random() < 0.3
    length = full * (rng.uniform(0.03, 0.08) if harvestman else rng.uniform(0.1, 0.28))
    width = length * rng.uniform(0.3, 0.8)
    middle = np.array([full / 2, full / 2]) + rng.normal(0, full * 0.06, 2)
    along = np.array([math.cos(angle), math.sin(angle)])
    across = np.array([-along[1], along[0]])
    segments = int(rng.integers(1, 5))
    for i in range(segments):
        at = middle + along * length * (i / segments - 0.4) * 1.6
        share = rng.uniform(0.5, 1.0) / max(1, segments - 1)
        cv2.ellipse(mask, tuple(int(v) for v in at), (max(1, int(length * share)), max(1, int(width * rng.uniform(0.6, 1)))),
                    math.degrees(angle), 0, 360, 1.0, -1)
    reach = full * rng.uniform(0.25, 0.45)
    thick = max(1, int(full * rng.uniform(0.004, 0.016)))
    pairs = 4 if harvestman or rng.random() < 0.3 else 3
    for side in (-1, 1):
        for i in range(pairs):
            root = middle + along * length * (i / pairs - 0.4) + across * side * width * 0.7
            out = angle + side * (math.pi / 2 + (0.5 - i / max(1, pairs - 1)) * rng.uniform(0.6, 2.2))
            first = reach * rng.uniform(0.35, 0.6)
            knee = root + first * np.array([math.cos(out), math.sin(out)])
            bend = out - side * rng.uniform(-0.3, 1.3)
            foot = knee + (reach - first) * np.array([math.cos(bend), math.sin(bend)])
            line = np.array([root, knee, foot], np.int32).reshape(-1, 1, 2)
            cv2.polylines(mask, [line], False, rng.uniform(0.6, 1.0), thick * (2 if i == pairs - 1 and rng.random() < 0.4 else 1))
        if rng.random() < 0.6:
            feeler = _curve(middle + along * length, angle + side * rng.uniform(0.1, 0.7), reach * rng.uniform(0.5, 1.4),
                            rng.normal(0, 0.8), 0.0)
            cv2.polylines(mask, [feeler], False, 0.7, max(1, thick // 2))
    return _paint(ground, _shrunk(np.clip(mask, 0, 1), size), rng, 0.25)


def blob(ground: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What else a camera takes for motion: soft shadows, light patches, dust and drops near the lens, cables, edges of doors."""
    size = ground.shape[0]
    mask = _canvas(size)
    full = size * UP
    what = rng.integers(0, 5)
    middle = rng.uniform(0.3, 0.7, 2) * full
    if what == 0:  # shadow or light patch with a straight edge
        normal = rng.uniform(0, 2 * math.pi)
        ys, xs = np.mgrid[0:full, 0:full]
        mask = (((xs - middle[0]) * math.cos(normal) + (ys - middle[1]) * math.sin(normal)) > 0).astype(np.float32)
    elif what == 1:  # soft patch
        axes = (int(full * rng.uniform(0.1, 0.4)), int(full * rng.uniform(0.1, 0.4)))
        cv2.ellipse(mask, tuple(int(v) for v in middle), axes, rng.uniform(0, 360), 0, 360, 1.0, -1)
        mask = cv2.GaussianBlur(mask, (0, 0), full * rng.uniform(0.04, 0.15))
    elif what == 2:  # streaks of dust or rain
        for _ in range(int(rng.integers(1, 5))):
            start = rng.uniform(0.1, 0.9, 2) * full
            end = start + rng.normal(0, full * 0.25, 2)
            cv2.line(mask, tuple(int(v) for v in start), tuple(int(v) for v in end), 1.0, int(full * rng.uniform(0.01, 0.06)) + 1)
        mask = cv2.GaussianBlur(mask, (0, 0), full * rng.uniform(0.005, 0.03))
    elif what == 3:  # cable, hose, rope
        line = _curve(rng.uniform(0, 1, 2) * full, rng.uniform(0, 6.3), full * 1.2, rng.normal(0, 1.2), rng.normal(0, 0.2), 30)
        cv2.polylines(mask, [line], False, 1.0, int(full * rng.uniform(0.01, 0.08)) + 1)
    else:  # a box or a tool
        box = cv2.boxPoints((tuple(middle), tuple(full * rng.uniform(0.08, 0.6, 2)), rng.uniform(0, 90)))
        cv2.fillPoly(mask, [box.astype(np.int32)], 1.0)
    mask = _shrunk(mask, size) * (rng.uniform(0.2, 0.8) if what < 2 else 1.0)
    return _paint(ground, mask, rng, 0.5)
