"""Trains the face branch on the frozen head detector; writes .training/heads/<run>/faces.pt and goes on where it stopped."""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from tqdm import tqdm

from heads_data import WORK, Canvases, data_folder, parameters
from heads_export import blend
from heads_faces_data import face_examples
from heads_faces_ensemble import soft_examples
from heads_faces_model import Faces, FaceShape
from heads_loss import detection_loss
from heads_model import Heads, Shape, decode, grid, predictions, read_reference
from heads_train import Batches, load, rate_at


def shipped_heads(data, faces: dict) -> Heads:
    """The detector as it is served: the run's weights blended with the reference's, frozen."""
    heads = blend(load(faces["detector"]), read_reference(str(data / parameters()["teacher"]["file"])), faces["blend"])
    return heads.eval().requires_grad_(False)


class Kept:
    """A fixed number of batches as features of the frozen detector, half precision, drawn again and again: a quarter of the time."""

    def __init__(self, loader, heads: Heads, count: int):
        self.batches = []
        for images, targets in tqdm(loader, total=count, desc="features", mininterval=10):
            stages, maps = features(heads, images)
            self.batches.append((images.shape[1:3], [f.half() for f in stages], [f.half() for f in maps], targets))

    def draw(self, seed: int, step: int):
        """The batch of a step: its size in pixels, features, targets."""
        size, stages, maps, targets = self.batches[np.random.default_rng([seed, step]).integers(len(self.batches))]
        return size, [whole(f) for f in stages], [whole(f) for f in maps], targets


def whole(half: Tensor) -> Tensor:
    """Single precision, as the convolutions like it."""
    return half.float().contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def features(heads: Heads, images: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """What the frozen detector says of RGB bytes [B, H, W, 3]."""
    return heads.features(whole(images.permute(0, 3, 1, 2)))


def steps(loader, heads: Heads, params: dict, start: int):
    """Per step: size in pixels, features, targets."""
    t = params["train"]
    if t["kept"] == 0:
        for images, targets in loader:
            yield (images.shape[1:3], *features(heads, images), targets)
        return
    kept = Kept(loader, heads, t["kept"])
    for step in range(start, t["stop"]):
        yield kept.draw(params["seed"], step)


def load_faces(run: str) -> Faces:
    """The branch of a run, its weights averaged."""
    state = torch.load(WORK / run / "faces.pt")
    faces = Faces(Shape(), FaceShape(**state["shape"]))
    faces.load_state_dict(state["average"])
    return faces.eval()


def mean_faces(runs: list[str]) -> Faces:
    """The branch half way between runs that went on from one another."""
    branches = [load_faces(run) for run in runs]
    states = [branch.state_dict() for branch in branches]
    branches[0].load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return branches[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--run", default="faces")
    parser.add_argument("--from", dest="parents", nargs="+", help="runs from whose weights (their mean) to start")
    args = parser.parse_args()
    params, data = parameters(args.run), data_folder(args.data)
    t, setup = params["train"], params["faces"]
    torch.set_num_threads(params["threads"])
    torch.manual_seed(params["seed"])
    last = WORK / args.run / "faces.pt"
    last.parent.mkdir(parents=True, exist_ok=True)

    heads = shipped_heads(data, setup).to(memory_format=torch.channels_last)
    shape = FaceShape(**setup["shape"])
    faces = Faces(Shape(), shape).to(memory_format=torch.channels_last)
    if args.parents:
        faces.widen(mean_faces(args.parents))
    average = Faces(Shape(), shape)
    average.load_state_dict(faces.state_dict())
    weights = [p for p in faces.parameters() if p.dim() > 1]
    biases = [p for p in faces.parameters() if p.dim() == 1]
    optimiser = torch.optim.AdamW([{"params": weights, "weight_decay": t["decay"]}, {"params": biases, "weight_decay": 0}])
    start = 0
    if last.exists():
        state = torch.load(last)
        faces.load_state_dict(state["faces"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]

    canvases = Canvases((soft_examples if setup["ensemble"] else face_examples)(data, setup), params)
    canvases.load(tqdm)
    first = t["kept_from"]
    made = (first, first + t["kept"]) if t["kept"] else (start, t["stop"])
    loader = DataLoader(Batches(canvases, params, *made), batch_size=None, num_workers=1, prefetch_factor=4)
    running = None
    bar = tqdm(steps(loader, heads, params, start), initial=start, total=t["stop"], desc=args.run, mininterval=10)
    for step, (size, stages, maps, targets) in enumerate(bar, start):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, params)
        origins, strides = grid(*size)
        centres = (origins + 0.5) * strides[:, None]
        raw = predictions(faces(stages, maps))
        loss = detection_loss(raw, decode(raw[..., :4], origins, strides), targets, centres, strides, t["kind"])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(faces.parameters(), t["clip"])
        optimiser.step()
        keep = min(t["average"], (1 + step) / (10 + step))
        with torch.no_grad():
            for a, s in zip(average.parameters(), faces.parameters()):
                a.lerp_(s, 1 - keep)
        running = loss.item() if running is None else running * 0.98 + loss.item() * 0.02
        bar.set_postfix(loss=f"{running:.3f}")
        if (step + 1) % t["save_every"] == 0 or step + 1 == t["stop"]:
            state = {"faces": faces.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
            state.update(step=step + 1, shape=shape.to_dict())
            torch.save(state, last.with_suffix(".part"))
            last.with_suffix(".part").replace(last)
            with last.with_name("log.csv").open("a") as log:
                log.write(f"{step + 1},{running:.4f}\n")


if __name__ == "__main__":
    main()
