"""Trains the head detector from the reference's weights and writes .training/heads/<run>/last.pt; goes on where it stopped.

`--from` starts from another run's last weights; narrower layers take the leading channels.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from heads_data import WORK, Canvases, data_folder, examples, parameters
from heads_loss import detection_loss, feature_loss, imitation_loss
from heads_model import Heads, Shape, decode, grid, predictions, read_reference
from torch import nn
from torch.utils.data import DataLoader, IterableDataset
from tqdm import tqdm


class Batches(IterableDataset):
    """Batch number n is always the same, so a resumed training sees what an unbroken one would."""

    def __init__(self, canvases: Canvases, params: dict, start: int, end: int):
        self.canvases, self.params, self.start, self.end = canvases, params, start, end

    def __iter__(self):
        sizes = self.params["train"]["sizes"]
        share = np.array([s[2] for s in sizes])
        for step in range(self.start, self.end):
            rng = np.random.default_rng([self.params["seed"], step])
            width, height, _ = sizes[rng.choice(len(sizes), p=share / share.sum())]
            made = [self.canvases.canvas(rng, width, height) for _ in range(self.params["train"]["batch"])]
            images = torch.from_numpy(np.stack([m[0] for m in made]))
            yield images, [tuple(torch.from_numpy(np.ascontiguousarray(v)) for v in m[1:]) for m in made]


def rate_at(step: int, params: dict) -> float:
    """Learning rate: a short rise, then half a cosine."""
    t = params["train"]
    if step < t["warmup"]:
        return t["rate"] * (step + 1) / t["warmup"]
    part = (step - t["warmup"]) / max(1, t["steps"] - t["warmup"])
    return t["rate"] * (t["final"] + (1 - t["final"]) * (1 + math.cos(math.pi * part)) / 2)


def inherit(student: Heads, teacher: Heads) -> None:
    """Copies the teacher's weights; a narrower layer takes the leading channels, a smaller kernel the middle."""
    source = dict(teacher.named_parameters())
    for name, own in student.named_parameters():
        given = source.get(name)
        if given is None:
            continue
        cut = [slice(0, n) for n in own.shape[:2]]
        for mine, theirs in zip(own.shape[2:], given.shape[2:]):
            cut.append(slice((theirs - mine) // 2, (theirs - mine) // 2 + mine))
        piece = given.data[tuple(cut)]
        if piece.shape == own.shape:
            own.data.copy_(piece)


def taps(heads: Heads) -> tuple[list[nn.Module], list]:
    """Modules whose outputs are compared between student and teacher, and the list those outputs land in."""
    caught: list = []
    modules = [heads.stage2, heads.stage3, heads.stage4, heads.stage5, heads.up4, heads.up3, heads.out4, heads.out5]
    for module in modules:
        module.register_forward_hook(lambda _m, _i, out: caught.append(out))
    return modules, caught


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--run", default="relu", help="name of the run; its parameters override the file's")
    parser.add_argument("--from", dest="parent", help="run whose weights to start from, instead of the reference")
    args = parser.parse_args()
    params, data = parameters(args.run), data_folder(args.data)
    t = params["train"]
    torch.set_num_threads(params["threads"])
    torch.manual_seed(params["seed"])
    folder = WORK / args.run
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / "last.pt"

    reference = read_reference(str(data / params["teacher"]["file"])).to(memory_format=torch.channels_last)
    shape = Shape(**params["model"])
    student = Heads(shape).to(memory_format=torch.channels_last)
    inherit(student, load(args.parent, "student") if args.parent else reference)
    average = Heads(shape)
    average.load_state_dict(student.state_dict())
    weights = [p for p in student.parameters() if p.dim() > 1]
    biases = [p for p in student.parameters() if p.dim() == 1]
    optimiser = torch.optim.AdamW([{"params": weights, "weight_decay": t["decay"]}, {"params": biases, "weight_decay": 0}])
    start = 0
    if last.exists():
        state = torch.load(last)
        student.load_state_dict(state["student"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]

    canvases = Canvases(examples(data, params, "train"), params)
    canvases.load(tqdm)
    loader = DataLoader(Batches(canvases, params, start, t["stop"]), batch_size=None, num_workers=1, prefetch_factor=4)
    _, own = taps(student)
    _, theirs = taps(reference)
    same = shape.stages == Shape().stages
    running: dict[str, float] = {}
    bar = tqdm(loader, initial=start, total=t["stop"], desc=args.run, mininterval=10)
    for step, (images, targets) in enumerate(bar, start):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, params)
        done = step / t["steps"]
        x = images.permute(0, 3, 1, 2).float().contiguous(memory_format=torch.channels_last)
        origins, strides = grid(*x.shape[2:])
        centres = (origins + 0.5) * strides[:, None]
        own.clear()
        raw = predictions(student(x))
        losses = {"truth": detection_loss(raw, decode(raw[..., :4], origins, strides), targets, centres, strides)}
        soft = t["distil"] + (t["distil_final"] - t["distil"]) * min(1, 2 * done)
        deep = t["features"] * max(0, 1 - 2 * done) if same else 0
        if soft > 0 or deep > 0:
            theirs.clear()
            with torch.no_grad():
                wise = predictions(reference(x))
            losses["soft"] = soft * imitation_loss(raw, wise)
            if deep > 0:
                losses["deep"] = deep * feature_loss(own, theirs)
        optimiser.zero_grad()
        sum(losses.values()).backward()
        nn.utils.clip_grad_norm_(student.parameters(), t["clip"])
        optimiser.step()
        keep = min(t["average"], (1 + step) / (10 + step))
        with torch.no_grad():
            for a, s in zip(average.parameters(), student.parameters()):
                a.lerp_(s, 1 - keep)
        for name, value in losses.items():
            running[name] = running.get(name, value.item()) * 0.98 + value.item() * 0.02
        if step % 10 == 0:
            bar.set_postfix({k: f"{v:.3f}" for k, v in running.items()})
        if (step + 1) % t["save_every"] == 0 or step + 1 == t["stop"]:
            save(last, student, average, optimiser, step + 1, shape)
            with (folder / "log.csv").open("a") as log:
                log.write(f"{step + 1}," + ",".join(f"{k}={v:.4f}" for k, v in running.items()) + "\n")


def save(path: Path, student: Heads, average: Heads, optimiser, step: int, shape: Shape) -> None:
    """A checkpoint, written whole or not at all."""
    state = {
        "student": student.state_dict(),
        "average": average.state_dict(),
        "optimiser": optimiser.state_dict(),
        "step": step,
        "shape": shape.to_dict(),
    }
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def load(run: str, weights: str = "average") -> Heads:
    """The network of a run, ready to be used: its weights averaged, or as the last step left them ("student")."""
    state = torch.load(WORK / run / "last.pt")
    heads = Heads(Shape(**state["shape"]))
    heads.load_state_dict(state[weights])
    return heads.eval()


if __name__ == "__main__":
    main()
