"""Temperature and thresholds on the validation part → rodent.onnx, model.yml, evaluation.json. Test pictures are only measured here."""

from __future__ import annotations

import argparse
import hashlib
import json

import numpy as np
import torch
import yaml

from rodent_common import MODEL_DIR, load_params, load_photos, work_dir
from rodent_crops import fixed_crops
from rodent_figures import SOURCES, auc, degraded, figures, temperature_of
from rodent_track_model import Served, load_tracks_nets, track_scores
from rodent_track_train import load_tracks, logits_of, night_odds, with_nothing

VERSION = "0.4.0"


class Part:
    """Logits of one part: photographs as stand-in tracks, and tracks of moving scenes."""

    def __init__(self, net, part: str, params: dict):
        photos = [p for p in load_photos(params) if p.part == part]
        per = params["evaluation"]["degradations"]
        pixels, labels, groups = degraded(fixed_crops(photos, params), params)
        self.stills = logits_of(net, with_nothing(pixels)).reshape(-1, per)
        self.still_labels, self.groups = labels[::per], groups[::per]
        crops, self.labels, self.whats, self.shapes, self.scenes = load_tracks(part)
        self.tracks = logits_of(net, crops.reshape(-1, *crops.shape[2:])).reshape(len(crops), -1)

    def means(self, temperature: float) -> tuple[np.ndarray, np.ndarray]:
        """Track scores as served. Photographs, scenes."""
        return tuple(track_scores(1 / (1 + np.exp(-z / temperature))) for z in (self.stills, self.tracks))

    def looks(self, scores: np.ndarray, label: int) -> np.ndarray:
        """Best score of every scene that has tracks of this label: what a look would come to."""
        return np.array([scores[self._of(scene, label)].max() for scene in self.scenes_with(label)])

    def scenes_with(self, label: int) -> np.ndarray:
        return np.unique(self.scenes[self.labels == label])

    def odds(self, params: dict) -> np.ndarray:
        """Weight of every look without a rodent, sum 1 (rodent.yml, night_mix)."""
        return night_odds(np.array([self.whats[self._of(scene, 0)][0] for scene in self.scenes_with(0)]), params)

    def _of(self, scene: int, label: int) -> np.ndarray:
        return (self.labels == label) & (self.scenes == scene)


def thresholds_of(part: Part, temperature: float, params: dict) -> dict:
    """`yes`: of the looks in which something else moved, as the night mixes them, at most so many are suspected."""
    _, tracks = part.means(temperature)
    wanted = params["thresholds"]
    looks, odds = part.looks(tracks, 0), part.odds(params)
    order = looks.argsort()
    yes = float(looks[order][np.searchsorted(odds[order].cumsum(), 1 - wanted["yes_false_looks"])])
    uncertain = float(np.quantile(tracks[part.labels == 1], wanted["no_miss_rate"]))
    return {"yes": round(yes, 3), "uncertain": round(min(yes, max(uncertain, yes / 2)), 3)}


def report(part: Part, temperature: float, thresholds: dict, params: dict) -> dict:
    stills, tracks = part.means(temperature)
    other, own = part.looks(tracks, 0), part.looks(tracks, 1)
    yes = thresholds["yes"]
    return {
        "photographs": figures(stills, part.still_labels, thresholds),
        "photographsByGroup": {g: figures(stills[part.groups == g], part.still_labels[part.groups == g], thresholds) for g in sorted(set(part.groups))},
        "sceneTracks": figures(tracks, part.labels, thresholds),
        "sceneLooks": {
            "rodents": len(own), "recall": round(float((own >= yes).mean()), 4), "others": len(other), "false": round(float((other >= yes).mean()), 4),
            "falseByNight": round(float(part.odds(params)[other >= yes].sum()), 4),
            "auc": round(auc(np.concatenate([own, other]), np.concatenate([np.ones(len(own)), np.zeros(len(other))])), 4),
        },
        "sceneTracksByWhat": {w: figures(tracks[part.whats == w], part.labels[part.whats == w], thresholds) for w in sorted(set(part.whats))},
        "sceneRecallBySize": {
            f"{low}-{high}": round(float((tracks[chosen] >= yes).mean()), 3)
            for low, high in ((0, 0.1), (0.1, 0.2), (0.2, 0.35), (0.35, 0.6), (0.6, 2))
            if (chosen := (part.labels == 1) & (part.shapes[:, 1] >= low) & (part.shapes[:, 1] < high)).sum() > 4
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", nargs="+", default=["track-best"], help="checkpoints without .pt; several are averaged")
    parser.add_argument("--dry", action="store_true", help="print validation figures, write nothing")
    parser.add_argument("--without-test", action="store_true", help="leave the test part unmeasured")
    args = parser.parse_args()
    params = load_params()
    torch.set_num_threads(1)
    net = load_tracks_nets([work_dir() / f"{run}.pt" for run in args.run])
    held = Part(net, "validation", params)
    logits = np.concatenate([held.stills.ravel(), held.tracks.ravel()])
    truth = np.concatenate([np.repeat(held.still_labels, held.stills.shape[1]), np.repeat(held.labels, held.tracks.shape[1])])
    temperature = temperature_of(logits, truth)
    thresholds = thresholds_of(held, temperature, params)
    found = report(held, temperature, thresholds, params)
    if args.dry:
        print(round(temperature, 3), thresholds, json.dumps(found, indent=1))
        return
    net.eval()
    size = params["input"]["size"]
    file = MODEL_DIR / "rodent.onnx"
    torch.onnx.export(
        Served(net, temperature).eval(), torch.zeros(2, size, size, 2, dtype=torch.uint8), str(file), opset_version=13,
        input_names=["crops"], output_names=["rodent"], dynamic_axes={"crops": {0: "n"}, "rodent": {0: "n"}},
    )
    content = file.read_bytes()
    described = {
        "name": "rodent", "version": VERSION, "task": "rodent", "runtime": "onnx", "file": file.name,
        "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "parameters": sum(p.numel() for p in net.parameters()),
        "input": {"name": "crops", "dtype": "uint8", "layout": "NHWC", "planes": "grey,difference", "size": size,
                  "cropScale": params["input"]["cropScale"], "pad": params["input"]["pad"]},
        "output": {"name": "rodent"}, "thresholds": thresholds, "temperature": round(temperature, 3),
        "licence": "Apache-2.0", "trainedFrom": SOURCES, "command": "see models/training/RODENT.md",
    }
    (MODEL_DIR / "model.yml").write_text(yaml.safe_dump(described, sort_keys=False, width=120), encoding="utf8")
    result = {"model": "rodent", "version": VERSION, "sha256": described["sha256"], "thresholds": thresholds, "validation": found}
    if not args.without_test:
        result["test"] = report(Part(net, "test", params), temperature, thresholds, params)
    (MODEL_DIR / "evaluation.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf8")
    print(json.dumps({key: result[part][key] for part in ("validation", "test") if part in result for key in ("photographs", "sceneLooks")}, indent=1), thresholds)


if __name__ == "__main__":
    main()
