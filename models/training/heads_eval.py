"""Measures detectors on held-out pictures through onnxruntime-node, one thread, against the reference.

Heads drawn by people (helmets, chefs) are looked for twice: each picture alone, and as walls of 3 x 2 pictures in a
640 x 360 frame, where heads are as small as in a kitchen camera. Sizes are the square root of a head's area in pixels
of a 640 x 384 input, whatever the model's own input. Thresholds are chosen on the validation part only.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from heads_data import BODY, HEAD, WORK, Onnx, data_folder, detect, labelled_heads, letterbox, overlaps, parameters, pictures
from tqdm import tqdm

SIZES = {"all": 0, "from24": 24, "from40": 40}
LOW = 0.02


@dataclass
class Scene:
    """A picture or wall with its drawn heads; `ppu` turns its pixels into those of a 640 x 384 input."""

    group: str
    image: np.ndarray
    heads: np.ndarray
    ppu: float


def scenes(data: Path, params: dict, part: str) -> list[Scene]:
    """Single pictures, walls and background of a part."""
    drawn = labelled_heads(data)
    made, tiles = [], []
    for p in pictures(data, params):
        if p.part != part:
            continue
        if p.source == "background":
            if p.name not in params["evaluate"]["people_in_background"]:
                made.append(Scene("background", p.read(), np.zeros((0, 4), np.float32), 1))
        elif p.key in drawn:
            image = p.read()
            made.append(Scene(p.source, image, drawn[p.key], min(640 / image.shape[1], 384 / image.shape[0])))
            tiles.append((p.source, image, drawn[p.key]))
    for source in ("helmets", "chefs"):
        chosen = [t for t in tiles if t[0] == source]
        for start in range(0, len(chosen), 6):
            wall = np.full((360, 640, 3), 114, np.uint8)
            boxes = []
            for place, (_, image, heads) in enumerate(chosen[start : start + 6]):
                x, y = place % 3 * 213, place // 3 * 180
                small, scale = letterbox(image, 213, 180)
                wall[y : y + 180, x : x + 213] = small
                boxes.append(heads * scale + np.array([x, y, x, y]))
            made.append(Scene(f"wall-{source}", wall, np.concatenate(boxes).astype(np.float32), 1))
    return made


def look(file: Path, items: list[Scene], width: int, height: int, nms: float) -> list:
    """Detections of every scene: boxes and scores of bodies, and of heads."""
    model = Onnx(file)
    bar = tqdm(items, desc=f"{file.stem} {width}x{height}", mininterval=5)
    found = [detect(model, scene.image, width, height, LOW, nms)[:2] for scene in bar]
    model.close()
    return found


def timings(jobs: list[tuple[Path, int, int]], rounds: int = 60) -> list[dict]:
    """Milliseconds of each model and size, taken in turns so that whatever else the machine does hits all alike."""
    models = {file: Onnx(file) for file, _, _ in jobs}
    noise = np.random.default_rng(1)
    images = {(w, h): noise.integers(0, 256, (h, w, 3), np.uint8) for _, w, h in jobs}
    spent: list[list[float]] = [[] for _ in jobs]
    for _ in tqdm(range(rounds), desc="timing", mininterval=5):
        for times, (file, w, h) in zip(spent, jobs):
            models[file](images[w, h])
            times.append(models[file](images[w, h])[1])
    for model in models.values():
        model.close()
    return [{"median": round(float(np.median(t)), 2), "fastest": round(min(t), 2)} for t in spent]


def match(scene: Scene, boxes: np.ndarray, scores: np.ndarray, least: float):
    """Scores and right-or-wrong of the detections that count, and the number of heads that count."""
    size = lambda b: np.sqrt(np.prod(b[:, 2:] - b[:, :2], 1)) * scene.ppu
    counted = size(scene.heads) >= least if len(scene.heads) else np.zeros(0, bool)
    free = np.ones(len(scene.heads), bool)
    table = overlaps(boxes, scene.heads) if len(boxes) and len(scene.heads) else None
    own = size(boxes) if len(boxes) else np.zeros(0)
    kept, right = [], []
    for i in range(len(boxes)):
        best = -1
        if table is not None:
            row = np.where(free, table[i], 0)
            # A head that counts comes before one that is too small to.
            row = np.where(row >= 0.5, row + counted, 0)
            best = int(row.argmax()) if row.max() > 0 else -1
        if best >= 0:
            free[best] = False
            if counted[best]:
                kept.append(scores[i])
                right.append(True)
        elif own[i] >= least:
            kept.append(scores[i])
            right.append(False)
    return kept, right, int(counted.sum())


def curve(items: list[Scene], found: list, group: str, least: float):
    """All counted detections of a group, best first: scores, right-or-wrong, and the number of heads."""
    scores, right, heads = [], [], 0
    for scene, (_, (boxes, s)) in zip(items, found):
        if scene.group in group.split("+"):
            k, r, n = match(scene, boxes, s, least)
            scores += k
            right += r
            heads += n
    order = np.argsort(-np.array(scores), kind="stable")
    return np.array(scores)[order], np.array(right, bool)[order], heads


def average_precision(right: np.ndarray, heads: int) -> float:
    """Area under the precision envelope."""
    hits = np.cumsum(right)
    recall, precision = hits / max(1, heads), hits / np.arange(1, len(right) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0], recall])) * envelope))


def best_threshold(items: list[Scene], found: list) -> float:
    """The score with the best F1 over validation helmets (labelled fully), alone and as walls, and background."""
    scores, right, heads = curve(items, found, "helmets+wall-helmets+background", 0)
    hits = np.cumsum(right)
    f1 = 2 * hits / (np.arange(1, len(right) + 1) + heads)
    return float(np.round(scores[int(f1.argmax())], 2))


def body_threshold(items: list[Scene], found: list, reference: list, sure: float) -> float:
    """The score with the best F1 when the reference's sure bodies are taken for the truth."""
    as_heads = [Scene("body", s.image, ref[0][0][ref[0][1] >= sure], s.ppu) for s, ref in zip(items, reference)]
    scores, right, bodies = curve(as_heads, [(None, f[0]) for f in found], "body", 0)
    f1 = 2 * np.cumsum(right) / (np.arange(1, len(right) + 1) + bodies)
    return float(np.round(scores[int(f1.argmax())], 2))


