"""Writes models/heads/int8: the detector with 8-bit convolutions, ranges calibrated on training pictures.

`npm run -s bench -- look` shows it beside the shipped one; nothing serves it. To measure what it loses, `--trial` makes a whole models folder.

Weights per channel and symmetric, activations per tensor; stem, outputs and everything between the convolutions stay float.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
import yaml
from onnx import TensorProto, helper, numpy_helper
from tqdm import tqdm

from heads_data import ROOT, WORK, data_folder, letterbox, parameters
from heads_faces_data import training_pictures
from heads_faces_model import ServedWithFaces
from heads_faces_train import mean_faces, shipped_heads
from heads_together_export import mean_of

MODEL = ROOT / "models" / "heads"


def served_of(runs: list[str], data: Path, params: dict) -> ServedWithFaces:
    """The network whose file is quantised."""
    if (WORK / runs[0] / "together.pt").exists():
        return ServedWithFaces(*mean_of(runs)).eval()
    return ServedWithFaces(shipped_heads(data, params["faces"]), mean_faces(runs)).eval()


def ranges(served: ServedWithFaces, data: Path, count: int, width: int, height: int) -> dict[str, list[float]]:
    """Lowest and highest of every convolution's input and output (99.99 % of each picture's values), by module name."""
    found: dict[str, list[float]] = {}

    def note(name: str, value: torch.Tensor) -> None:
        flat = value.flatten()
        rank = max(1, int(flat.numel() * 0.0001))
        low, high = flat.kthvalue(rank).values.item(), flat.kthvalue(flat.numel() - rank + 1).values.item()
        known = found.setdefault(name, [0.0, 0.0])
        found[name] = [min(known[0], low), max(known[1], high)]

    for name, module in served.named_modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(lambda _m, i, o, n=name: (note(f"{n}:in", i[0]), note(f"{n}:out", o)) and None)
    files = training_pictures()
    for file in tqdm(files[:: max(1, len(files) // count)], desc="calibration", mininterval=5):
        image = cv2.cvtColor(cv2.imread(str(data / file)), cv2.COLOR_BGR2RGB)
        with torch.no_grad():
            served(torch.from_numpy(letterbox(image, width, height)[0])[None])
    return found


class Quantiser:
    """Puts quantise and dequantise nodes around the convolutions of a graph."""

    def __init__(self, graph: onnx.GraphProto, seen: dict[str, list[float]]):
        self.graph, self.seen = graph, seen
        self.weights = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
        self.done: dict[str, tuple[str, float]] = {}
        self.nodes: list[onnx.NodeProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.graph.initializer.append(numpy_helper.from_array(value, name))
        return name

    def pair(self, tensor: str, given: str, low: float, high: float) -> tuple[str, float]:
        """A tensor through 8 bits and back: name of the result and the scale."""
        if tensor not in self.done:
            scale = max(high - low, 1e-6) / 255
            names = [self.constant(f"{tensor}:scale", np.float32(scale)), self.constant(f"{tensor}:zero", np.uint8(round(-low / scale)))]
            self.nodes.append(helper.make_node("QuantizeLinear", [given, *names], [f"{tensor}:q"]))
            self.nodes.append(helper.make_node("DequantizeLinear", [f"{tensor}:q", *names], [f"{tensor}:dq"]))
            self.done[tensor] = (f"{tensor}:dq", scale)
        return self.done[tensor]

    def convolution(self, node: onnx.NodeProto, module: str) -> None:
        data, scale = self.pair(node.input[0], node.input[0], *self.seen[f"{module}:in"])
        weight, bias = self.weights[node.input[1]], self.weights[node.input[2]]
        steps = np.maximum(np.abs(weight).max((1, 2, 3)), 1e-8).astype(np.float32) / 127
        key = node.name
        w = [
            self.constant(f"{key}:w", np.clip(np.round(weight / steps[:, None, None, None]), -127, 127).astype(np.int8)),
            self.constant(f"{key}:ws", steps),
            self.constant(f"{key}:wz", np.zeros(len(steps), np.int8)),
        ]
        b = [
            self.constant(f"{key}:b", np.round(bias / (steps * scale)).astype(np.int32)),
            self.constant(f"{key}:bs", (steps * scale).astype(np.float32)),
            self.constant(f"{key}:bz", np.zeros(len(steps), np.int32)),
        ]
        self.nodes.append(helper.make_node("DequantizeLinear", w, [f"{key}:wdq"], axis=0))
        self.nodes.append(helper.make_node("DequantizeLinear", b, [f"{key}:bdq"], axis=0))
        plain = f"{key}:out"
        copy = helper.make_node("Conv", [data, f"{key}:wdq", f"{key}:bdq"], [plain], name=key)
        copy.attribute.extend(node.attribute)
        self.nodes.append(copy)
        low, high = self.seen[f"{module}:out"]
        if self.before_relu(node.output[0]):
            low = 0.0  # what ReLU drops needs no levels
        scaled, _ = self.pair(f"{key}:result", plain, low, high)
        self.nodes.append(helper.make_node("Identity", [scaled], [node.output[0]]))

    def before_relu(self, tensor: str) -> bool:
        """Whether ReLU alone reads the tensor."""
        readers = [node.op_type for node in self.graph.node if tensor in node.input]
        return bool(readers) and set(readers) == {"Relu"}

    def run(self, keep: tuple[str, ...]) -> int:
        """Rewrites the graph; returns how many convolutions became 8-bit."""
        count = 0
        for node in list(self.graph.node):
            module = node.input[1].removesuffix(".weight") if node.op_type == "Conv" else ""
            if module and not any(part in module for part in keep):
                self.convolution(node, module)
                count += 1
            else:
                self.nodes.append(node)
        del self.graph.node[:]
        self.graph.node.extend(self.nodes)
        used = {name for node in self.nodes for name in node.input}
        kept = [i for i in self.graph.initializer if i.name in used]
        del self.graph.initializer[:]
        self.graph.initializer.extend(kept)
        return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--runs", nargs="+", default=["together-small"], help="as the exported ones")
    parser.add_argument("--pictures", type=int, default=64)
    parser.add_argument("--trial", type=Path, help="a models folder that is made: heads in 8 bits, the rest as shipped")
    args = parser.parse_args()
    params, data = parameters(args.runs[0]), data_folder(args.data)
    torch.set_num_threads(params["threads"])
    seen = ranges(served_of(args.runs, data, params), data, args.pictures, params["serve"]["width"], params["serve"]["height"])
    model = onnx.load(str(MODEL / "heads.onnx"))
    count = Quantiser(model.graph, seen).run(keep=("heads.stem", "_out"))
    folder = MODEL / "int8"
    if args.trial:
        shutil.copytree(ROOT / "models", args.trial, ignore=shutil.ignore_patterns("runtime", "training", "int8"))
        folder = args.trial / "heads"
    folder.mkdir(exist_ok=True)
    target = folder / "heads.onnx"
    onnx.save(model, str(target))
    card = yaml.safe_load((MODEL / "model.yml").read_text(encoding="utf8"))
    content = target.read_bytes()
    card.update(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content), command=f"python3 models/training/heads_int8.py --runs {' '.join(args.runs)}")
    (folder / "model.yml").write_text(yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=110))
    print(f"{count} convolutions in 8 bits, {len(content)} bytes")


if __name__ == "__main__":
    main()
