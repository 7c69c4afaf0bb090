"""Trains detector and face branch together; writes .training/heads/<run>/together.pt and goes on where it stopped.

Faces are learnt from their labels; of heads and bodies the detector is taught to say what the shipped one says, on the same canvases.
First stem and stage 2 alone learn to do with their own activation what they did with SiLU.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from tqdm import tqdm

from heads_data import WORK, Canvases, data_folder, parameters, part_of
from heads_faces_data import face_examples, hard_pictures
from heads_faces_model import Faces, FaceShape
from heads_faces_train import mean_faces, shipped_heads, whole
from heads_loss import detection_loss, imitation_loss
from heads_model import Heads, Shape, decode, grid, predictions
from heads_train import Batches, rate_at

DRAWN = ("chefs", "helmets", "background")
"""Pictures by which heads are measured: only the training part of their own split is learnt from."""


def pictures_to_learn(data: Path, params: dict) -> list:
    """Training pictures of both splits; hard ones several times."""
    split, times = params["split"], params["train"]["hard"]
    made = face_examples(data, params["faces"])
    hard = hard_pictures(data) if times > 1 else set()
    made += [e for e in made if e.picture.source == "masks" and e.picture.name in hard] * (times - 1)
    return [e for e in made if e.picture.source not in DRAWN or part_of(e.picture.path.read_bytes(), split) == "train"]


def begin(data: Path, params: dict, runs: list[str]) -> tuple[Heads, Heads, Faces]:
    """The shipped detector, frozen; the one that is trained; the face branch."""
    wise = shipped_heads(data, params["faces"]).to(memory_format=torch.channels_last)
    student = Heads(Shape(**params["model"]))
    student.load_state_dict(wise.state_dict())
    return wise, student.to(memory_format=torch.channels_last), mean_faces(runs).to(memory_format=torch.channels_last).train()


def warm_early(student: Heads, wise: Heads, loader, count: int, rate: float) -> None:
    """Stem and stage 2 towards the maps that they gave with SiLU."""
    own = [*student.stem.parameters(), *student.stage2.parameters()]
    optimiser = torch.optim.AdamW(own, rate, weight_decay=0)
    bar = tqdm(loader, total=count, desc="early", mininterval=10)
    for step, (images, _) in enumerate(bar):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 20) * max(0.02, 1 - step / count)
        x = whole(images.permute(0, 3, 1, 2))
        with torch.no_grad():
            first = wise.stem(x)
            wanted = wise.stage2(first)
        mine = student.stem(x)
        said = student.stage2(mine)
        loss = F.mse_loss(said, wanted) / wanted.var() + 0.2 * F.mse_loss(mine, first) / first.var()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 10 == 0:
            bar.set_postfix(loss=f"{loss.item():.4f}")
    print(f"early: {loss.item():.4f}", flush=True)


def load_together(run: str) -> tuple[Heads, Faces]:
    """Detector and face branch of a run, their weights averaged."""
    state = torch.load(WORK / run / "together.pt")
    heads, faces = Heads(Shape(**state["heads_shape"])), Faces(Shape(), FaceShape(**state["faces_shape"]))
    both = nn.ModuleList([heads, faces])
    both.load_state_dict(state["average"])
    return heads.eval(), faces.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--run", default="together")
    parser.add_argument("--faces", nargs="+", default=["faces-wide", "faces-more"], help="runs whose mean the branch begins from")
    parser.add_argument("--from", dest="parent", help="run of this script to begin from instead")
    args = parser.parse_args()
    params, data = parameters(args.run), data_folder(args.data)
    t = params["train"]
    torch.set_num_threads(params["threads"])
    torch.manual_seed(params["seed"])
    last = WORK / args.run / "together.pt"
    last.parent.mkdir(parents=True, exist_ok=True)

    wise, heads, faces = begin(data, params, args.faces)
    both = nn.ModuleList([heads, faces])
    if args.parent:
        both.load_state_dict(torch.load(WORK / args.parent / "together.pt")["average"])
    canvases = Canvases(pictures_to_learn(data, params), params)
    canvases.load(tqdm)
    state = torch.load(last) if last.exists() else None
    start = state["step"] if state else 0
    if state is None and params["model"].get("early") and not args.parent:
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
        with torch.no_grad():
            wanted = predictions(wise(x))
        stages, maps = heads.features(x)
        said = predictions(faces(stages, maps))
        origins, strides = grid(*x.shape[2:])
        centres = (origins + 0.5) * strides[:, None]
        losses = {
            "faces": detection_loss(said, decode(said[..., :4], origins, strides), targets, centres, strides, t["kind"]),
            "heads": t["imitate"] * imitation_loss(predictions(heads.branches(maps)), wanted),
        }
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
