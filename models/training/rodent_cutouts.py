"""Animals and things cut out of pictures, to be moved over other pictures (rodent_scenes.py): training and thresholds only.

`rodent_cutouts.py` writes `.training/rodent/cutouts.npz`, each cut-out with the part (train, validation, test) of its picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from tqdm import tqdm

from attributes_common import data_dir
from rodent_common import HERE, Photo, drawn_boxes, load_params, load_photos, work_dir

LONGEST = 200  # px
FILE = "cutouts.npz"


@dataclass(frozen=True)
class Cutout:
    """uint8 grey and alpha of one thing. `above`: seen from above, so that any turn is natural."""

    grey: np.ndarray
    alpha: np.ndarray
    kind: str
    part: str
    above: bool


def cut(colour: np.ndarray, box, least: float = 0.18) -> tuple[np.ndarray, np.ndarray] | None:
    """GrabCut of what fills a box: grey and alpha of the box grown a little, or None where it finds nothing sensible."""
    height, width = colour.shape[:2]
    x1, y1, x2, y2 = box
    dx, dy = (x2 - x1) * 0.12 + 2, (y2 - y1) * 0.12 + 2
    left, top = int(max(0, x1 - dx)), int(max(0, y1 - dy))
    right, bottom = int(min(width, x2 + dx)), int(min(height, y2 + dy))
    if right - left < 16 or bottom - top < 16:
        return None
    patch = colour[top:bottom, left:right]
    scale = LONGEST / max(patch.shape[:2])
    if scale < 1:
        patch = cv2.resize(patch, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    scale = min(scale, 1)
    mask = np.full(patch.shape[:2], cv2.GC_BGD, np.uint8)
    mask[max(0, int((y1 - top) * scale)) : int((y2 - top) * scale) + 1, max(0, int((x1 - left) * scale)) : int((x2 - left) * scale) + 1] = cv2.GC_PR_FGD
    if (mask == cv2.GC_BGD).sum() < 0.04 * mask.size:  # the box is the picture: a frame of it is taken for ground
        rim = max(2, int(0.05 * min(mask.shape)))
        mask[:rim], mask[-rim:], mask[:, :rim], mask[:, -rim:] = (cv2.GC_BGD,) * 4
    try:
        cv2.grabCut(patch, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        return None
    alpha = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(alpha)
    if count < 2:
        return None
    largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    x, y, w, h, area = stats[largest]
    if area < least * alpha.size or area > 0.92 * w * h or area < (least + 0.04) * w * h:
        return None
    alpha = (pieces == largest).astype(np.uint8) * 255
    grey = cv2.cvtColor(patch, cv2.COLOR_BGR2GRAY)
    return grey[y : y + h, x : x + w], cv2.GaussianBlur(alpha, (3, 3), 0)[y : y + h, x : x + w]


def from_empty(photo: Photo, empty: np.ndarray, box) -> tuple[np.ndarray, np.ndarray] | None:
    """Cut-out by the difference to the camera's empty picture."""
    x1, y1, x2, y2 = (int(v) for v in box[:4])
    grey, ground = photo.grey[y1:y2, x1:x2], empty[y1:y2, x1:x2]
    apart = cv2.GaussianBlur(cv2.absdiff(grey, ground), (0, 0), 1.5)
    alpha = cv2.morphologyEx((apart > 7).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    if alpha.mean() < 0.2:
        return None
    scale = min(1.0, LONGEST / max(grey.shape))
    alpha = cv2.GaussianBlur(alpha * 255, (5, 5), 0)
    return tuple(cv2.resize(plane, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) for plane in (grey, alpha))


def empties(photos: list[Photo]) -> dict[str, np.ndarray]:
    """Median picture of each infrared box camera; a camera is one part."""
    return {
        part: np.median([p.grey for p in photos if p.kind == "ir" and p.part == part], 0).astype(np.uint8)
        for part in {p.part for p in photos if p.kind == "ir"}
    }


def make(photos: list[Photo], params: dict) -> list[Cutout]:
    """All cut-outs; insects and cats by boxes that we drew. Mammals that are no rodents but of their size and build are neither."""
    found: list[Cutout] = []
    empty = empties(photos)
    drawn = drawn_boxes(HERE / "labels" / "night_animals.csv")
    rng = np.random.default_rng(3)
    for photo in tqdm(photos, mininterval=10):
        if photo.kind == "rodents":
            colour = cv2.imread(str(data_dir() / photo.file))
            for box in photo.boxes:
                pair = cut(colour, box[:4])
                if pair is not None:
                    found.append(Cutout(*pair, "rodent", photo.part, "cage" in photo.file))
        elif photo.kind == "ir":
            for box in photo.boxes:
                pair = from_empty(photo, empty[photo.part], box) if box[4] == "rodent" else None
                if pair is not None:
                    found.append(Cutout(*pair, "rodent", photo.part, True))
        elif photo.name in params["insect_classes"] or photo.name in params["cat_classes"]:
            for box in drawn.get(photo.file, ()):
                pair = cut(cv2.imread(str(data_dir() / photo.file)), box[:4], 0.02)
                if pair is not None:
                    found.append(Cutout(*pair, box[4], photo.part, box[4] == "insect"))
        elif photo.kind == "background" and photo.name not in params["alike_classes"]:
            colour = cv2.imread(str(data_dir() / photo.file))
            height, width = colour.shape[:2]
            pair = cut(colour, (width * 0.07, height * 0.07, width * 0.93, height * 0.93), 0.04)
            if pair is not None:
                number = int(photo.file.rsplit("/n", 1)[1].split("_")[0])
                found.append(Cutout(*pair, "animal" if number < 2700000 else "thing", photo.part, False))
        elif photo.kind == "people" and rng.random() < 0.25:
            colour = cv2.imread(str(data_dir() / photo.file))
            height, width = colour.shape[:2]
            pair = cut(colour, (width * 0.06, height * 0.04, width * 0.94, height))
            if pair is not None:
                found.append(Cutout(*pair, "person", photo.part, False))
    return found


def load_cutouts(part: str) -> list[Cutout]:
    """Cut-outs of one part from the cache."""
    saved = np.load(work_dir() / FILE, allow_pickle=True)["cutouts"]
    return [Cutout(*row) for row in saved if row[3] == part]


def main() -> None:
    params = load_params()
    found = make(load_photos(params), params)
    rows = np.empty(len(found), object)
    for i, one in enumerate(found):
        rows[i] = (one.grey, one.alpha, one.kind, one.part, one.above)
    np.savez_compressed(work_dir() / FILE, cutouts=rows)
    for kind in sorted({one.kind for one in found}):
        print(kind, {part: sum(one.kind == kind and one.part == part for one in found) for part in ("train", "validation", "test")})


if __name__ == "__main__":
    main()
