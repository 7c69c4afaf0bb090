"""Label by eye the faces of which three detectors are not sure together, in pictures that have no face labels.

sheets  numbered sheets of them, surest first, as PNG and JSON in a folder outside git
apply   read answers and write labels/faces.csv

An answer file holds lines `SHEET: default=CODE NUMBER=CODE FROM-TO=CODE …` (later items win; a sheet without a line is not
applied). CODE is f (bare face), m (face with a mask or respirator), n (no face is to be seen there), b (a face, but not in this box), u (cannot be told;
balaclavas and scarves too). Boxes are the detectors' own. Heads of labels/attributes_*.csv that lie around such a box need no second look: their
mask label says it.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from attributes_common import LABELS, Head, data_dir, read_heads
from heads_faces_data import DOUBTS, DOUBT_FIELDS, training_pictures
from heads_faces_ensemble import found, fused, likely, read_found

CODES = {"f": "bare", "m": "masked", "n": "none", "b": "elsewhere", "u": "unsure"}
BY_HEAD = {"no_mask": "f", "mask": "m", "not_visible": "n"}
DOUBT = (0.1, 0.8)
"""How likely a box is a face (heads_faces_ensemble.likely) where a look is worth the while."""
SOURCES = ("people", "chefs", "helmets", "background")
COLUMNS, ROWS, CELL = 9, 7, 134


@dataclass(frozen=True)
class Doubt:
    """A box that may be a face, in pixels of the stored file."""

    file: str
    box: tuple[float, float, float, float]
    likely: float
    code: str
    """What the label of the head around it says; empty where it must be looked at."""


def inside(boxes: np.ndarray, head: Head) -> np.ndarray:
    """Which boxes [N, 4] have their middle in a head and are of its size."""
    low, high = np.array(head.box[:2]), np.array(head.box[2:])
    middle, side = (boxes[:, :2] + boxes[:, 2:]) / 2, np.prod(boxes[:, 2:] - boxes[:, :2], 1) ** 0.5
    ratio = side / np.prod(high - low) ** 0.5
    return ((middle > low) & (middle < high)).all(1) & (ratio > 0.4) & (ratio < 1.4)


def by_heads(boxes: np.ndarray, sure: np.ndarray, heads: list[Head]) -> list[str]:
    """The answers that labelled heads give: of the likeliest box in each; the others there are not its face, or not well placed."""
    codes = [""] * len(boxes)
    for head in heads:
        here = np.nonzero(inside(boxes, head))[0] if head.mask else []
        for i in here:
            code = BY_HEAD[head.mask]
            codes[i] = code if code == "n" or i == max(here, key=lambda one: sure[one]) else "b"
    return codes


def doubts() -> list[Doubt]:
    """All of the training pictures, by source, the likeliest first."""
    heads: dict[str, list[Head]] = defaultdict(list)
    for path in LABELS.glob("attributes_*.csv"):
        for head in read_heads(path):
            heads[head.file].append(head)
    said, made = read_found("own-doubts"), []
    for file in training_pictures():
        if file.split("/")[0] not in SOURCES:
            continue
        rows = fused(found(file, said))
        height, width = cv2.imread(str(data_dir() / file)).shape[:2]
        boxes, sure = rows[:, :4] * [width, height, width, height], likely(rows[:, 4:].max(1, initial=0))
        for box, p, code in zip(boxes, sure, by_heads(boxes, sure, heads[file])):
            if DOUBT[0] <= p < DOUBT[1]:
                made.append(Doubt(file, tuple(box.tolist()), float(p), code))
    return sorted(made, key=lambda one: (SOURCES.index(one.file.split("/")[0]), -one.likely))


def cell(one: Doubt) -> np.ndarray:
    """The box with as much around it, framed."""
    image = cv2.imread(str(data_dir() / one.file))
    box = np.array(one.box)
    middle, half = (box[:2] + box[2:]) / 2, max(float((box[2:] - box[:2]).max()) * 1.15, 14)
    scale = (CELL - 4) / (2 * half)
    move = np.array([[scale, 0, (half - middle[0]) * scale], [0, scale, (half - middle[1]) * scale]])
    out = cv2.warpAffine(image, move, (CELL - 4, CELL - 4), flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC, borderValue=(114,) * 3)
    corners = ((box.reshape(2, 2) - middle + half) * scale).round().astype(int)
    cv2.rectangle(out, corners[0].tolist(), corners[1].tolist(), (0, 255, 255), 1)
    return out


def sheets(out: Path) -> None:
    """Sheets of all boxes that no label decides."""
    chosen = [one for one in doubts() if not one.code]
    for number, start in enumerate(range(0, len(chosen), COLUMNS * ROWS)):
        few = chosen[start : start + COLUMNS * ROWS]
        page = np.full((ROWS * (CELL + 14), COLUMNS * CELL, 3), 255, np.uint8)
        for place, one in enumerate(few):
            y, x = (place // COLUMNS) * (CELL + 14), (place % COLUMNS) * CELL
            page[y + 2 : y + CELL - 2, x + 2 : x + CELL - 2] = cell(one)
            cv2.putText(page, str(place), (x + 4, y + CELL + 11), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 1, cv2.LINE_AA)
        cv2.imwrite(str(out / f"sheet_{number:03d}.png"), page)
        index = [[one.file, *(round(v, 1) for v in one.box)] for one in few]
        (out / f"sheet_{number:03d}.json").write_text(json.dumps(index))
    print(f"{len(chosen)} boxes to look at")


def answers(line: str, count: int) -> list[str]:
    """The codes of one sheet's boxes."""
    codes = ["u"] * count
    for item in line.split():
        place, code = item.split("=")
        if code not in CODES:
            raise SystemExit(f"{item}: a code is one of {', '.join(CODES)}")
        first, _, last = place.partition("-")
        chosen = range(count) if place == "default" else range(int(first), int(last or first) + 1)
        if chosen[-1] >= count:
            raise SystemExit(f"{item}: the sheet has {count} boxes")
        for i in chosen:
            codes[i] = code
    return codes


def apply(out: Path, files: list[Path]) -> None:
    """Write the labels: of the sheets that an answer file names, and of what labelled heads say."""
    rows = {(one.file, *(f"{v:.1f}" for v in one.box)): CODES[one.code] for one in doubts() if one.code}
    for line in (line for file in files for line in file.read_text(encoding="utf8").splitlines()):
        number, _, rest = line.split("#")[0].strip().partition(":")
        if not rest:
            continue
        index = json.loads((out / f"sheet_{int(number):03d}.json").read_text())
        for (file, *box), code in zip(index, answers(rest, len(index))):
            rows[(file, *(f"{v:.1f}" for v in box))] = CODES[code]
    with DOUBTS.open("w", newline="", encoding="utf8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(DOUBT_FIELDS)
        writer.writerows([*key, label] for key, label in sorted(rows.items()))
    print(f"{DOUBTS.name}: {len(rows)} boxes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("sheets", "apply"))
    parser.add_argument("--out", type=Path, required=True, help="folder of the sheets")
    parser.add_argument("--answers", type=Path, nargs="+", default=[])
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.command == "sheets":
        sheets(args.out)
    else:
        apply(args.out, args.answers)


if __name__ == "__main__":
    main()
