// Runs a detector with onnxruntime-node for the Python scripts beside it, one thread, over pipes.
// In:  per picture, height and width (uint32), then height x width x 3 bytes of RGB.
// Out: per picture, rows and columns (uint32), milliseconds (float32), then rows x columns float32.
import { createRequire } from 'node:module';

const ort = createRequire(import.meta.url)('onnxruntime-node');
const session = await ort.InferenceSession.create(process.argv[2], {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
});
const name = session.inputNames[0];

/** The reference takes float BGR in planes; the served model takes the bytes as they are. */
function tensor(bytes, height, width) {
  if (name === 'image') return new ort.Tensor('uint8', bytes, [1, height, width, 3]);
  const area = height * width;
  const planes = new Float32Array(3 * area);
  for (let i = 0; i < area; i++) {
    planes[i] = bytes[3 * i + 2];
    planes[area + i] = bytes[3 * i + 1];
    planes[2 * area + i] = bytes[3 * i];
  }
  return new ort.Tensor('float32', planes, [1, 3, height, width]);
}

async function answer(bytes, height, width) {
  const input = tensor(bytes, height, width);
  const start = performance.now();
  const output = (await session.run({ [name]: input }, [session.outputNames[0]]))[session.outputNames[0]];
  const spent = performance.now() - start;
  const [, rows, columns] = output.dims;
  const head = Buffer.alloc(12);
  head.writeUInt32LE(rows, 0);
  head.writeUInt32LE(columns, 4);
  head.writeFloatLE(spent, 8);
  process.stdout.write(head);
  process.stdout.write(Buffer.from(output.data.buffer, output.data.byteOffset, output.data.byteLength));
}

const waiting = [];
let held = 0;
let wanted = null;
for await (const chunk of process.stdin) {
  waiting.push(chunk);
  held += chunk.length;
  while (held >= (wanted?.bytes ?? 8)) {
    const all = waiting.length === 1 ? waiting[0] : Buffer.concat(waiting);
    waiting.length = 0;
    const size = wanted?.bytes ?? 8;
    const part = all.subarray(0, size);
    if (all.length > size) waiting.push(all.subarray(size));
    held = all.length - size;
    if (wanted) {
      await answer(new Uint8Array(part), wanted.height, wanted.width);
      wanted = null;
    } else {
      const height = part.readUInt32LE(0);
      const width = part.readUInt32LE(4);
      wanted = { height, width, bytes: height * width * 3 };
    }
  }
}
