"""Crops for training, by kind (rodent.yml, `mix`), and fixed crops for validation and test."""

from __future__ import annotations

import numpy as np

import rodent_draw
from attributes_common import overlap
from rodent_common import Photo, crop

POSITIVE = {"rodent", "rodent_part", "rodent_ir", "rodent_drawn"}


def square_of(box, scale: float):
    """Middle and side of the square around a box."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, max(box[2] - box[0], box[3] - box[1]) * scale


def cut_by_edge(grey: np.ndarray, rng, pad: int) -> np.ndarray:
    """As if the picture ended here: animals come in from its edges, half of them outside."""
    out = np.rot90(grey, int(rng.integers(4))).copy()
    out[: int(rng.uniform(0.08, 0.42) * len(out))] = pad
    return np.rot90(out, int(rng.integers(4))).copy()


class Crops:
    """Draws crops of the pictures of one part."""

    def __init__(self, photos: list[Photo], params: dict):
        self.params = params
        self.size, self.pad = params["input"]["size"], params["input"]["pad"]
        self.scale = params["input"]["cropScale"]
        self.pools = {kind: [p for p in photos if p.kind == kind] for kind in ("rodents", "ir", "background", "insect", "people")}
        self.rodents = [(p, b) for p in self.pools["rodents"] for b in p.boxes]
        self.ir = [(p, b) for p in self.pools["ir"] for b in p.boxes if b[4] == "rodent"]
        self.kinds = list(params["mix"])
        self.odds = np.array([params["mix"][kind] for kind in self.kinds])
        self.odds /= self.odds.sum()

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, int]:
        """One crop and whether it shows a rodent."""
        kind = self.kinds[int(rng.choice(len(self.kinds), p=self.odds))]
        grey = getattr(self, kind)(rng)
        if rng.random() < self.params["edge"]:
            grey = cut_by_edge(grey, rng, self.pad)
        return grey, int(kind in POSITIVE)

    def rodent(self, rng, pool=None, scale=(0.75, 1.5), shift=0.12) -> np.ndarray:
        pool = pool or self.rodents
        photo, box = pool[int(rng.integers(len(pool)))]
        cx, cy, side = square_of(box, self.scale)
        side *= rng.uniform(*scale)
        cx, cy = np.array([cx, cy]) + rng.normal(0, shift, 2) * side
        above = "cage" in photo.file or photo.kind == "ir"
        return self._cut(photo, (cx, cy, side), rng, 180 if above else 35)

    def rodent_part(self, rng) -> np.ndarray:
        """Only a part: what a moving blob often is."""
        return self.rodent(rng, scale=(0.35, 0.7), shift=0.22)

    def rodent_ir(self, rng) -> np.ndarray:
        return self.rodent(rng, self.ir, scale=(0.6, 1.4))

    def rodent_drawn(self, rng) -> np.ndarray:
        return rodent_draw.rat(self._ground(rng), rng).astype(np.uint8)

    def beside_rodent(self, rng) -> np.ndarray:
        """The same scenes without the animal, so that bedding and cages say nothing."""
        for _ in range(20):
            pool = self.pools["ir"] if rng.random() < 0.3 else self.pools["rodents"]
            photo = pool[int(rng.integers(len(pool)))]
            height, width = photo.grey.shape
            side = rng.uniform(0.08, 0.45) * min(height, width)
            cx, cy = rng.uniform(0, width), rng.uniform(0, height)
            half = side * 0.75
            square = (cx - half, cy - half, cx + half, cy + half)
            if all(overlap(square, box) <= 0 for box in photo.boxes if box[4] == "rodent"):
                return self._cut(photo, (cx, cy, side), rng, 180)
        return self.background(rng)

    def background(self, rng) -> np.ndarray:
        return self._anywhere(self.pools["background"], rng, whole=0.45)

    def insect(self, rng) -> np.ndarray:
        return self._anywhere(self.pools["insect"], rng, whole=0.75)

    def people(self, rng) -> np.ndarray:
        return self._anywhere(self.pools["people"], rng, whole=0.15)

    def insect_drawn(self, rng) -> np.ndarray:
        return rodent_draw.insect(self._ground(rng), rng).astype(np.uint8)

    def blob_drawn(self, rng) -> np.ndarray:
        return rodent_draw.blob(self._ground(rng), rng).astype(np.uint8)

    def _anywhere(self, pool: list[Photo], rng, whole: float) -> np.ndarray:
        """The picture's middle as a whole, or a square anywhere in it."""
        photo = pool[int(rng.integers(len(pool)))]
        height, width = photo.grey.shape
        if rng.random() < whole:
            square = (width * rng.uniform(0.4, 0.6), height * rng.uniform(0.4, 0.6), min(width, height) * rng.uniform(0.7, 1.3))
        else:
            square = (rng.uniform(0, width), rng.uniform(0, height), min(width, height) * rng.uniform(0.15, 0.7))
        return self._cut(photo, square, rng, 60)

    def _ground(self, rng) -> np.ndarray:
        """Something to draw on: a patch of a real picture, often flattened into floor or wall."""
        ground = self.beside_rodent(rng) if rng.random() < 0.3 else self._anywhere(self.pools["background"], rng, whole=0.0)
        keep = rng.choice([0.08, 0.3, 1.0])
        return np.clip((ground - ground.mean()) * keep + rng.uniform(60, 235), 0, 255).astype(np.float32)

    def _cut(self, photo: Photo, square, rng, turn: float) -> np.ndarray:
        return crop(photo.grey, square, self.size, self.pad, rng.uniform(-turn, turn), bool(rng.random() < 0.5))


def fixed_crops(photos: list[Photo], params: dict) -> list[tuple[np.ndarray, int, str]]:
    """The crops that figures are made of: every labelled box as it is, and two squares of every picture that shows none."""
    size, pad, scale = params["input"]["size"], params["input"]["pad"], params["input"]["cropScale"]
    rng = np.random.default_rng(5)
    found = []
    for photo in photos:
        height, width = photo.grey.shape
        for box in photo.boxes:
            if box[4] == "rodent":
                prefix = photo.file.rsplit("/", 1)[1].rsplit("_", 1)[0].split("_")[0] if photo.kind == "rodents" else "box_ir"
                found.append((crop(photo.grey, square_of(box, scale), size, pad), 1, prefix))
        if photo.kind == "rodents" or photo.boxes:
            continue
        side = min(width, height)
        found.append((crop(photo.grey, (width / 2, height / 2, side), size, pad), 0, photo.kind))
        square = (rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height, side * rng.uniform(0.2, 0.6))
        found.append((crop(photo.grey, square, size, pad), 0, photo.kind))
    return found
