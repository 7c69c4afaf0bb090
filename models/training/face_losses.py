"""Where the average precision of masked and bare faces is lost, by cause. Reads what `npm run eval -- --task mask --found FILE` wrote.

    python3 models/training/face_losses.py --part validation --found own=FILE aizoo=FILE rfb=FILE

Asks about the validation and training parts alone: the test part chooses nothing.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from attributes_common import data_dir, load_params, part_of, read_source
from attributes_data import picture_groups
from heads_data import overlaps

KINDS = {"with_mask": 0, "without_mask": 1, "with_incorrect_mask": -1}
NAMES = ("mask", "no_mask")
CAUSES = {
    "twice": "a second box on a face that is found",
    "kind": "a face of the other kind",
    "place": "IoU 0.1 to 0.5 with a labelled face",
    "nothing": "nothing labelled there (most are faces that nobody drew)",
}
Truths = dict[str, list[tuple[np.ndarray, int]]]


def labels(part: str) -> Truths:
    """Labelled faces of a part of masks/ by picture, boxes in 0..1."""
    params = load_params()
    groups, truths, sides = picture_groups(params), {}, {}
    for file, box, label in read_source("masks"):
        if part_of(groups[file], params["split"]) != part:
            continue
        if file not in sides:
            height, width = cv2.imread(str(data_dir() / file)).shape[:2]
            sides[file] = np.array([width, height, width, height], np.float32)
        truths.setdefault(file.removeprefix("masks/"), []).append((np.array(box, np.float32) / sides[file], KINDS[label]))
    return truths


def found_in(path: Path) -> dict[str, np.ndarray]:
    """Per picture rows x1, y1, x2, y2 (0..1), masked, bare."""
    said = [json.loads(line) for line in path.read_text().splitlines()]
    return {one["file"].removeprefix("masks/"): np.array(one["boxes"], np.float32).reshape(-1, 6) for one in said}


def fates(truths: Truths, found: dict[str, np.ndarray], kind: int, least: float) -> tuple[list[tuple[float, str]], int]:
    """Score and fate of every box ranked for a kind (`hit`, or a cause), and how many faces of the kind are labelled."""
    judged, count = [], 0
    for file, faces in truths.items():
        own, other, left = ([box for box, k in faces if k == wanted] for wanted in (kind, 1 - kind, -1))
        count += len(own)
        rows = found.get(file, np.zeros((0, 6), np.float32))
        best = lambda boxes: overlaps(rows[:, :4], np.array(boxes, np.float32).reshape(-1, 4))
        on_own, on_other, on_left = best(own), best(other), best(left)
        taken: set[int] = set()
        for i in np.argsort(-rows[:, 4 + kind], kind="stable"):
            free = [j for j in range(len(own)) if on_own[i, j] >= least and j not in taken]
            if free:
                taken.add(max(free, key=lambda j: on_own[i, j]))
                fate = "hit"
            elif on_left[i].max(initial=0) >= least:
                continue
            elif on_own[i].max(initial=0) >= least:
                fate = "twice"
            elif on_other[i].max(initial=0) >= least:
                fate = "kind"
            else:
                fate = "place" if max(on_own[i].max(initial=0), on_other[i].max(initial=0)) >= 0.1 else "nothing"
            judged.append((float(rows[i, 4 + kind]), fate))
    return judged, count


def average_precision(judged: list[tuple[float, str]], count: int) -> float:
    """As tools/eval/metrics.ts."""
    hits, precisions = 0, []
    for rank, (_, fate) in enumerate(sorted(judged, key=lambda one: -one[0]), 1):
        if fate == "hit":
            hits += 1
            precisions.append(hits / rank)
    best = np.maximum.accumulate(precisions[::-1]) if precisions else np.zeros(1)
    return float(best.sum()) / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", default="validation", choices=("validation", "train"))
    parser.add_argument("--found", nargs="+", required=True, metavar="NAME=FILE")
    args = parser.parse_args()
    truths = labels(args.part)
    print("| who | kind | AP50 | AP at IoU 0.4 | never found | " + " | ".join(f"+ without: {c}" for c in CAUSES) + " |")
    print("|" + "---|" * (5 + len(CAUSES)))
    for given in args.found:
        name, _, path = given.partition("=")
        found = found_in(Path(path))
        for kind, kind_name in enumerate(NAMES):
            judged, count = fates(truths, found, kind, 0.5)
            ap = average_precision(judged, count)
            counted = Counter(fate for _, fate in judged)
            gains = [average_precision([one for one in judged if one[1] != cause], count) - ap for cause in CAUSES]
            loose = average_precision(*fates(truths, found, kind, 0.4))
            cells = [f"{ap:.3f}", f"{loose:.3f}", f"{1 - counted['hit'] / count:.3f}", *(f"{gain:.3f}" for gain in gains)]
            print(f"| {name} | {kind_name}, {count} | {' | '.join(cells)} |")
    print("\n" + "; ".join(f"{cause}: {meaning}" for cause, meaning in CAUSES.items()))


if __name__ == "__main__":
    main()
