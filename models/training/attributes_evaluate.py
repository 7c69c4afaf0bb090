"""Measure the exported model, as it is served, on the validation and held-out test parts; write evaluation.json.

Nothing here chooses anything: thresholds and temperatures come from model.yml.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import cv2
import numpy as np
import yaml

from attributes_common import (
    MODEL_DIR,
    REPO,
    area,
    data_dir,
    iou,
    load_params,
    overlap,
    read_image,
    read_source,
    work_dir,
)
from attributes_data import Samples, load_samples
from attributes_metrics import auc, calibration_error, verdicts

KITCHEN = ("chefs", "people")
SIZES = ((0, 24), (24, 40), (40, 64), (64, 100_000))
RENDERED = (16, 24, 32, 40, 56)


def run_model(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict]:
    """Probabilities of hat and mask from the served runtime, and its timings."""
    source, target = work_dir() / "crops.bin", work_dir() / "answers.bin"
    source.write_bytes(np.ascontiguousarray(crops).tobytes())
    model = MODEL_DIR / f"{load_params()['name']}.onnx"
    node = REPO / "node_modules" / ".bin" / "node"
    script = Path(__file__).with_name("attributes_run.mjs")
    command = [str(node), str(script), str(model), str(crops.shape[1]), str(source), str(target)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    answers = np.frombuffer(target.read_bytes(), np.float32).reshape(2, len(crops), 3)
    return answers[0], answers[1], json.loads(said)


def figures(probability: np.ndarray, labels: np.ndarray, limits: tuple[float, float], names: list[str]) -> dict:
    """Figures of one output; class 0 is fine, class 1 is the violation, class 2 is cannot say."""
    known = labels >= 0
    probability, labels = probability[known], labels[known]
    sides = labels < 2
    out: dict = {"n": int(known.sum()), "perClass": {n: int((labels == i).sum()) for i, n in enumerate(names)}}
    if sides.sum() == 0 or len(np.unique(labels[sides])) < 2:
        return out
    p, y = probability[sides], labels[sides]
    verdict = verdicts(probability, *limits)
    sure = verdict[sides]
    out["accuracy"] = share((p[:, 1] > p[:, 0]) == (y == 1))
    out["accuracyOfThree"] = share(probability.argmax(1) == labels)
    out["auc"] = round(auc(p[:, 1] / (p[:, 0] + p[:, 1]), y, 1, 0), 4)
    out["calibrationError"] = round(calibration_error(probability, labels), 4)
    for i in (1, 0):
        said, true = sure == i, y == i
        out[names[i]] = {
            "precision": share(true[said]),
            "recall": share(said[true]),
            "recallOutsideUncertain": share(said[true & (sure >= 0)]),
            "said": int(said.sum()),
            "wrong": int((said & ~true).sum()),
        }
    out["uncertain"] = share(sure < 0)
    third = labels == 2
    if third.any():
        out[names[2]] = {
            "n": int(third.sum()),
            "uncertain": share(verdict[third] < 0),
            f"judged_{names[1]}": share(verdict[third] == 1),
        }
        said = verdict == 1
        out[names[1]]["precisionCountingThirdClassAsWrong"] = share(labels[said] == 1)
    return out


def share(values: np.ndarray) -> float | None:
    """Share of true values, rounded; none of nothing."""
    return round(float(np.mean(values)), 4) if len(values) else None


def part_figures(part: Samples, hat: np.ndarray, mask: np.ndarray, card: dict) -> dict:
    """All figures of one part: by source, by head size."""
    t, names = card["thresholds"], card["outputs"]
    hat_limits = (t["hat"]["no_hat_yes"], t["hat"]["hat_yes"])
    mask_limits = (t["mask"]["no_mask_yes"], t["mask"]["mask_yes"])
    source = np.array([h.source for h in part.heads])
    side = np.array([h.side for h in part.heads])
    kitchen = np.isin(source, KITCHEN)

    def both(where: np.ndarray) -> dict:
        return {
            "hat": figures(hat[where], part.hat[where], hat_limits, names["hat"]),
            "mask": figures(mask[where], part.mask[where], mask_limits, names["mask"]),
        }

    everything = np.ones(len(source), bool)
    return {
        "pictures": len({h.file for h in part.heads}),
        "chefsAndPeople": both(kitchen),
        "all": both(everything),
        "bySource": {s: both(source == s) for s in sorted(set(source))},
        "bySide": {f"{a}-{b if b < 1000 else ''}": both(kitchen & (side >= a) & (side < b)) for a, b in SIZES},
        "maskBySide": {
            f"{a}-{b if b < 1000 else ''}": both((source == "masks") & (side >= a) & (side < b))["mask"]
            for a, b in SIZES
        },
    }


def rendered_smaller(part: Samples, card: dict) -> dict:
    """The same heads reduced to a number of pixels a head side, as a far camera would give them."""
    names, t = card["outputs"], card["thresholds"]
    limits = {k: (t[k][f"no_{k}_yes"], t[k][f"{k}_yes"]) for k in ("hat", "mask")}
    size, out = card["input"]["width"], {}
    for head in RENDERED:
        small = max(round(head * card["input"]["cropScale"]), 2)
        fits = np.array([h.side >= head for h in part.heads])
        chosen = part.take(np.nonzero(fits)[0])
        crops = [
            cv2.resize(cv2.resize(c, (small, small), interpolation=cv2.INTER_AREA), (size, size)) for c in chosen.plain
        ]
        hat, mask, _ = run_model(np.stack(crops))
        kitchen = np.isin([h.source for h in chosen.heads], KITCHEN)
        out[str(head)] = {
            "hat": figures(hat[kitchen], chosen.hat[kitchen], limits["hat"], names["hat"]),
            "mask": figures(mask, chosen.mask, limits["mask"], names["mask"]),
        }
    return out


def peer_anchors() -> np.ndarray:
    """Anchors (cx, cy, w, h) of the AIZOO detector's five grids."""
    sizes = ((0.04, 0.056), (0.08, 0.11), (0.16, 0.22), (0.32, 0.45), (0.64, 0.72))
    ratios = (1, 0.62, 0.42)
    anchors = []
    for grid, scale in zip((45, 23, 12, 6, 4), sizes):
        centre = (np.arange(grid) + 0.5) / grid
        cx, cy = np.meshgrid(centre, centre)
        shapes = [(s * np.sqrt(ratios[0]), s / np.sqrt(ratios[0])) for s in scale]
        shapes += [(scale[0] * np.sqrt(r), scale[0] / np.sqrt(r)) for r in ratios[1:]]
        for y, x in zip(cy.ravel(), cx.ravel()):
            anchors += [(x, y, w, h) for w, h in shapes]
    return np.array(anchors)


