"""Asks both public peers, and the shipped detector, for the faces of every training picture: .training/heads/faces/*.jsonl.

Runs `npm run eval -- --found` on a list of the training part alone; a minute and a half a model.
"""

from __future__ import annotations

import argparse
import subprocess

from heads_data import ROOT, WORK, data_folder, node
from heads_faces_data import training_pictures

WEIGHTS = {"rfb": "RFB-640-masked_face-v2.onnx", "aizoo": "aizoo_model360.onnx"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="folder of the pictures")
    parser.add_argument("--only", choices=[*WEIGHTS, "own"], nargs="+", default=[*WEIGHTS, "own"])
    parser.add_argument("--as", dest="name", help="file name of the answers, without .jsonl; for one model")
    args = parser.parse_args()
    if args.name and len(args.only) > 1:
        parser.error("--as names the answers of one model")
    data, folder = data_folder(args.data), WORK / "faces"
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "pictures.csv"
    rows = "".join(f"{file},,,,,none\n" for file in training_pictures())
    listed.write_text("file,x1,y1,x2,y2,label\n" + rows)
    for model in args.only:
        command = [node(), "tools/eval/main.ts", "--task", "mask", "--images", str(data), "--labels", str(listed), "--json"]
        if model in WEIGHTS:
            command += ["--model", model, "--weights", str(data / "weights" / WEIGHTS[model])]
        subprocess.run([*command, "--found", str(folder / f"{args.name or model}.jsonl")], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
