"""Label heads by eye from contact sheets.

seed    labels/attributes_chefs.csv from the hat labels that chefs/ carries
sheets  numbered sheets of heads that lack a label, sorted by a first model's guess, as PNG in a folder outside git
review  sheets of labelled heads, to look at again
apply   read corrections and write the labels; what is not corrected keeps the guess printed under its picture

A correction file holds lines `SHEET: default=CODE NUMBER=CODE FROM-TO=CODE …` (later items win; the default
leaves heads that had a hat label, marked *, as they are). CODE is hat (h hat, n no_hat, u unsure, - none) then mask
(m mask, o no_mask, v not_visible, - none); a dot keeps that part; x is a box that is no use. A sheet without a line is
not applied.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from attributes_common import (
    LABELS,
    Head,
    crop_square,
    iou,
    load_params,
    part_of,
    read_heads,
    read_image,
    read_source,
    work_dir,
    write_heads,
)
from attributes_data import picture_groups
from attributes_match import found_heads

HAT = {"h": "hat", "n": "no_hat", "u": "unsure", "-": ""}
MASK = {"m": "mask", "o": "no_mask", "v": "not_visible", "-": ""}
HAT_CODE = {v: k for k, v in HAT.items()}
MASK_CODE = {v: k for k, v in MASK.items()}
COLOURS = {"h": (60, 160, 60), "n": (40, 40, 220), "u": (0, 190, 230), "-": (120, 120, 120)}


def seed() -> None:
    """Start the chefs file from the source's own labels."""
    heads = [Head(file, box, label) for file, box, label in read_source("chefs")]
    write_heads(LABELS / "attributes_chefs.csv", heads)
    print(f"attributes_chefs.csv: {len(heads)} heads")


def candidates(source: str, skip: set[str]) -> list[Head]:
    """Labelled heads that lack a hat label, and found heads that are not labelled at all."""
    target = LABELS / f"attributes_{source}.csv"
    labelled = read_heads(target) if target.exists() else []
    by_file: dict[str, list[Head]] = {}
    for head in labelled:
        by_file.setdefault(head.file, []).append(head)
    out = [h for h in labelled if not h.hat]
    for file, boxes in sorted(found_heads(source).items()):
        for *box, _score in boxes:
            if all(iou(box, h.box) < 0.4 for h in by_file.get(file, [])):
                out.append(Head(file, tuple(box)))
    return [h for h in out if f"{h.file}:{h.box[0]:.1f}" not in skip]


def guess(heads: list[Head], run: str | None, params: dict) -> np.ndarray:
    """Probabilities (hat, mask) of a trained network."""
    import torch

    from attributes_model import build
    from attributes_train import predict

    torch.set_num_threads(1)
    model = build(params["model"])
    model.load_state_dict(torch.load(work_dir() / f"{run}.pt")["mean"])
    size = params["input"]
    crops = np.stack(
        [crop_square(read_image(h.file), h.box, size["crop_scale"], size["size"], size["pad"]) for h in heads]
    )
    hat, mask = (torch.from_numpy(v).softmax(1).numpy() for v in predict(model, crops))
    return np.concatenate([hat, mask], 1)


def write_sheets(
    source: str, heads: list[Head], codes: list[str], order: list[int], out: Path, layout: tuple[int, int, int]
) -> None:
    """Write numbered pages and their indexes, in the given order of heads."""
    columns, rows, cell = layout
    pad, per = load_params()["input"]["pad"], columns * rows
    first = len(list(out.glob("sheet_*.json")))
    for number, start in enumerate(range(0, len(order), per), first):
        chosen = order[start : start + per]
        page = np.full((rows * (cell + 14), columns * cell, 3), 255, np.uint8)
        for place, i in enumerate(chosen):
            crop = crop_square(read_image(heads[i].file), heads[i].box, 1.6, cell - 4, pad)
            y, x = (place // columns) * (cell + 14), (place % columns) * cell
            page[y : y + cell, x : x + cell] = COLOURS[codes[i][0]]
            page[y + 2 : y + cell - 2, x + 2 : x + cell - 2] = crop[..., ::-1]
            text = f"{place} {codes[i]}{'*' if heads[i].hat else ''}"
            cv2.putText(page, text, (x + 3, y + cell + 11), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0), 1, cv2.LINE_AA)
        cv2.imwrite(str(out / f"sheet_{number:03d}.png"), page)
        index = {
            "source": source,
            "keys": [f"{heads[i].file}:{heads[i].box[0]:.1f}" for i in chosen],
            "heads": [heads[i].row() for i in chosen],
            "codes": [codes[i] for i in chosen],
        }
        (out / f"sheet_{number:03d}.json").write_text(json.dumps(index))
        print(f"sheet_{number:03d}: {len(chosen)} heads, {codes[chosen[0]]} … {codes[chosen[-1]]}")