def peer_faces(files: list[str]) -> dict[str, list[tuple[tuple, int]]]:
    """What the public AIZOO mask detector finds: by file, faces (box in pixels, 0 mask or 1 no mask), best first."""
    anchors, sizes, pictures = peer_anchors(), [], []
    for file in files:
        image = read_image(file)
        sizes.append((image.shape[1], image.shape[0]))
        pictures.append(cv2.resize(image, (360, 360)))
    source, target = work_dir() / "peer.bin", work_dir() / "peer-answers.bin"
    source.write_bytes(np.stack(pictures).tobytes())
    node = REPO / "node_modules" / ".bin" / "node"
    script, model = Path(__file__).with_name("attributes_peer.mjs"), data_dir() / "weights" / "aizoo_model360.onnx"
    subprocess.run([str(node), str(script), str(model), str(source), str(target)], check=True)
    answers = np.fromfile(target, np.float32).reshape(len(files), -1)
    out: dict[str, list[tuple[tuple, int]]] = {}
    for file, (width, height), answer in zip(files, sizes, answers):
        where = answer[: len(anchors) * 4].reshape(-1, 4) * np.array([0.1, 0.1, 0.2, 0.2])
        classes = answer[len(anchors) * 4 :].reshape(-1, 2)
        centre = where[:, :2] * anchors[:, 2:] + anchors[:, :2]
        extent = np.exp(where[:, 2:]) * anchors[:, 2:]
        boxes = np.concatenate([centre - extent / 2, centre + extent / 2], 1) * np.array([width, height] * 2)
        score, kept = classes.max(1), []
        for i in np.argsort(-score):
            if score[i] < 0.3:
                break
            if all(iou(boxes[i], other) < 0.4 for other, _ in kept):
                kept.append((tuple(boxes[i]), int(classes[i].argmax())))
        out[file] = kept
    return out


