"""Heads that the shipped detector finds in masks/, and the labelled face in each: what the face output learns from."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from tqdm import tqdm

from attributes_common import MODEL_DIR, area, crop_square, data_dir, iou, load_params, overlap, part_of, read_image, read_source, work_dir
from attributes_data import picture_groups
from heads_data import HEAD, Onnx, detect

CODES = {"with_mask": 0, "without_mask": 1, "with_incorrect_mask": -1}
NO_FACE = 2


@dataclass
class Faces:
    """One row a found head: box and score of the head, the face in it (pixels), what the face wears."""

    name: np.ndarray
    part: np.ndarray
    head: np.ndarray
    score: np.ndarray
    face: np.ndarray
    kind: np.ndarray
    """0 mask, 1 no mask, 2 no labelled face in this head, -1 a face with a badly worn mask."""
    size: np.ndarray
    """Width and height of the picture."""
    context: np.ndarray
    """Crops of `cache` in attributes.yml."""

    def take(self, where: np.ndarray) -> "Faces":
        """The rows at these indices or of this mask."""
        return Faces(*(getattr(self, name)[where] for name in self.__dataclass_fields__))


def fitted(width: int, height: int, area_px: float) -> tuple[int, int]:
    """Input of about this many pixels, sides multiples of 32, in which the picture is largest; as models/runtime/letterbox.ts."""
    best = max(
        ((w, int(area_px * 1.05 / w) // 32 * 32) for w in range(32, int(area_px) // 32, 32)),
        key=lambda s: (min(s[0] / width, s[1] / height), -s[0] * s[1]),
    )
    scale = min(best[0] / width, best[1] / height)
    return tuple(-(-int(np.floor(side * scale + 0.5)) // 32) * 32 for side in (width, height))


def face_of(head, faces: list[tuple]) -> tuple[tuple, str] | None:
    """The labelled face that a head box holds: at least half of it inside, head not much larger; the best by IoU."""
    inside = [(f, label) for f, label in faces if overlap(head, f) >= 0.6 * area(f) and iou(head, f) >= 0.15]
    return max(inside, key=lambda one: iou(head, one[0]), default=None)


def load_faces() -> Faces:
    """Every found head of masks/ with its face; kept in the work folder."""
    params = load_params()
    setup, target = params["face"], work_dir() / "faces.npz"
    if not target.exists():
        np.savez(target, **vars(find_faces(params, setup)))
    with np.load(target) as stored:
        return Faces(*(stored[name] for name in Faces.__dataclass_fields__))


def find_faces(params: dict, setup: dict) -> Faces:
    """Run the detector over masks/."""
    groups, cache = picture_groups(params), params["cache"]
    labelled: dict[str, list[tuple]] = {}
    for file, box, label in read_source("masks"):
        labelled.setdefault(file, []).append((box, label))
    cv2.setNumThreads(1)
    model = Onnx(MODEL_DIR.parent / "heads" / "heads.onnx")
    rows: list[tuple] = []
    for path in tqdm(sorted((data_dir() / "masks" / "images").iterdir()), desc="heads", mininterval=5):
        file = f"masks/images/{path.name}"
        image = read_image(file)
        height, width = image.shape[:2]
        boxes, scores = detect(model, image, *fitted(width, height, setup["area"]), setup["min_score"], 0.5)[HEAD]
        boxes = np.clip(boxes, 0, [width, height, width, height])[: setup["most"]]
        for box, score in zip(boxes, scores):
            found = face_of(box, labelled.get(file, []))
            face, kind = (found[0], CODES[found[1]]) if found else ((0, 0, 0, 0), NO_FACE)
            padded = square(image, box, cache)
            rows.append((file, part_of(groups[file], params["split"]), box, score, face, kind, (width, height), padded))
    model.close()
    return Faces(*(np.array(column) for column in zip(*rows)))


def square(image: np.ndarray, box, cache: dict) -> np.ndarray:
    """Context crop of a head."""
    return crop_square(image, box, cache["scale"], cache["size"], 114)


if __name__ == "__main__":
    found = load_faces()
    for part in ("train", "validation", "test"):
        own = found.part == part
        print(part, own.sum(), "heads;", *(f"{k}: {(own & (found.kind == k)).sum()}" for k in (0, 1, 2, -1)))
