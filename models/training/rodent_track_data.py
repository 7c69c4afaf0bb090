"""Tracks of the motion stage that serves, over moving scenes → `.training/rodent/tracks-PART-NNN.npz`; goes on where it stopped.

`rodent_track_data.py --part train --shards 24`. A track is a rodent's where most of its boxes hold one; in scenes with a rodent all
others (imprints, clocks) are left out.
"""

from __future__ import annotations

import argparse
import base64
import json
import struct
import subprocess

import numpy as np
from tqdm import tqdm

from attributes_common import REPO
from rodent_common import HERE, load_params, load_photos, work_dir
from rodent_cutouts import load_cutouts
from rodent_scenes import Maker, Scene

SEEDS = {"train": 101, "validation": 202, "test": 303}


class MotionStage:
    """rodent_tracks.ts as a child process."""

    def __init__(self, params: dict):
        own = params["input"]
        self.size, self.each = own["size"], params["track"]["crops"]
        node = REPO / "node_modules" / ".bin" / "node"
        self.child = subprocess.Popen(
            [str(node), str(HERE / "rodent_tracks.ts"), str(own["cropScale"]), str(own["pad"])], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def tracks(self, frames: np.ndarray, times_ms: np.ndarray) -> tuple[list, np.ndarray]:
        """Places of every track, and crops uint8 [tracks, each, size, size, 2]."""
        count, height, width = frames.shape
        self.child.stdin.write(struct.pack("<5I", count, width, height, self.size, self.each))
        self.child.stdin.write(times_ms.astype("<f8").tobytes() + np.ascontiguousarray(frames).tobytes())
        self.child.stdin.flush()
        answer = json.loads(self.child.stdout.readline())
        crops = np.frombuffer(base64.b64decode(answer["crops"]), np.uint8)
        return answer["tracks"], crops.reshape(-1, self.each, self.size, self.size, 2)

    def close(self) -> None:
        self.child.stdin.close()
        self.child.wait()


def label_of(scene: Scene, places: list) -> int | None:
    """1: a rodent's track, 0: something else's, None: neither can be said."""
    if scene.rodent is None:
        return 0
    height, width = scene.rodent.shape[1:]
    shares = []
    for place in places:
        x1, y1, x2, y2 = (round(v * s) for v, s in zip(place["box"], (width, height, width, height)))
        held = scene.rodent[place["frame"], y1:y2, x1:x2]
        shares.append(held.mean() if held.size else 0.0)
    return 1 if np.mean(np.array(shares) > 0.15) >= 0.6 else None


def shape_of(places: list, times_ms: np.ndarray) -> list[float]:
    """What is known of a track besides its pictures: places, size and reach in picture widths, seconds."""
    boxes = np.array([place["box"] for place in places])
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    reach = float(np.hypot(*(middle.max(0) - middle.min(0))))
    return [len(places), float(np.median(sides)), reach, float(times_ms[places[-1]["frame"]] - times_ms[places[0]["frame"]]) / 1000]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="train")
    parser.add_argument("--shards", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="shard to begin with, so that two processes may share the work")
    parser.add_argument("--scenes", type=int, default=250, help="scenes a shard")
    args = parser.parse_args()
    params = load_params()
    photos = [p for p in load_photos(params) if p.part == args.part]
    maker = Maker(photos, load_cutouts(args.part), params, SEEDS[args.part])
    stage = MotionStage(params)
    for shard in range(args.first, args.shards):
        file = work_dir() / f"tracks-{args.part}-{shard:03d}.npz"
        if file.exists():
            continue
        crops, labels, whats, shapes, scenes, seen = [], [], [], [], [], []
        for k in tqdm(range(shard * args.scenes, (shard + 1) * args.scenes), desc=f"{args.part} {shard}", mininterval=20):
            scene = maker.make(k)
            tracks, cut = stage.tracks(scene.frames, scene.times_ms)
            found = [label_of(scene, places) for places in tracks]
            for places, pixels, label in zip(tracks, cut, found):
                if label is not None:
                    crops.append(pixels), labels.append(label), whats.append(scene.what), scenes.append(k)
                    shapes.append(shape_of(places, scene.times_ms))
            seen.append((k, scene.what, len(tracks), sum(label == 1 for label in found)))
        np.savez_compressed(
            file, crops=np.stack(crops), labels=np.array(labels), whats=np.array(whats), shapes=np.array(shapes), scenes=np.array(scenes),
            seen=np.array(seen, dtype=object),
        )
    stage.close()


if __name__ == "__main__":
    main()