def against_peer(part: Samples, mask: np.ndarray) -> dict:
    """Masked or not on the heads of masks/ whose face the peer finds, and how many it does not find."""
    faces: dict[str, list[tuple]] = {}
    for file, box, label in read_source("masks"):
        faces.setdefault(file, []).append(box)
    wanted = [
        i for i, h in enumerate(part.heads) if h.source == "masks" and part.mask[i] in (0, 1) and h.file in faces
    ]
    found, rows = peer_faces(sorted({part.heads[i].file for i in wanted})), []
    for i in wanted:
        head = part.heads[i]
        inside = [f for f in faces[head.file] if overlap(head.box, f) >= 0.5 * area(f)]
        if len(inside) != 1:
            continue
        best = max(found[head.file], key=lambda f: iou(f[0], inside[0]), default=None)
        seen = best is not None and iou(best[0], inside[0]) >= 0.4
        rows.append((i, best[1] if seen else -1))
    index, said = np.array(rows).T
    ours = (mask[index, 1] > mask[index, 0]).astype(int)
    truth, seen = part.mask[index], said >= 0
    return {
        "peer": "AIZOOTech/FaceMaskDetection, 360, score 0.3, IoU 0.4 with the labelled face",
        "heads": len(index),
        "peerFound": share(seen),
        "accuracyWherePeerFound": {"ours": share(ours[seen] == truth[seen]), "peer": share(said[seen] == truth[seen])},
        "accuracyOfAll": {"ours": share(ours == truth), "peerCountingMissedAsWrong": share(said == truth)},
    }


def shown(value: float | None) -> str:
    """A figure for the card."""
    return "–" if value is None else f"{value:.3f}"


def row(name: str, f: dict, violation: str, fine: str) -> str:
    """One line of a table of the card."""
    if "auc" not in f:
        return f"| {name} | {f['n']} | – | – | – | – | – | – | – |"
    bad, good = f[violation], f[fine]
    cells = (
        f["accuracy"],
        f["auc"],
        bad["precision"],
        bad["recall"],
        bad["recallOutsideUncertain"],
        good["precision"],
        f["uncertain"],
    )
    classes = " / ".join(str(n) for n in f["perClass"].values())
    return f"| {name} | {classes} | " + " | ".join(shown(c) for c in cells) + " |"


def table(kind: str, violation: str, fine: str, rows: list[tuple[str, dict]]) -> str:
    """A table of the card."""
    head = (
        f"| {kind} | n: {fine} / {violation} / third | accuracy | AUC | precision {violation} | recall | "
        f"recall outside uncertain | precision {fine} | uncertain |"
    )
    lines = [head, "|" + "---|" * 9]
    return "\n".join(lines + [row(name, f, violation, fine) for name, f in rows])


