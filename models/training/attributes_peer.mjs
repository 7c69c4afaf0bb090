// Runs the public AIZOO mask detector on raw 360² RGB pictures.
// node attributes_peer.mjs MODEL PICTURES.bin OUT.bin  →  OUT: float32, for each picture loc [11000,4] then cls [11000,2].
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import ort from 'onnxruntime-node';

const SIDE = 360;
const [model, pictures, out] = process.argv.slice(2);
const bytes = readFileSync(pictures);
const each = SIDE * SIDE * 3;
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const file = openSync(out, 'w');
const planes = new Float32Array(each);
for (let start = 0; start < bytes.length; start += each) {
  for (let i = 0; i < SIDE * SIDE; i++) {
    for (let c = 0; c < 3; c++) planes[c * SIDE * SIDE + i] = bytes[start + i * 3 + c] / 255;
  }
  const result = await session.run({
    [session.inputNames[0]]: new ort.Tensor('float32', planes, [1, 3, SIDE, SIDE]),
  });
  for (const name of ['loc', 'cls']) {
    const { data } = result[name];
    writeSync(file, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }
}
closeSync(file);
