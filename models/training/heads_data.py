"""Pictures, their split, their boxes, and the canvases that the head detector is trained on."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / ".training" / "heads"
CLASSES = ("body", "head")
BODY, HEAD = 0, 1
HEAD_LABELS = {
    "chefs": {"hat", "no_hat", "unsure"},
    "helmets": {"helmet", "head"},
}
PICTURES = ("chefs", "people", "helmets", "masks", "background")
PAD = 114
FIRST_THING = "n02600000"
"""ImageNet's numbers below this are animals, whose heads the teacher often takes for a person's."""


def parameters(run: str | None = None) -> dict:
    """The one parameters file, with what its section `runs` changes for the named run."""
    params = yaml.safe_load((Path(__file__).parent / "heads.yml").read_text())
    runs = params.pop("runs")
    if run is not None:
        for section, changes in runs[run].items():
            params[section] = {**params[section], **changes}
    return params


def data_folder(argument: str | None = None) -> Path:
    """Where the pictures are: the argument, MINGZAO_DATA, or `../shared/data` beside the repository."""
    return Path(argument or os.environ.get("MINGZAO_DATA") or ROOT.parent / "shared" / "data")


def node() -> str:
    """The repository's own Node, or the one on PATH."""
    own = ROOT / "node_modules" / ".bin" / "node"
    return str(own) if own.exists() else "node"