def write_card(out: dict) -> None:
    """Put the figures between the markers of the model card."""
    path = MODEL_DIR / "README.md"
    begin, end = "<!-- figures: attributes_evaluate.py -->", "<!-- end of figures -->"
    if not path.exists() or begin not in path.read_text(encoding="utf8"):
        return
    text = path.read_text(encoding="utf8")
    test, validation = out["test"], out["validation"]
    hat_rows = [("validation, chefs + people", validation["chefsAndPeople"]["hat"])]
    hat_rows += [("**test, chefs + people**", test["chefsAndPeople"]["hat"])]
    hat_rows += [(f"test, {s}", f["hat"]) for s, f in test["bySource"].items()]
    hat_rows += [(f"test, head {s} px", f["hat"]) for s, f in test["bySide"].items()]
    hat_rows += [(f"test, reduced to {s} px", f["hat"]) for s, f in out["testRenderedAtHeadSide"].items()]
    mask_rows = [("validation, all", validation["all"]["mask"]), ("**test, all**", test["all"]["mask"])]
    mask_rows += [(f"test, {s}", f["mask"]) for s, f in test["bySource"].items() if f["mask"]["n"]]
    mask_rows += [(f"test, masks/, head {s} px", f) for s, f in test["maskBySide"].items()]
    mask_rows += [(f"test, reduced to {s} px", f["mask"]) for s, f in out["testRenderedAtHeadSide"].items()]
    peer = out["maskAgainstPeer"]
    hat, mask = test["chefsAndPeople"]["hat"], test["all"]["mask"]
    parts = [
        table("hat", "no_hat", "hat", hat_rows),
        table("mask", "no_mask", "mask", mask_rows),
        f"Calibration error (ECE, 15 bins, three classes) on test: hat {shown(hat['calibrationError'])}, "
        f"mask {shown(mask['calibrationError'])}. Counting heads labelled unsure as wrong when they are called no_hat, "
        f"the precision of no_hat on test is {shown(hat['no_hat'].get('precisionCountingThirdClassAsWrong'))}.",
        f"Against the public AIZOO detector on {peer['heads']} test heads of masks/ (we are given head boxes; it finds "
        f"faces itself and found {shown(peer['peerFound'])} of them): accuracy where it found the face, ours "
        f"{shown(peer['accuracyWherePeerFound']['ours'])}, its {shown(peer['accuracyWherePeerFound']['peer'])}; of all, ours "
        f"{shown(peer['accuracyOfAll']['ours'])}, its {shown(peer['accuracyOfAll']['peerCountingMissedAsWrong'])}.",
        f"Speed, one thread of onnxruntime-node while other work shared the machine: {out['msPerCrop']['batch1']} ms a "
        f"crop alone, {out['msPerCrop']['batch8']} ms in a batch of 8.",
    ]
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    path.write_text(head + begin + "\n\n" + "\n\n".join(parts) + "\n\n" + end + tail, encoding="utf8")


def main() -> None:
    """Evaluate and write."""
    params = load_params()
    card = yaml.safe_load((MODEL_DIR / "model.yml").read_text(encoding="utf8"))
    samples = load_samples(params)
    out: dict = {"model": card["name"], "version": card["version"], "sha256": card["sha256"]}
    for name in ("validation", "test"):
        part = samples.part(name)
        hat, mask, timing = run_model(part.plain)
        out[name] = part_figures(part, hat, mask, card)
        if name == "test":
            out["msPerCrop"] = timing["msPerCrop"]
            out["testRenderedAtHeadSide"] = rendered_smaller(part, card)
            out["maskAgainstPeer"] = against_peer(part, mask)
    counts = {n: int((samples.parts == n).sum()) for n in ("train", "validation", "test")}
    out["heads"] = counts
    (MODEL_DIR / "evaluation.json").write_text(json.dumps(out, indent=2) + "\n", encoding="utf8")
    write_card(out)
    for name in ("validation", "test"):
        print(name, json.dumps(out[name]["chefsAndPeople"], indent=None))
        print(name, "all masks", json.dumps(out[name]["all"]["mask"], indent=None))
    print(json.dumps(out["maskAgainstPeer"]), json.dumps(out["msPerCrop"]))


if __name__ == "__main__":
    main()
