"""Asks both public peers for the faces of every training picture: .training/heads/faces/{rfb,aizoo}.jsonl.

Runs `npm run eval -- --found` on a list of the training part alone; a minute and a half a peer.
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
    args = parser.parse_args()
    data, folder = data_folder(args.data), WORK / "faces"
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "pictures.csv"
    rows = "".join(f"{file},,,,,none\n" for file in training_pictures())
    listed.write_text("file,x1,y1,x2,y2,label\n" + rows)
    for peer, weights in WEIGHTS.items():
        command = [node(), "tools/eval/main.ts", "--task", "mask", "--images", str(data), "--labels", str(listed)]
        command += ["--model", peer, "--weights", str(data / "weights" / weights), "--json"]
        subprocess.run([*command, "--found", str(folder / f"{peer}.jsonl")], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
