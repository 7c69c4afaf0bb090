"""Shared parts of the head-attribute pipeline: paths, parameters, boxes, crops and the split."""

from __future__ import annotations

import csv
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import yaml

HERE = Path(__file__).resolve().parent
REPO = HERE.parent.parent
LABELS = HERE / "labels"
MODEL_DIR = REPO / "models" / "head-attributes"
PARAMS_FILE = HERE / "attributes.yml"
FIELDS = ["file", "x1", "y1", "x2", "y2", "hat", "mask"]


def data_dir() -> Path:
    """Folder of pictures: environment MINGZAO_DATA, or ../shared/data beside the repository."""
    return Path(os.environ.get("MINGZAO_DATA", REPO.parent / "shared" / "data"))


def work_dir() -> Path:
    """Folder for caches and checkpoints; ignored by git."""
    path = Path(os.environ.get("MINGZAO_TRAINING", REPO / ".training")) / "attributes"
    path.mkdir(parents=True, exist_ok=True)
    return path


def load_params() -> dict:
    """Parameters of every step."""
    return yaml.safe_load(PARAMS_FILE.read_text(encoding="utf8"))


@dataclass(frozen=True)
class Head:
    """One head box with its labels; an empty label means: not labelled, no loss."""

    file: str
    box: tuple[float, float, float, float]
    hat: str = ""
    mask: str = ""
    source: str = ""

    @property
    def side(self) -> float:
        """Longer side of the box in pixels of the stored file."""
        return max(self.box[2] - self.box[0], self.box[3] - self.box[1])

    def row(self) -> dict:
        """The head as a row of a label file."""
        x1, y1, x2, y2 = (f"{v:.1f}" for v in self.box)
        return {"file": self.file, "x1": x1, "y1": y1, "x2": x2, "y2": y2, "hat": self.hat, "mask": self.mask}


def read_heads(path: Path) -> list[Head]:
    """Read a label file written by `write_heads`."""
    with path.open(newline="", encoding="utf8") as handle:
        return [
            Head(r["file"], tuple(float(r[k]) for k in ("x1", "y1", "x2", "y2")), r["hat"], r["mask"], path.stem)
            for r in csv.DictReader(handle)
        ]


def write_heads(path: Path, heads: list[Head]) -> None:
    """Write a label file, sorted so that a re-run gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf8") as handle:
        writer = csv.DictWriter(handle, FIELDS, lineterminator="\n")
        writer.writeheader()
        for head in sorted(heads, key=lambda h: (h.file, h.box)):
            writer.writerow(head.row())


def read_source(folder: str) -> list[tuple[str, tuple[float, float, float, float], str]]:
    """Rows of a data folder's own labels.csv: file (relative to the data folder), box, label."""
    with (data_dir() / folder / "labels.csv").open(newline="", encoding="utf8") as handle:
        return [
            (f"{folder}/{r['file']}", tuple(float(r[k]) for k in ("x1", "y1", "x2", "y2")), r["label"])
            for r in csv.DictReader(handle)
            if r["x1"]
        ]


def iou(a, b) -> float:
    """Intersection over union of two boxes."""
    inter = overlap(a, b)
    union = area(a) + area(b) - inter
    return inter / union if union > 0 else 0.0


def overlap(a, b) -> float:
    """Area that two boxes share."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(width, 0.0) * max(height, 0.0)


def area(box) -> float:
    """Area of a box."""
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def crop_square(image: np.ndarray, box, scale: float, size: int, pad: int) -> np.ndarray:
    """Square crop around a box, side = longer box side × scale, grey where it leaves the picture."""
    side = max(box[2] - box[0], box[3] - box[1]) * scale
    left = int(round((box[0] + box[2] - side) / 2))
    top = int(round((box[1] + box[3] - side) / 2))
    side = max(int(round(side)), 1)
    height, width = image.shape[:2]
    out = np.full((side, side, 3), pad, np.uint8)
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + side, width), min(top + side, height)
    if x2 > x1 and y2 > y1:
        out[y1 - top : y2 - top, x1 - left : x2 - left] = image[y1:y2, x1:x2]
    method = cv2.INTER_AREA if side > size else cv2.INTER_LINEAR
    return cv2.resize(out, (size, size), interpolation=method)


def read_image(file: str) -> np.ndarray:
    """A picture of the data folder as RGB."""
    image = cv2.imread(str(data_dir() / file), cv2.IMREAD_COLOR)
    if image is None:
        raise FileNotFoundError(file)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def dhash(image: np.ndarray) -> int:
    """64-bit difference hash; near-duplicates differ in few bits."""
    small = cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (9, 8), interpolation=cv2.INTER_AREA).astype(int)
    bits = (small[:, 1:] > small[:, :-1]).ravel()
    return int("".join("1" if b else "0" for b in bits), 2)


def duplicate_groups(files: list[str], distance: int) -> dict[str, str]:
    """Map every file to the first file (by name) of its near-duplicate group; mirror pictures count as duplicates."""
    files = sorted(set(files))
    direct, mirrored = [], []
    for file in files:
        image = read_image(file)
        direct.append(dhash(image))
        mirrored.append(dhash(image[:, ::-1]))
    table = np.array([bin(i).count("1") for i in range(256)], np.uint8)
    as_bytes = np.array([list(h.to_bytes(8, "big")) for h in direct], np.uint8)
    flipped = np.array([list(h.to_bytes(8, "big")) for h in mirrored], np.uint8)
    parent = list(range(len(files)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i in range(len(files)):
        for other in (as_bytes[i + 1 :], flipped[i + 1 :]):
            near = np.nonzero(table[other ^ as_bytes[i]].sum(1) <= distance)[0] + i + 1
            for j in near:
                a, b = find(i), find(int(j))
                parent[max(a, b)] = min(a, b)
    return {file: files[find(i)] for i, file in enumerate(files)}


def part_of(group: str, params: dict) -> str:
    """train, validation or test, from a hash of the group's name."""
    digest = hashlib.sha256(f"{params['salt']}:{group}".encode()).digest()
    value = int.from_bytes(digest[:8], "big") / 2**64
    if value < params["train"]:
        return "train"
    return "validation" if value < params["train"] + params["validation"] else "test"
