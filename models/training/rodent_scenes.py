"""Moving scenes for training and for thresholds: real cut-outs and drawn things over real and made grounds, as a night camera sees them.

They go through the motion stage that serves (rodent_tracks.ts); what it makes of them are the tracks. Scenes are never figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from rodent_actors import Insect, Path, Rat, Sprite
from rodent_common import Photo
from rodent_cutouts import Cutout
from rodent_grounds import ground
from rodent_things import THINGS


@dataclass
class Scene:
    """uint8 [n, H, W], milliseconds [n], where the rodent is (uint8 [n, H, W], or None) and what moves."""

    frames: np.ndarray
    times_ms: np.ndarray
    rodent: np.ndarray | None
    what: str


def _shape(rng) -> tuple[int, int]:
    width = int(rng.choice([320, 480], p=[0.9, 0.1]))
    return int(width * rng.choice([0.5625, 0.75])), width


def _times(rng) -> np.ndarray:
    """Seconds: night bursts of eight over four seconds, or clips that a camera recorded by itself."""
    kind = rng.random()
    if kind < 0.75:
        return np.arange(8) * 0.571
    if kind < 0.87:
        return np.arange(int(rng.integers(10, 17))) * 0.25
    return np.arange(int(rng.integers(10, 17))) / rng.uniform(4, 12)


class Maker:
    """Makes scenes of the pictures of one part. Scene k is the same whatever was made before."""

    def __init__(self, photos: list[Photo], cutouts: list[Cutout], params: dict, seed: int):
        self.params, self.seed = params, seed
        self.photos = [p for p in photos if p.kind in ("background", "people", "ir")]
        self.pools: dict[str, list[Cutout]] = {}
        for one in cutouts:
            self.pools.setdefault(one.kind, []).append(one)
        kinds = params["scenes"]
        self.kinds = list(kinds)
        self.odds = np.array([kinds[kind] for kind in self.kinds], float)
        self.odds /= self.odds.sum()

    def make(self, k: int) -> Scene:
        rng = np.random.default_rng([self.seed, k])
        shape = _shape(rng)
        times = _times(rng)
        base = ground(rng, shape, self.photos)
        while base.mean() > 280 or np.mean(base > 245) > 0.8 or base.mean() < 15:
            base = ground(rng, shape, self.photos)
        what = self.kinds[int(rng.choice(len(self.kinds), p=self.odds))]
        rodent = what.startswith("rodent")
        actors = [self.actor(rng, what, shape, times)] if what != "empty" else []
        if not rodent and what != "empty" and rng.random() < 0.2:
            actors.append(self.actor(rng, what, shape, times))
        if rng.random() < 0.75:  # most stand out from what they cross
            for _ in range(6):
                grey, alpha = actors[0].at(len(times) // 2) if actors else (base, base * 0)
                inside = alpha > 0.5
                if inside.sum() < 20 or abs(float(grey[inside].mean() - base[inside].mean())) > 35:
                    break
                base = ground(rng, shape, self.photos)
        frames, masks = [], []
        camera = Camera(rng, shape, len(times))
        shadow = rng.uniform(0, 0.5) if rng.random() < 0.6 else 0.0
        lag = rng.uniform(1, 8)
        for i in range(len(times)):
            picture = base.copy()
            seen = np.zeros(shape, np.float32)
            for actor in actors:
                grey, alpha = actor.at(i)
                if shadow > 0 and what not in ("light", "steam"):
                    soft = cv2.GaussianBlur(np.roll(alpha, (int(lag), int(lag * 0.6)), (0, 1)), (0, 0), lag * 0.7 + 0.5)
                    picture *= 1 - shadow * soft
                picture = picture * (1 - alpha) + grey * alpha
                seen = np.maximum(seen, alpha)
            frames.append(camera.take(picture, i))
            if rodent:
                masks.append((seen > 0.35).astype(np.uint8))
        return Scene(np.stack(frames), times * 1000.0, np.stack(masks) if rodent else None, what)

    def actor(self, rng, what: str, shape, times):
        height, width = shape
        if what in THINGS:
            return THINGS[what](rng, shape, times)

        def path(length: float, fastest: float, inside: float = 0.5, calm: float = 1.0) -> Path:
            return Path(rng, times, shape, length, float(np.exp(rng.uniform(math.log(0.4), math.log(fastest)))), calm, inside)

        if what in ("rodent_cut", "rodent_drawn"):
            length = width * float(np.exp(rng.uniform(math.log(0.08), math.log(0.85))))
            own = path(length, 3.0 if length > 0.3 * width else 7.0, 0.4)
            if what == "rodent_drawn":
                return Rat(rng, shape, own, length)
            return Sprite(rng, self._pick(rng, "rodent"), shape, own, length)
        if what == "insect_drawn":
            kind = str(rng.choice(["roach", "weta", "spider", "harvestman"], p=[0.3, 0.3, 0.2, 0.2]))
            longest = {"roach": 0.35, "weta": 0.45, "spider": 0.3, "harvestman": 0.12}[kind]
            length = width * float(np.exp(rng.uniform(math.log(0.02), math.log(longest))))
            return Insect(rng, shape, path(length, 6.0, 0.6, 1.5), length, kind)
        kind = {"insect_cut": "insect", "cat": "cat", "animal": "animal", "thing": "thing", "person": "person"}[what]
        low, high = {"insect": (0.04, 0.4), "cat": (0.25, 1.1), "animal": (0.08, 0.8), "thing": (0.06, 0.7), "person": (0.4, 2.0)}[kind]
        length = width * float(np.exp(rng.uniform(math.log(low), math.log(high))))
        return Sprite(rng, self._pick(rng, kind), shape, path(length, 2.0 if kind == "person" else 4.0, 0.4), length)

    def _pick(self, rng, kind: str) -> Cutout:
        pool = self.pools[kind]
        return pool[int(rng.integers(len(pool)))]


class Camera:
    """Exposure that drifts or settles, saturation, a trembling mount, soft optics, noise, clock, JPEG."""

    def __init__(self, rng, shape, count: int):
        self.rng, self.shape = rng, shape
        start = float(np.exp(rng.normal(-0.1, 0.15)))
        self.gains = np.full(count, start)
        if rng.random() < 0.25:  # over-exposed until the control catches up
            self.gains = start * (1 + rng.uniform(0.2, 1.6) * np.exp(-np.arange(count) / rng.uniform(0.5, 6)))
        if rng.random() < 0.2:
            self.gains = self.gains * (1 + 0.06 * rng.standard_normal(count).cumsum().clip(-3, 3))
        self.offset = rng.uniform(-12, 12)
        self.shake = rng.random() < 0.15
        self.blur = rng.choice([0, 0, 0.5, 0.9])
        self.noise = float(np.exp(rng.uniform(math.log(0.6), math.log(6))))
        self.quality = int(rng.integers(35, 92))
        self.clock = rng.random() < 0.25
        self.label = int(rng.integers(0, 50))
        self.scale = shape[1] / 320

    def take(self, picture: np.ndarray, i: int) -> np.ndarray:
        x = picture * self.gains[i] + self.offset
        if self.shake:
            x = np.roll(x, tuple(int(v) for v in self.rng.integers(-1, 2, 2)), (0, 1))
        if self.blur:
            x = cv2.GaussianBlur(x, (0, 0), self.blur * self.scale)
        x = np.clip(x, 0, 255)
        x = x + self.noise * (1.2 - 0.7 * x / 255) * self.rng.standard_normal(self.shape, np.float32)
        out = np.clip(x, 0, 255).astype(np.uint8)
        if self.clock:
            text = f"2026-03-02 01:{self.label:02d}:{(self.label + i // 2) % 60:02d}"
            cv2.putText(out, text, (int(4 * self.scale), int(12 * self.scale)), cv2.FONT_HERSHEY_PLAIN, 0.7 * self.scale, 250, 1)
        _, coded = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
        return cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)
