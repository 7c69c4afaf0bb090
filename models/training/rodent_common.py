"""Shared parts of the rodent pipeline: paths, parameters, pictures and their split."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import yaml

from attributes_common import data_dir, duplicate_groups, part_of

HERE = Path(__file__).resolve().parent
MODEL_DIR = HERE.parent / "rodent"
PARTS = ("train", "validation", "test")


def load_params() -> dict:
    """Parameters of every step."""
    return yaml.safe_load((HERE / "rodent.yml").read_text(encoding="utf8"))


def work_dir() -> Path:
    """Folder for caches and checkpoints; ignored by git."""
    path = Path(os.environ.get("MINGZAO_TRAINING", HERE.parent.parent / ".training")) / "rodent"
    path.mkdir(parents=True, exist_ok=True)
    return path


@dataclass(frozen=True)
class Photo:
    """One picture: grey pixels, boxes of rodents, and what it is: rodents, ir, background, insect, people or other."""

    file: str
    kind: str
    part: str
    grey: np.ndarray
    boxes: tuple[tuple, ...] = ()
    name: str = ""


def load_photos(params: dict) -> list[Photo]:
    """All pictures with their parts. Near-duplicates share a part."""
    boxes = drawn_boxes(data_dir() / "rodents" / "labels.csv", "rodents/") | drawn_boxes(HERE / "labels" / "rodents_ir.csv")
    wanted: list[tuple[str, str, str]] = []
    for file in sorted(boxes):
        if not any(file.rsplit("/", 1)[1].startswith(prefix) for prefix in params["leave_out"]):
            wanted.append((file, "ir" if "unlabelled_ir" in file else "rodents", ""))
    for path in sorted((data_dir() / "background" / "images").iterdir()):
        name = path.stem.split("_", 1)[1]
        if name not in params["rodent_classes"]:
            kind = "insect" if name in params["insect_classes"] else "background"
            wanted.append((f"background/images/{path.name}", kind, name))
    for folder in ("people", "chefs"):
        files = sorted((data_dir() / folder / "images").iterdir())
        wanted += [(f"{folder}/images/{path.name}", "people", "") for path in files[:: 3 if folder == "people" else 2]]
    parts = _parts([file for file, _, _ in wanted], params["split"])
    photos = []
    for file, kind, name in wanted:
        grey = cv2.imread(str(data_dir() / file), cv2.IMREAD_GRAYSCALE)
        part = _ir_part(file, params["ir_parts"]) if kind == "ir" else parts[file]
        photos.append(Photo(file, kind, part, grey, tuple(boxes.get(file, ())), name))
    return photos


def _ir_part(file: str, limits: dict[str, int]) -> str:
    number = int(Path(file).stem)
    return next(part for part, last in sorted(limits.items(), key=lambda item: item[1]) if number <= last)


def drawn_boxes(path: Path, prefix: str = "") -> dict[str, list]:
    """Boxes of a `labels.csv` by picture, each with its label; a picture in which nothing is has an empty list."""
    found: dict[str, list] = {}
    with path.open(newline="", encoding="utf8") as handle:
        for row in csv.DictReader(handle):
            own = found.setdefault(prefix + row["file"], [])
            if row["label"] != "none":
                own.append((*(float(row[k]) for k in ("x1", "y1", "x2", "y2")), row["label"]))
    return found


def _parts(files: list[str], split: dict) -> dict[str, str]:
    """Part of every file; kept in a cache, since comparing thousands of pictures takes a minute."""
    cache = work_dir() / f"parts-{split['salt']}.csv"
    if cache.exists():
        with cache.open(newline="", encoding="utf8") as handle:
            known = dict(csv.reader(handle))
        if all(file in known for file in files):
            return known
    groups = duplicate_groups(files, split["distance"])
    parts = {file: part_of(group, split) for file, group in groups.items()}
    with cache.open("w", newline="", encoding="utf8") as handle:
        csv.writer(handle).writerows(sorted(parts.items()))
    return parts


def crop(grey: np.ndarray, square, size: int, pad: int, angle: float = 0.0, flip: bool = False) -> np.ndarray:
    """Square (middle x, y, side) as size × size pixels, turned by `angle` degrees; outside the picture `pad`."""
    cx, cy, side = square
    scale = size / max(side, 1.0)
    if scale < 0.7:  # warpAffine does not average
        factor = scale * 1.2
        grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        cx, cy, scale = cx * factor, cy * factor, scale / factor
    matrix = cv2.getRotationMatrix2D((cx, cy), angle, scale)
    matrix[:, 2] += size / 2 - np.array([cx, cy])
    if flip:
        matrix[0] *= -1
        matrix[0, 2] += size
    return cv2.warpAffine(grey, matrix, (size, size), flags=cv2.INTER_LINEAR, borderValue=pad)