@dataclass
class Picture:
    source: str
    name: str
    part: str
    """train, val or test."""
    path: Path
    frame: int = -1
    """Number of the frame, for films."""

    @property
    def key(self) -> str:
        return f"{self.source}/{self.name}" + (f"#{self.frame}" if self.frame >= 0 else "")

    def read(self) -> np.ndarray:
        """RGB bytes."""
        if self.frame >= 0:
            return film(self.path)[self.frame]
        return cv2.cvtColor(cv2.imread(str(self.path), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


_films: dict[Path, list[np.ndarray]] = {}


def film(path: Path) -> list[np.ndarray]:
    """All frames of an animated picture, RGB."""
    if path not in _films:
        from PIL import Image, ImageSequence

        with Image.open(path) as im:
            _films[path] = [np.asarray(f.convert("RGB")) for f in ImageSequence.Iterator(im)]
    return _films[path]


def part_of(content: bytes, split: dict) -> str:
    """train, val or test, by the picture's own bytes: the same on every machine and in every order."""
    place = int(hashlib.sha256(content).hexdigest()[:8], 16) / 2**32
    if place < split["train"]:
        return "train"
    return "val" if place < split["train"] + split["val"] else "test"


def pictures(data: Path, params: dict) -> list[Picture]:
    """Every picture with its part; frames of films are for training only."""
    found = []
    for source in PICTURES:
        for path in sorted((data / source / "images").iterdir()):
            found.append(Picture(source, path.name, part_of(path.read_bytes(), params["split"]), path))
    for name in params["video"]["files"]:
        path = data / "video" / name
        for frame in range(0, len(film(path)), params["video"]["every"]):
            found.append(Picture("video", name, "train", path, frame))
    return found


def labelled_heads(data: Path) -> dict[str, np.ndarray]:
    """Boxes of heads drawn by people: key of the picture to [n, 4] corners in pixels."""
    boxes: dict[str, list] = {}
    for source, kinds in HEAD_LABELS.items():
        with (data / source / "labels.csv").open() as file:
            for row in csv.DictReader(file):
                if row["label"] in kinds:
                    key = f"{source}/{Path(row['file']).name}"
                    boxes.setdefault(key, []).append([float(row[k]) for k in ("x1", "y1", "x2", "y2")])
    return {k: np.array(v, np.float32) for k, v in boxes.items()}


class Onnx:
    """A detector run by onnxruntime-node on one thread (see heads_onnx.mjs)."""

    def __init__(self, model: Path):
        script = Path(__file__).parent / "heads_onnx.mjs"
        self.process = subprocess.Popen(
            [node(), str(script), str(model)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )

    def __call__(self, image: np.ndarray) -> tuple[np.ndarray, float]:
        """Raw rows for an RGB picture whose sides are multiples of 32, and the milliseconds they took."""
        height, width = image.shape[:2]
        self.process.stdin.write(struct.pack("<II", height, width) + np.ascontiguousarray(image).tobytes())
        self.process.stdin.flush()
        rows, columns, spent = struct.unpack("<IIf", self.process.stdout.read(12))
        raw = self.process.stdout.read(rows * columns * 4)
        return np.frombuffer(raw, np.float32).reshape(rows, columns), spent

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def letterbox(image: np.ndarray, width: int, height: int) -> tuple[np.ndarray, float]:
    """The picture scaled into the top left of a grey field, and the scale."""
    scale = min(width / image.shape[1], height / image.shape[0])
    w, h = round(image.shape[1] * scale), round(image.shape[0] * scale)
    field = np.full((height, width, 3), PAD, np.uint8)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    field[:h, :w] = cv2.resize(image, (w, h), interpolation=how)
    return field, scale


def decode_rows(raw: np.ndarray, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Corner boxes [N, 4] in input pixels and scores [N, 2] (objectness x class) from raw output rows."""
    origins, strides = [], []
    for s in (8, 16, 32):
        ys, xs = np.mgrid[: height // s, : width // s]
        origins.append(np.stack([xs, ys], -1).reshape(-1, 2))
        strides.append(np.full(origins[-1].shape[0], s))
    origin, stride = np.concatenate(origins), np.concatenate(strides)[:, None]
    centre = (raw[:, :2] + origin) * stride
    half = np.exp(np.minimum(raw[:, 2:4], 8)) * stride / 2
    return np.concatenate([centre - half, centre + half], 1), raw[:, 4:5] * raw[:, 5:7]


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of every box of `a` with every box of `b`."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), 2)
    area = lambda x: np.prod(np.clip(x[:, 2:] - x[:, :2], 0, None), 1)
    return shared / np.maximum(area(a)[:, None] + area(b)[None] - shared, 1e-9)


def suppress(boxes: np.ndarray, scores: np.ndarray, limit: float) -> np.ndarray:
    """Indices kept by non-maximum suppression, best first."""
    order = np.argsort(-scores, kind="stable")
    kept = []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(best)
        order = rest[overlaps(boxes[best : best + 1], boxes[rest])[0] <= limit]
    return np.array(kept, int)


def detect(model: Onnx, image: np.ndarray, width: int, height: int, low: float, nms: float) -> list:
    """Per class, boxes [n, 4] in the picture's pixels and scores [n], best first; and the milliseconds."""
    field, scale = letterbox(image, width, height)
    raw, spent = model(field)
    boxes, scores = decode_rows(raw, width, height)
    answer = []
    for kind in range(len(CLASSES)):
        chosen = scores[:, kind] >= low
        b, s = boxes[chosen] / scale, scores[chosen, kind]
        kept = suppress(b, s, nms)
        answer.append((b[kept], s[kept]))
    return [*answer, spent]


@dataclass
class Example:
    """A training picture: boxes [n, 4], their classes, and how far each is trusted.

    A drawn box is trusted by 1, a teacher's box as `trust` says: that is what objectness is taught to be there. At a
    box trusted by 0 nothing is taught, neither object nor background.
    """

    picture: Picture
    boxes: np.ndarray
    kinds: np.ndarray
    trust: np.ndarray


def trust(scores: np.ndarray, teacher: dict) -> np.ndarray:
    """How far boxes are trusted: as far as the teacher does, or wholly from a score upwards and not at all below."""
    if teacher["soft"]:
        return np.minimum(scores * teacher["gain"], 1)
    return (scores >= teacher["positive"]).astype(np.float32)


def with_body(rows: np.ndarray) -> np.ndarray:
    """Which rows are bodies, or heads whose middle lies in a body: more likely a person than an animal's face."""
    bodies = rows[rows[:, 4] == BODY, :4]
    middle = (rows[:, :2] + rows[:, 2:4]) / 2
    inside = (middle[:, None] >= bodies[None, :, :2]) & (middle[:, None] <= bodies[None, :, 2:])
    return (rows[:, 4] == BODY) | inside.all(2).any(1)


def examples(data: Path, params: dict, part: str) -> list[Example]:
    """Pictures of a part with labelled heads where people drew them, and the teacher's boxes elsewhere."""
    pseudo = json.loads((WORK / "pseudo.json").read_text())
    drawn = labelled_heads(data)
    limit = params["teacher"]["person"]
    made = []
    for picture in pictures(data, params):
        if picture.part != part:
            continue
        rows = np.array(pseudo[picture.key], np.float32).reshape(-1, 6)
        if picture.source == "background":
            # What the teacher is sure of may be a person: such places are left out, the rest is background.
            rows = rows[rows[:, 5] >= limit]
            if picture.name[:9] < FIRST_THING:
                rows = rows[with_body(rows)]
            made.append(Example(picture, rows[:, :4], rows[:, 4].astype(int), np.zeros(len(rows), np.float32)))
            continue
        if picture.key in drawn:
            own = drawn[picture.key]
            clash = (overlaps(rows[:, :4], own).max(1) > 0.25) if len(rows) else np.zeros(0, bool)
            rows = rows[~(clash & (rows[:, 4] == HEAD))]
            labels = np.concatenate([own, np.full((len(own), 1), HEAD), np.ones((len(own), 1))], 1)
            rows = np.concatenate([rows, labels.astype(np.float32)])
        made.append(Example(picture, rows[:, :4], rows[:, 4].astype(int), trust(rows[:, 5], params["teacher"])))
    return made


class Canvases:
    """Endless training canvases: tiles of several pictures at small scale, worn like a kitchen camera's frames."""

    def __init__(self, items: list[Example], params: dict):
        self.params = params["canvas"]
        self.by_source = {s: [e for e in items if e.picture.source == s] for s in params["sources"]}
        self.sources = [s for s in params["sources"] if self.by_source[s]]
        weights = np.array([params["sources"][s] for s in self.sources])
        self.weights = weights / weights.sum()
        self.cache: dict[str, np.ndarray] = {}

    def load(self, progress) -> None:
        """Reads every picture once, so that worker processes share them."""
        for source in self.sources:
            for e in progress(self.by_source[source], desc=f"read {source}"):
                self.cache[e.picture.key] = e.picture.read()

    def image(self, e: Example) -> np.ndarray:
        if e.picture.key not in self.cache:
            self.cache[e.picture.key] = e.picture.read()
        return self.cache[e.picture.key]

    def tile(self, rng: np.random.Generator, width: int, height: int):
        """One picture turned, stretched, mirrored and cut into a tile; boxes follow it."""
        p = self.params
        pool = self.by_source[self.sources[rng.choice(len(self.sources), p=self.weights)]]
        e = pool[rng.integers(len(pool))]
        image = self.image(e)
        h, w = image.shape[:2]
        cover = rng.random() < 0.6
        fit = (max if cover else min)(width / w, height / h)
        scale = fit * np.exp(rng.uniform(-0.1, 0.35) if cover else rng.uniform(-0.5, 0.1))
        sx, sy = scale * np.exp(rng.uniform(-0.12, 0.12)), scale * np.exp(rng.uniform(-0.25, 0.1))
        turned = rng.random() < p["overhead"]
        angle = np.deg2rad(rng.uniform(-180, 180) if turned else rng.uniform(-1, 1) * p["rotate"])
        if rng.random() < 0.5:
            sx = -sx
        c, s = np.cos(angle), np.sin(angle)
        turn = np.array([[c * sx, -s * sy], [s * sx, c * sy]])
        free = [max(0.0, (abs(sx) * w - width) / 2), max(0.0, (sy * h - height) / 2)]
        shift = np.array([rng.uniform(-1, 1) * (f + 0.05 * side) for f, side in zip(free, (width, height))])
        move = np.array([width / 2, height / 2]) + shift - turn @ np.array([w / 2, h / 2])
        matrix = np.concatenate([turn, move[:, None]], 1)
        fill = [PAD] * 3 if rng.random() < 0.3 else [int(v) for v in rng.integers(0, 256, 3)]
        if rng.random() < 0.3:
            mode = {"borderMode": cv2.BORDER_REFLECT_101}
            mode = mode if cover else {"borderValue": fill}
        else:
            mode = {"borderValue": fill}
        if scale < 0.6:
            # Halve first, so that small tiles keep their detail without aliasing.
            steps = int(np.floor(np.log2(0.85 / scale)))
            if steps > 0:
                image = cv2.resize(image, None, fx=0.5**steps, fy=0.5**steps, interpolation=cv2.INTER_AREA)
                matrix = matrix @ np.diag([w / image.shape[1], h / image.shape[0], 1.0])
        out = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, **mode)
        if not len(e.boxes):
            return out, np.zeros((0, 4), np.float32), e.kinds, e.trust
        centre = (e.boxes[:, :2] + e.boxes[:, 2:]) / 2 @ turn.T + move
        side = e.boxes[:, 2:] - e.boxes[:, :2]
        # A head is nearer to an ellipse than to a rectangle: turn the ellipse and take its bounds.
        half = np.sqrt((side**2) @ (turn.T**2)) / 2
        boxes = np.concatenate([centre - half, centre + half], 1)
        whole = np.prod(boxes[:, 2:] - boxes[:, :2], 1)
        seen = np.clip(boxes, 0, [width, height, width, height]).astype(np.float32)
        part = np.prod(np.clip(seen[:, 2:] - seen[:, :2], 0, None), 1) / np.maximum(whole, 1e-6)
        here = part > 0.15
        small = (seen[:, 2:] - seen[:, :2]).min(1) < p["smallest"]
        trust = e.trust * ((part > 0.5) & ~small)
        return out, seen[here], e.kinds[here], trust[here]

    def canvas(self, rng: np.random.Generator, width: int, height: int):
        """RGB canvas, boxes [n, 4], kinds [n], trust [n]."""
        p = self.params
        grids = p["grids"]
        share = np.array([g[2] for g in grids])
        rows, columns, _ = grids[rng.choice(len(grids), p=share / share.sum())]
        right, bottom = width, height
        field = np.full((height, width, 3), PAD, np.uint8)
        if rng.random() < p["pad"]:
            if rng.random() < 0.5:
                right = int(width * rng.uniform(0.6, 0.98))
            else:
                bottom = int(height * rng.uniform(0.75, 0.98))
        xs = self.cuts(rng, columns, right)
        ys = self.cuts(rng, rows, bottom)
        boxes, kinds, trust = [], [], []
        for y0, y1 in zip(ys, ys[1:]):
            for x0, x1 in zip(xs, xs[1:]):
                image, b, k, s = self.tile(rng, x1 - x0, y1 - y0)
                field[y0:y1, x0:x1] = image
                boxes.append(b + np.array([x0, y0, x0, y0], np.float32))
                kinds.append(k)
                trust.append(s)
        field[:bottom, :right] = self.wear(rng, field[:bottom, :right])
        return field, np.concatenate(boxes).astype(np.float32), np.concatenate(kinds), np.concatenate(trust).astype(np.float32)

    @staticmethod
    def cuts(rng: np.random.Generator, count: int, length: int) -> list[int]:
        """Uneven cuts of a side into tiles."""
        parts = rng.uniform(0.7, 1.3, count)
        return [0, *np.round(np.cumsum(parts / parts.sum())[:-1] * length).astype(int).tolist(), length]

    def wear(self, rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
        """Light, colour, blur, noise and compression of a cheap camera."""
        p = self.params
        out = image.astype(np.float32)
        out = (out - 128) * rng.uniform(0.7, 1.25) + 128 + rng.uniform(-25, 25)
        out *= rng.uniform(0.88, 1.12, 3).astype(np.float32)
        if rng.random() < p["hue"]:
            out = out[..., rng.permutation(3)]
        if rng.random() < p["dark"]:
            out = 255 * np.clip(out / 255, 0, 1) ** rng.uniform(1.2, 2.4) * rng.uniform(0.4, 1)
        if rng.random() < p["grey"]:
            out = np.repeat(out @ np.array([0.3, 0.59, 0.11], np.float32)[:, None], 3, 2)
        if rng.random() < p["blur"]:
            if rng.random() < 0.5:
                out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.4))
            else:
                size = int(rng.integers(2, 6))
                kernel = np.zeros((size, size), np.float32)
                if rng.random() < 0.5:
                    kernel[size // 2] = 1 / size
                else:
                    np.fill_diagonal(kernel, 1 / size)
                out = cv2.filter2D(out, -1, kernel)
        if rng.random() < p["noise"]:
            out = out + rng.standard_normal(out.shape, np.float32) * rng.uniform(2, 14)
        out = np.clip(out, 0, 255).astype(np.uint8)
        if rng.random() < p["jpeg"]:
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(22, 85))]
            out = cv2.imdecode(cv2.imencode(".jpg", out, quality)[1], cv2.IMREAD_COLOR)
        return out
