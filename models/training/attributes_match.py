"""Turn the face boxes of masks/ into head boxes with mask labels: found heads that hold exactly one face.

Writes labels/attributes_masks.csv; rows that the file already holds stay as they are, but a head that holds a face
labelled with_incorrect_mask never keeps a mask label.
"""

from __future__ import annotations

import csv
from dataclasses import replace

from attributes_common import LABELS, Head, area, iou, overlap, read_heads, read_source, work_dir, write_heads

MASKS = {"with_mask": "mask", "without_mask": "no_mask"}


def found_heads(folder: str) -> dict[str, list[tuple]]:
    """Boxes of attributes_find.py by file, best first."""
    out: dict[str, list[tuple]] = {}
    with (work_dir() / "found.csv").open(newline="", encoding="utf8") as handle:
        for r in csv.DictReader(handle):
            if r["file"].startswith(f"{folder}/"):
                out.setdefault(r["file"], []).append(tuple(float(r[k]) for k in ("x1", "y1", "x2", "y2", "score")))
    return out


def main() -> None:
    """Match and write."""
    target = LABELS / "attributes_masks.csv"
    heads = read_heads(target) if target.exists() else []
    known = {(h.file, h.box) for h in heads}
    faces: dict[str, list[tuple]] = {}
    for file, box, label in read_source("masks"):
        faces.setdefault(file, []).append((box, label))
    for file, boxes in sorted(found_heads("masks").items()):
        for *box, _score in boxes:
            box = tuple(box)
            inside = [
                (face, label) for face, label in faces.get(file, []) if overlap(box, face) >= 0.5 * area(face)
            ]
            if any(label not in MASKS for _face, label in inside):
                heads = [replace(h, mask="") if (h.file, h.box) == (file, box) else h for h in heads]
            if len(inside) != 1 or iou(box, inside[0][0]) < 0.2:
                continue
            label = MASKS.get(inside[0][1])
            if label and (file, box) not in known:
                heads.append(Head(file, box, "", label))
    write_heads(target, heads)
    print(f"{target.name}: {len(heads)} heads")


if __name__ == "__main__":
    main()
