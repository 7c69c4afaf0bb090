// Runs an exported model on raw crops with the runtime that serves it, and times it.
// node attributes_run.mjs MODEL SIZE CROPS.bin OUT.bin  →  OUT: float32 hat [N,3] then mask [N,3]; timings on stdout.
import { readFileSync, writeFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [model, side, crops, out] = process.argv.slice(2);
const size = Number(side);
const bytes = readFileSync(crops);
const each = size * size * 3;
const count = bytes.length / each;
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });

async function run(first, n) {
  const data = new Uint8Array(bytes.subarray(first * each, (first + n) * each));
  return session.run({ image: new ort.Tensor('uint8', data, [n, size, size, 3]) });
}

const hat = new Float32Array(count * 3);
const mask = new Float32Array(count * 3);
for (let i = 0; i < count; i += 64) {
  const result = await run(i, Math.min(64, count - i));
  hat.set(result.hat.data, i * 3);
  mask.set(result.mask.data, i * 3);
}
writeFileSync(out, Buffer.concat([Buffer.from(hat.buffer), Buffer.from(mask.buffer)]));

async function time(n, rounds) {
  const spent = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    await run(0, n);
    spent.push((performance.now() - start) / n);
  }
  spent.sort((a, b) => a - b);
  return Number(spent[Math.floor(rounds / 2)].toFixed(3));
}

await time(1, 50);
console.log(
  JSON.stringify({
    count,
    msPerCrop: { batch1: await time(1, 300), batch8: await time(Math.min(8, count), 80) },
  }),
);
