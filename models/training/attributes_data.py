"""Labelled heads, their split, cached context crops, and augmentation."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

import cv2
import numpy as np
from tqdm import tqdm

from attributes_common import (
    LABELS,
    Head,
    crop_square,
    data_dir,
    duplicate_groups,
    part_of,
    read_heads,
    read_image,
    read_source,
    work_dir,
)

FOLDERS = ("background", "chefs", "helmets", "masks", "people")
HELMETS = {"helmet": "hat", "head": "no_hat"}


def labelled_heads(params: dict) -> list[Head]:
    """Every labelled head: our label files, and the building-site boxes of helmets/."""
    heads: list[Head] = []
    for path in sorted(LABELS.glob("attributes_*.csv")):
        source = path.stem.split("_")[1]
        heads += [replace(h, source=source) for h in read_heads(path) if h.hat or h.mask]
    for file, box, label in read_source("helmets"):
        head = Head(file, box, HELMETS.get(label, ""), "", "helmets")
        if head.hat and head.side >= params["find"]["min_side"]:
            heads.append(head)
    return heads


def picture_groups(params: dict) -> dict[str, str]:
    """Near-duplicate group of every picture of the labelled folders, so that new labels never move a picture's part.

    Kept in the work folder because hashing reads every picture.
    """
    files = sorted(
        f"{folder}/images/{path.name}" for folder in FOLDERS for path in (data_dir() / folder / "images").iterdir()
    )
    key = hashlib.sha256(json.dumps([files, params["split"]["dhash_distance"]]).encode()).hexdigest()[:16]
    target = work_dir() / f"groups-{key}.json"
    if not target.exists():
        target.write_text(json.dumps(duplicate_groups(files, params["split"]["dhash_distance"])))
    return json.loads(target.read_text())


@dataclass
class Samples:
    """Heads with their part, context crops (for training) and plain crops (for evaluation)."""

    heads: list[Head]
    parts: np.ndarray
    context: np.ndarray
    plain: np.ndarray
    hat: np.ndarray
    mask: np.ndarray

    def take(self, index: np.ndarray) -> "Samples":
        """The samples at these indices."""
        return Samples([self.heads[i] for i in index], *(a[index] for a in (self.parts, self.context, self.plain)),
                       self.hat[index], self.mask[index])

    def part(self, name: str) -> "Samples":
        """The samples of one part of the split."""
        return self.take(np.nonzero(self.parts == name)[0])


def cut(heads: list[Head], params: dict) -> tuple[np.ndarray, np.ndarray]:
    """Context and plain crops of heads; a picture is read once."""
    cache, size = params["cache"], params["input"]
    context = np.zeros((len(heads), cache["size"], cache["size"], 3), np.uint8)
    plain = np.zeros((len(heads), size["size"], size["size"], 3), np.uint8)
    by_file: dict[str, list[int]] = {}
    for i, head in enumerate(heads):
        by_file.setdefault(head.file, []).append(i)
    for file, index in tqdm(by_file.items(), desc="crops"):
        image = read_image(file)
        for i in index:
            context[i] = crop_square(image, heads[i].box, cache["scale"], cache["size"], size["pad"])
            plain[i] = crop_square(image, heads[i].box, size["crop_scale"], size["size"], size["pad"])
    return context, plain


def load_samples(params: dict) -> Samples:
    """All labelled samples, from the cache when labels and sizes have not changed."""
    heads = labelled_heads(params)
    groups = picture_groups(params)
    parts = np.array([part_of(groups[h.file], params["split"]) for h in heads])
    described = [[(h.file, h.box) for h in heads], params["cache"], params["input"]]
    key = hashlib.sha256(json.dumps(described).encode()).hexdigest()[:16]
    target = work_dir() / f"crops-{key}.npz"
    if not target.exists():
        context, plain = cut(heads, params)
        np.savez(target, context=context, plain=plain)
    with np.load(target) as stored:
        context, plain = stored["context"], stored["plain"]

    def codes(kind: str) -> np.ndarray:
        names = params["classes"][kind]
        return np.array([names.index(v) if (v := getattr(h, kind)) else -1 for h in heads], np.int64)

    return Samples(heads, parts, context, plain, codes("hat"), codes("mask"))


class Augment:
    """Random views of context crops; one generator, so that a seed gives the same run."""

    def __init__(self, params: dict, seed: int):
        self.params = params["augment"]
        self.size = params["input"]["size"]
        self.pad = params["input"]["pad"]
        self.inner = params["input"]["crop_scale"] / params["cache"]["scale"]
        self.random = np.random.default_rng(seed)
        self.view = np.zeros((2, 3))
        """Of the last frame: pixels of the view → pixels of the context crop."""

    def chance(self, share: float) -> bool:
        """True with the given probability."""
        return self.random.random() < share

    def frame(self, context: np.ndarray) -> np.ndarray:
        """Cut the network's view with shift, scale, rotation and flip."""
        p, r = self.params, self.random
        side = context.shape[0]
        zoom = np.exp(r.uniform(*np.log(p["scale"])))
        stretch = np.exp(r.uniform(-0.06, 0.06))
        angle = np.deg2rad(r.normal(0, p["rotate"] / 2)) if p["rotate"] else 0.0
        span = side * self.inner * zoom / self.size
        sx, sy = span * stretch, span / stretch
        if self.chance(p["flip"]):
            sx = -sx
        cos, sin = np.cos(angle), np.sin(angle)
        linear = np.array([[cos * sx, -sin * sy], [sin * sx, cos * sy]])
        centre = side / 2 + r.uniform(-1, 1, 2) * p["shift"] * side * self.inner
        offset = centre - linear @ np.array([self.size / 2, self.size / 2])
        matrix = np.concatenate([linear, offset[:, None]], 1)
        self.view = matrix
        return cv2.warpAffine(
            context,
            matrix,
            (self.size, self.size),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(self.pad,) * 3,
        )

    def colour(self, image: np.ndarray) -> np.ndarray:
        """Gamma, gain, white balance, hue, saturation, greyscale, over-exposure."""
        r = self.random
        table = np.repeat(np.arange(256, dtype=np.float32)[:, None] / 255, 3, 1)
        if self.chance(0.8):
            table = table ** np.exp(r.uniform(-0.6, 0.6))
            table = table * np.exp(r.uniform(-0.35, 0.35)) + r.uniform(-0.12, 0.12)
        if self.chance(0.5):
            table = table * np.exp(r.normal(0, 0.1, 3))
        table = (np.clip(table, 0, 1) * 255).astype(np.uint8)
        image = cv2.LUT(image, table[None])
        if self.chance(self.params["hue"]):
            turned = cv2.cvtColor(image, cv2.COLOR_RGB2HSV)
            turned[..., 0] = (turned[..., 0].astype(int) + r.integers(180)) % 180
            image = cv2.cvtColor(turned, cv2.COLOR_HSV2RGB)
        share = 0.0 if self.chance(self.params["grey"]) else r.uniform(0.3, 1.5) if self.chance(0.5) else 1.0
        if share == 1.0:
            return image
        grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        return cv2.addWeighted(image, share, grey, 1 - share, 0)

    def occlude(self, image: np.ndarray) -> None:
        """Cover a small part with a flat or noisy shape, as a hand, phone or post would."""
        r = self.random
        w, h = r.integers(self.size // 8, self.size // 3, 2)
        x, y = r.integers(-w // 2, self.size - w // 2), r.integers(-h // 2, self.size - h // 2)
        colour = r.integers(0, 256, 3) if self.chance(0.6) else np.array([205, 160, 135]) * r.uniform(0.4, 1.2)
        shape = np.zeros(image.shape[:2], np.uint8)
        if self.chance(0.5):
            cv2.rectangle(shape, (int(x), int(y)), (int(x + w), int(y + h)), 255, -1)
        else:
            centre = (int(x + w // 2), int(y + h // 2))
            cv2.ellipse(shape, centre, (int(w // 2), int(h // 2)), r.uniform(0, 180), 0, 360, 255, -1)
        texture = np.clip(colour + r.normal(0, r.uniform(0, 20), image.shape), 0, 255).astype(np.uint8)
        np.copyto(image, texture, where=(shape > 0)[..., None])

    def degrade(self, image: np.ndarray) -> np.ndarray:
        """Blur, fewer pixels, sensor noise and JPEG, in the order a camera makes them."""
        p, r = self.params, self.random
        if self.chance(p["blur"]):
            if self.chance(0.5):
                image = cv2.GaussianBlur(image, (0, 0), r.uniform(0.5, 2.0))
            else:
                length = int(r.integers(3, 10))
                kernel = np.zeros((length, length), np.float32)
                kernel[length // 2] = 1
                turn = cv2.getRotationMatrix2D((length / 2 - 0.5, length / 2 - 0.5), r.uniform(0, 180), 1)
                kernel = cv2.warpAffine(kernel, turn, (length, length))
                image = cv2.filter2D(image, -1, kernel / max(kernel.sum(), 1e-3))
        share, low, high = p["lower"]
        if self.chance(share):
            head = np.exp(r.uniform(np.log(low), np.log(high)))
            small = max(int(head * 1.5), 12)
            if small < self.size:
                method = cv2.INTER_AREA if self.chance(0.7) else cv2.INTER_LINEAR
                image = cv2.resize(image, (small, small), interpolation=method)
        if self.chance(p["noise"]):
            noise = r.standard_normal(image.shape, np.float32) * r.uniform(2, 14)
            image = np.clip(image + noise, 0, 255).astype(np.uint8)
        share, low, high = p["jpeg"]
        if self.chance(share):
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(r.integers(low, high))]
            image = cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_COLOR)
        if image.shape[0] != self.size:
            method = (cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(r.integers(2))]
            image = cv2.resize(image, (self.size, self.size), interpolation=method)
        return image

    def __call__(self, context: np.ndarray, below: np.ndarray | None = None) -> np.ndarray:
        """One random view; `below` gives the lower half of another head."""
        image = self.frame(context)
        if below is not None:
            other = self.frame(below)
            seam = int(self.size * self.random.uniform(0.46, 0.56))
            image[seam:] = other[seam:]
        if self.chance(self.params["occlude"]):
            self.occlude(image)
        return self.degrade(self.colour(image))
