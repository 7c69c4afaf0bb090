"""Trains detector and face branch together; writes .training/heads/<run>/together.pt and goes on where it stopped.

Faces are learnt from their labels and from three detectors (heads_faces_ensemble.py). Of heads and bodies the detector is taught to say
what the shipped one says on the same canvases, and what people drew and the teacher saw at twice the size. First stem and stage 2 alone
learn to do with their own kernel and activation what they did before.
"""

from __future__ import annotations

import argparse
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader
from tqdm import tqdm

from heads_data import BODY, WORK, Canvases, Example, Picture, data_folder, examples, parameters
from heads_faces_ensemble import soft_examples
from heads_faces_model import KINDS, Faces, FaceShape
from heads_faces_train import mean_faces, shipped_heads, whole
from heads_loss import detection_loss, feature_loss, imitation_loss
from heads_model import Heads, Shape, decode, grid, predictions
from heads_train import Batches, inherit, rate_at

DRAWN = ("chefs", "helmets", "background")
"""Pictures by which heads are measured: only the training part of their own split is learnt from."""
PEOPLE = len(KINDS)
"""Kinds from here on are bodies and heads, those before it faces."""


def pictures_to_learn(data: Path, params: dict) -> list[Example]:
    """Training pictures of both splits with faces, bodies and heads; of one that the teacher never saw nothing is said of bodies and heads."""
    people = {e.picture.key: e for e in examples(data, params, "train")}
    made = []
    for face in soft_examples(data, params["faces"]):
        known = people.get(face.picture.key)
        if known is None and face.picture.source in DRAWN:
            continue
        made.append(with_people(face, known or unknown(face.picture)))
    return made


def unknown(picture: Picture) -> Example:
    """The whole picture as a body that is not trusted at all: neither object nor background."""
    height, width = picture.read().shape[:2]
    return Example(picture, np.array([[0, 0, width, height]], np.float32), np.array([BODY]), np.zeros(1, np.float32))


def with_people(face: Example, people: Example) -> Example:
    """Both kinds of boxes of a picture."""
    return Example(
        face.picture,
        np.concatenate([face.boxes, people.boxes]),
        np.concatenate([face.kinds, people.kinds + PEOPLE]),
        np.concatenate([face.trust, people.trust]),
    )


def apart(targets: list, faces: bool) -> list:
    """Of every canvas the faces alone, or bodies and heads alone."""
    made = []
    for boxes, kinds, trust in targets:
        own = (kinds < PEOPLE) == faces
        made.append((boxes[own], kinds[own] - (0 if faces else PEOPLE), trust[own]))
    return made


class Thinned(nn.Conv2d):
    """A convolution of stride 2 as one of stride 1 of which every second answer is kept: in bfloat16 the way back takes half of the time."""

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight, self.bias, 1, self.padding, 1, self.groups)[:, :, ::2, ::2]


