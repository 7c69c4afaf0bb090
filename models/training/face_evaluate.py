"""The head detector and the head attributes together against public mask detectors, on the held-out part of masks/.

Runs `npm run eval` (the served code) for each and writes the table of the card and `faces` of evaluation.json. Chooses nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import yaml

from attributes_common import HERE, MODEL_DIR, REPO, data_dir, work_dir

PEERS = {"aizoo": "aizoo_model360.onnx", "rfb": "RFB-640-masked_face-v2.onnx"}
NAMES = {"own": "ours", "aizoo": "AIZOO 360", "rfb": "RFB-640 masked-face v2"}
BEGIN, END = "<!-- faces: face_evaluate.py -->", "<!-- end of faces -->"


def evaluated(model: str, part: str, folder: str | None) -> dict:
    """What `eval --json` says."""
    labels = work_dir() / f"masks-{part}.csv"
    command = [sys.executable, str(HERE / "attributes_part.py"), "--part", part, "--to", str(labels)]
    subprocess.run(command, check=True, capture_output=True)
    command = [str(REPO / "node_modules" / ".bin" / "node"), "tools/eval/main.ts", "--task", "mask", "--json"]
    command += ["--images", str(data_dir() / "masks"), "--labels", str(labels)]
    if folder and model == "own":
        command += ["--models", folder]
    if model in PEERS:
        command += ["--model", model, "--weights", str(data_dir() / "weights" / PEERS[model])]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPO).stdout
    return json.loads(said)


def row(f: dict, megabytes: float) -> str:
    """One line of the table."""
    cells = [f"{f[key][kind]:.3f}" for key in ("ap50", "ap50_24px") for kind in ("mask", "no_mask")]
    return f"| {NAMES[f['model']]} | {' | '.join(cells)} | {f['auc']:.3f} | {f['msPerImage']:.1f} | {megabytes:.1f} |"


def size(model: str) -> float:
    """Megabytes of a model's files."""
    if model in PEERS:
        return (data_dir() / "weights" / PEERS[model]).stat().st_size / 1e6
    return sum((MODEL_DIR.parent / n / f"{n}.onnx").stat().st_size for n in ("heads", "head-attributes")) / 1e6


def main() -> None:
    """Evaluate and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="test", choices=("validation", "test"))
    parser.add_argument("--rounds", type=int, default=2, help="the fastest round gives the milliseconds")
    parser.add_argument("--models", help="another folder of models, for a trial on the validation part")
    parser.add_argument("--only", choices=NAMES, nargs="+", default=list(NAMES))
    args = parser.parse_args()
    if args.part == "test" and (args.models or len(args.only) < len(NAMES)):
        parser.error("the test part is measured for what is shipped, beside its peers")
    found = [[evaluated(model, args.part, args.models) for model in args.only] for _ in range(args.rounds)]
    best = [min(rounds, key=lambda f: f["msPerImage"]) for rounds in zip(*found)]
    lines = [
        f"| {args.part} part of masks/, {best[0]['pictures']} pictures | AP50 mask | AP50 no_mask | AP50 mask ≥ 24 px | "
        "AP50 no_mask ≥ 24 px | AUC where found | ms a picture | MB |",
        "|" + "---|" * 8,
        *(row(f, size(f["model"])) for f in best),
    ]
    print("\n".join(lines))
    if args.part != "test":
        return
    target, card = MODEL_DIR / "evaluation.json", yaml.safe_load((MODEL_DIR / "model.yml").read_text(encoding="utf8"))
    out = {**json.loads(target.read_text()), "version": card["version"], "sha256": card["sha256"], "faces": best}
    target.write_text(json.dumps(out, indent=2) + "\n", encoding="utf8")
    readme = MODEL_DIR / "README.md"
    text = readme.read_text(encoding="utf8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    readme.write_text(head + BEGIN + "\n\n" + "\n".join(lines) + "\n\n" + END + tail, encoding="utf8")


if __name__ == "__main__":
    main()