def sheets(source: str, run: str, out: Path, limit: int, layout: tuple[int, int, int], min_side: float) -> None:
    """Sheets of heads that lack a label, sorted by the guess."""
    params = load_params()
    done = {key for path in out.glob("sheet_*.json") for key in json.loads(path.read_text())["keys"]}
    heads = [h for h in candidates(source, done) if h.side >= min_side]
    if limit and len(heads) > limit:
        order = np.random.default_rng(params["seed"]).permutation(len(heads))[:limit]
        heads = [heads[i] for i in sorted(order)]
    likely = guess(heads, run, params)
    codes = []
    for head, p in zip(heads, likely):
        hat = HAT_CODE[head.hat] if head.hat else "hnu"[p[:3].argmax()]
        mask = MASK_CODE[head.mask] if head.mask else "mov"[p[3:].argmax()]
        codes.append(hat + mask)
    order = sorted(range(len(heads)), key=lambda i: (codes[i], likely[i, :3].max()))
    write_sheets(source, heads, codes, order, out, layout)


def review(source: str, run: str | None, parts: list[str], out: Path, layout: tuple[int, int, int]) -> None:
    """Sheets of labelled heads to look at again: all of a part, or with a model the ones it doubts most.

    The test part is only ever looked at without a model, so that its labels owe the model nothing.
    """
    params = load_params()
    groups = picture_groups(params)
    heads = [h for h in read_heads(LABELS / f"attributes_{source}.csv") if h.hat]
    heads = [h for h in heads if part_of(groups[h.file], params["split"]) in parts]
    codes = [HAT_CODE[h.hat] + MASK_CODE[h.mask] for h in heads]
    order = sorted(range(len(heads)), key=lambda i: codes[i])
    if run:
        if "test" in parts:
            raise SystemExit("the test part is reviewed without a model")
        likely = guess(heads, run, params)
        given = np.array([likely[i, "hnu".index(codes[i][0])] for i in order])
        order = [i for i, p in zip(order, given) if p < 0.4 and likely[i, :2].max() > 0.5]
    write_sheets(source, heads, codes, order, out, layout)


def apply(out: Path, corrections: Path) -> None:
    """Write the labels of the sheets that the correction file names."""
    written: dict[str, dict[tuple, Head]] = {}
    for line in corrections.read_text(encoding="utf8").splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        number, _, rest = line.partition(":")
        index = json.loads((out / f"sheet_{int(number):03d}.json").read_text())
        source = index["source"]
        if source not in written:
            target = LABELS / f"attributes_{source}.csv"
            existing = read_heads(target) if target.exists() else []
            written[source] = {(h.file, h.box): h for h in existing}
        codes = list(index["codes"])
        settled = [bool(row["hat"]) for row in index["heads"]]
        for i in np.nonzero(settled)[0]:
            codes[i] = HAT_CODE[index["heads"][i]["hat"]] + MASK_CODE[index["heads"][i]["mask"]]
        for item in rest.split():
            place, code = item.split("=")
            first, _, last = place.partition("-")
            every = place == "default"
            for i in range(len(codes)) if every else range(int(first), int(last or first) + 1):
                if every and settled[i]:
                    continue
                codes[i] = code if code == "x" else "".join(o if n == "." else n for o, n in zip(codes[i], code))
        for row, code in zip(index["heads"], codes):
            box = tuple(float(row[k]) for k in ("x1", "y1", "x2", "y2"))
            if code == "x":
                written[source].pop((row["file"], box), None)
            else:
                written[source][(row["file"], box)] = Head(row["file"], box, HAT[code[0]], MASK[code[1]])
    for source, heads in written.items():
        write_heads(LABELS / f"attributes_{source}.csv", list(heads.values()))
        print(f"attributes_{source}.csv: {len(heads)} heads")


def main() -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["seed", "sheets", "review", "apply"])
    parser.add_argument("--source", default="people")
    parser.add_argument("--run", help="checkpoint whose guess sorts the sheets")
    parser.add_argument("--parts", nargs="+", default=["train", "validation"])
    parser.add_argument("--out", type=Path, help="folder of the sheets")
    parser.add_argument("--corrections", type=Path)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--rows", type=int, default=7)
    parser.add_argument("--cell", type=int, default=124)
    parser.add_argument("--min-side", type=float, default=0)
    args = parser.parse_args()
    layout = (args.columns, args.rows, args.cell)
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
    if args.command == "seed":
        seed()
    elif args.command == "sheets":
        sheets(args.source, args.run, args.out, args.limit, layout, args.min_side)
    elif args.command == "review":
        review(args.source, args.run, args.parts, args.out, layout)
    else:
        apply(args.out, args.corrections)


if __name__ == "__main__":
    main()