def quicken(module: nn.Module) -> None:
    """Makes depthwise convolutions of stride 2 cheaper to learn; their weights stay where they are."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d) and part.groups > 1 and part.stride == (2, 2):
            part.__class__ = Thinned


def begin(data: Path, params: dict, runs: list[str]) -> tuple[Heads, Heads, Faces]:
    """The shipped detector, frozen; the one that is trained; the face branch."""
    wise = shipped_heads(data, params["faces"]).to(memory_format=torch.channels_last)
    student = Heads(Shape(**params["model"]))
    inherit(student, wise)
    return wise, student.to(memory_format=torch.channels_last), mean_faces(runs).to(memory_format=torch.channels_last).train()


def warm_early(student: Heads, wise: Heads, loader, count: int, rate: float) -> None:
    """Stem and stage 2 towards the maps that they gave before."""
    own = [*student.stem.parameters(), *student.stage2.parameters()]
    optimiser = torch.optim.AdamW(own, rate, weight_decay=0)
    bar = tqdm(loader, total=count, desc="early", mininterval=10)
    for step, (images, _) in enumerate(bar):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 20) * max(0.02, 1 - step / count)
        x = whole(images.permute(0, 3, 1, 2))
        with torch.no_grad():
            wanted = wise.stage2(wise.stem(x))
        said = student.stage2(student.stem(x))
        loss = F.mse_loss(said, wanted) / wanted.var()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 10 == 0:
            bar.set_postfix(loss=f"{loss.item():.4f}")
    print(f"early: {loss.item():.4f}", flush=True)


def load_together(run: str) -> tuple[Heads, Faces]:
    """Detector and face branch of a run, their weights averaged."""
    state = torch.load(WORK / run / "together.pt", map_location="cpu")
    heads, faces = Heads(Shape(**state["heads_shape"])), Faces(Shape(), FaceShape(**state["faces_shape"]))
    both = nn.ModuleList([heads, faces])
    both.load_state_dict(state["average"])
    return heads.eval(), faces.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--run", default="together-lean")
    parser.add_argument("--faces", nargs="+", default=["faces-larger"], help="runs whose mean the branch begins from")
    parser.add_argument("--from", dest="parent", help="run of this script to begin from instead")
    parser.add_argument("--half", action="store_true", help="convolutions in bfloat16 (PyTorch 2 on a processor that knows it: a quarter quicker)")
    args = parser.parse_args()
    params, data = parameters(args.run), data_folder(args.data)
    t = params["train"]
    torch.set_num_threads(params["threads"])
    torch.manual_seed(params["seed"])
    last = WORK / args.run / "together.pt"
    last.parent.mkdir(parents=True, exist_ok=True)
    precision = (lambda: torch.autocast("cpu", torch.bfloat16)) if args.half else nullcontext

    wise, heads, faces = begin(data, params, args.faces)
    both = nn.ModuleList([heads, faces])
    if args.parent:
        both.load_state_dict(torch.load(WORK / args.parent / "together.pt")["average"])
    quicken(both)
    canvases = Canvases(pictures_to_learn(data, params), params)
    canvases.load(tqdm)
    state = torch.load(last) if last.exists() else None
    start = state["step"] if state else 0
    if state is None and t["early_steps"] and not args.parent:
        early = Batches(canvases, params, 100_000, 100_000 + t["early_steps"])
        warm_early(heads, wise, DataLoader(early, batch_size=None, num_workers=1), t["early_steps"], t["early_rate"])

    groups = []
    for module, share in ((heads, t["detector"]), (faces, 1.0)):
        many = [p for p in module.parameters() if p.dim() > 1]
        few = [p for p in module.parameters() if p.dim() == 1]
        groups += [{"params": many, "weight_decay": t["decay"], "share": share}, {"params": few, "weight_decay": 0, "share": share}]
    optimiser = torch.optim.AdamW(groups)
    average = nn.ModuleList([Heads(Shape(**params["model"])), Faces(Shape(), faces.shape)])
    average.load_state_dict(both.state_dict())
    if state:
        both.load_state_dict(state["both"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])

    made = Batches(canvases, params, t["kept_from"] + start, t["kept_from"] + t["stop"])
    loader = DataLoader(made, batch_size=None, num_workers=1, prefetch_factor=4)
    running: dict[str, float] = {}
    bar = tqdm(loader, initial=start, total=t["stop"], desc=args.run, mininterval=10)
    for step, (images, targets) in enumerate(bar, start):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, params) * group["share"]
        x = whole(images.permute(0, 3, 1, 2))
        with precision():
            with torch.no_grad():
                known = wise.features(x)[1]
                wanted = predictions(wise.branches(known)).float()
            stages, maps = heads.features(x)
            people, said = predictions(heads.branches(maps)).float(), predictions(faces(stages, maps)).float()
        origins, strides = grid(*x.shape[2:])
        centres = (origins + 0.5) * strides[:, None]
        boxes = lambda raw: decode(raw[..., :4], origins, strides)
        losses = {
            "faces": detection_loss(said, boxes(said), apart(targets, True), centres, strides, t["kind"]),
            "imitate": t["imitate"] * imitation_loss(people, wanted),
        }
        if t["truth"]:
            losses["truth"] = t["truth"] * detection_loss(people, boxes(people), apart(targets, False), centres, strides)
        if t["maps"] and 2 * step < t["steps"]:
            losses["maps"] = t["maps"] * max(0, 1 - 2 * step / t["steps"]) * feature_loss([m.float() for m in maps], [m.float() for m in known])
        optimiser.zero_grad()
        sum(losses.values()).backward()
        nn.utils.clip_grad_norm_(both.parameters(), t["clip"])
        optimiser.step()
        keep = min(t["average"], (1 + step) / (10 + step))
        with torch.no_grad():
            for a, s in zip(average.parameters(), both.parameters()):
                a.lerp_(s, 1 - keep)
        for name, value in losses.items():
            running[name] = running.get(name, value.item()) * 0.98 + value.item() * 0.02
        bar.set_postfix({k: f"{v:.3f}" for k, v in running.items()})
        if (step + 1) % t["save_every"] == 0 or step + 1 == t["stop"]:
            saved = {"both": both.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
            saved.update(step=step + 1, heads_shape=heads.shape.to_dict(), faces_shape=faces.shape.to_dict())
            torch.save(saved, last.with_suffix(".part"))
            last.with_suffix(".part").replace(last)
            with last.with_name("log.csv").open("a") as log:
                log.write(f"{step + 1}," + ",".join(f"{k}={v:.4f}" for k, v in running.items()) + "\n")


if __name__ == "__main__":
    main()