def agreement(found: list, reference: list, limit: float, sure: float) -> float:
    """Part of the reference's sure bodies that are found too."""
    hits = total = 0
    for (body, _), (known, _) in zip(found, reference):
        want = known[0][known[1] >= sure]
        have = body[0][body[1] >= limit]
        total += len(want)
        if len(want) and len(have):
            hits += int((overlaps(want, have).max(1) >= 0.5).sum())
    return hits / max(1, total)


def report(items: list[Scene], found: list, threshold: float, groups: list[str]) -> dict:
    """Figures of one model at one input size."""
    answer: dict = {}
    for group in groups:
        answer[group] = {}
        for name, least in SIZES.items():
            scores, right, heads = curve(items, found, group, least)
            row = {"heads": heads, "recall": round(float(right[scores >= threshold].sum() / max(1, heads)), 4)}
            if "helmets" in group:
                row["precision"] = round(float(right[scores >= threshold].mean()), 4)
                row["ap50"] = round(average_precision(right, heads), 4)
            answer[group][name] = row
    empty = [f[1][1] for s, f in zip(items, found) if s.group == "background"]
    false = [int((s >= threshold).sum()) for s in empty]
    answer["background"] = {
        "pictures": len(empty),
        "falseHeadsPerPicture": round(sum(false) / len(false), 4),
        "picturesWithFalseHead": sum(1 for n in false if n),
    }
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--part", default="test", choices=["val", "test"])
    parser.add_argument("--models", nargs="+", required=True, help="name=file, or reference")
    parser.add_argument("--sizes", nargs="+", default=["640x384", "512x288", "416x256"])
    parser.add_argument("--card", type=Path, help="model card whose table is renewed")
    parser.add_argument("--to", type=Path, default=WORK / "evaluation.json")
    args = parser.parse_args()
    params, data = parameters(), data_folder(args.data)
    nms = params["serve"]["thresholds"]["nms"]
    parts = {"val": scenes(data, params, "val")}
    if args.part == "test":
        parts["test"] = scenes(data, params, "test")
    known = data / params["teacher"]["file"]
    base = {part: look(known, items, 640, 384, nms) for part, items in parts.items()}
    groups = ["helmets", "wall-helmets", "chefs", "wall-chefs"]
    jobs = []
    for given in args.models:
        name, _, file = given.partition("=")
        for size in args.sizes:
            jobs.append((name, Path(file) if file else known, *map(int, size.split("x"))))
    rows = []
    for (name, file, width, height), ms in zip(jobs, timings([j[1:] for j in jobs])):
        found = {part: look(file, items, width, height, nms) for part, items in parts.items()}
        heads = best_threshold(parts["val"], found["val"])
        bodies = body_threshold(parts["val"], found["val"], base["val"], 0.5)
        row = {"model": name, "width": width, "height": height, "milliseconds": ms}
        row["thresholds"] = {"head": heads, "body": bodies}
        row |= report(parts[args.part], found[args.part], heads, groups)
        row["bodiesOfReferenceFound"] = round(agreement(found[args.part], base[args.part], bodies, 0.5), 4)
        rows.append(row)
        show(row)
    counts = {g: sum(s.group == g for s in parts[args.part]) for g in [*groups, "background"]}
    answer = {"part": args.part, "split": params["split"], "pictures": counts, "rows": rows}
    args.to.write_text(json.dumps(answer, indent=2) + "\n")
    if args.card:
        before, _, rest = args.card.read_text().partition("<!-- figures -->")
        after = rest.partition("<!-- end of figures -->")[2]
        args.card.write_text(f"{before}<!-- figures -->\n\n{table(rows)}\n<!-- end of figures -->{after}")


def table(rows: list[dict]) -> str:
    """The figures for the card: recall and AP50 for all sizes / from 24 px / from 40 px."""
    sizes = lambda group, key: " / ".join(f"{group[s][key]:.2f}" for s in SIZES)
    lines = [
        "| model, input | ms | threshold | helmets: recall | helmets: AP50 | walls: recall | walls: AP50 "
        "| chefs: recall | false heads a background picture |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for r in rows:
        wall = r["wall-helmets"]
        cells = [
            f"{r['model']} {r['width']}×{r['height']}",
            f"{r['milliseconds']['median']:.1f} ({r['milliseconds']['fastest']:.1f})",
            f"{r['thresholds']['head']:.2f}",
            sizes(r["helmets"], "recall"),
            sizes(r["helmets"], "ap50"),
            sizes(wall, "recall"),
            sizes(wall, "ap50"),
            f"{r['chefs']['all']['recall']:.2f}",
            f"{r['background']['falseHeadsPerPicture']:.2f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def show(row: dict) -> None:
    """One line for people."""
    ms, limit = row["milliseconds"], row["thresholds"]
    parts = [f"{row['model']:>10} {row['width']}x{row['height']} {ms['median']:.1f} ({ms['fastest']:.1f}) ms"]
    parts.append(f"t={limit['head']:.2f} {limit['body']:.2f}")
    for group in ("helmets", "wall-helmets", "chefs", "wall-chefs"):
        g = row[group]
        parts.append(f"{group} " + " ".join(f"{g[s]['recall']:.3f}" for s in SIZES))
        if "ap50" in g["all"]:
            parts.append("AP " + " ".join(f"{g[s]['ap50']:.3f}" for s in SIZES))
    parts.append(f"false {row['background']['falseHeadsPerPicture']:.3f} body {row['bodiesOfReferenceFound']:.3f}")
    print(" | ".join(parts), flush=True)


if __name__ == "__main__":
    main()
