/** Files that others made: refused in plain words, whatever they try. And the canonical form, by the examples of its standard. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { canonicalJson } from '../../services/evidence/case/canonical-json.ts';
import { faultsOf, zipOf } from './support/export.ts';

/** Runs Python's zipfile, which writes whatever one asks for. */
function pythonZip(lines: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'mingzao-zip-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const program = `import zipfile,stat,warnings\nwarnings.simplefilter('ignore')\nz=zipfile.ZipFile('x.zip','w')\n${lines}\nz.close()`;
  execFileSync('python3', ['-c', program], { cwd: folder });
  return readFileSync(join(folder, 'x.zip'));
}

describe('a zip that is no case file', () => {
  test.each([
    [
      'a way out of the folder',
      "z.writestr('../../etc/passwd','x')",
      /"\.\.\/\.\.\/etc\/passwd" is not allowed/,
    ],
    ['an absolute name', "z.writestr('/etc/passwd','x')", /"\/etc\/passwd" is not allowed/],
    ['a name twice', "z.writestr('a','x')\nz.writestr('a','y')", /"a" is there twice/],
    [
      'a symbolic link',
      "i=zipfile.ZipInfo('a',(1980,1,1,0,0,0))\ni.create_system=3\ni.external_attr=(stat.S_IFLNK|0o777)<<16\nz.writestr(i,'/etc/passwd')",
      /directory of the zip is not as it was written/,
    ],
    ['a bomb', "z.writestr('a',b'0'*50_000_000,zipfile.ZIP_DEFLATED)", /container|no case file/],
  ])('%s is named', async (_what, lines, named) => {
    const faults = await faultsOf(pythonZip(lines));
    expect(faults.join('\n')).toMatch(named);
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a few bytes', Buffer.from('PK\u0005\u0006')],
    ['a picture', Buffer.alloc(5000, 0xff)],
  ])('%s is told apart', async (_what, bytes) => {
    expect((await faultsOf(bytes)).length).toBeGreaterThan(0);
  });

  test('one that was cut off anywhere is named', async () => {
    const whole = await zipOf([
      { name: 'a', bytes: Buffer.from('one') },
      { name: 'b', bytes: Buffer.from('two') },
    ]);
    for (let length = 0; length < whole.length; length += 1)
      expect((await faultsOf(whole.subarray(0, length))).join()).toContain('container');
  });

  test('many entries need zip64, which others read too', async () => {
    const many = Array.from({ length: 66_000 }, (_, index) => ({
      name: `f/${index}`,
      bytes: Buffer.alloc(0),
    }));
    const zip = await zipOf(many);
    const folder = mkdtempSync(join(tmpdir(), 'mingzao-zip-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const count = execFileSync(
      'python3',
      [
        '-c',
        'import sys,io,zipfile;print(len(zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())).namelist()))',
      ],
      { input: zip, encoding: 'utf8' },
    );
    expect(count.trim()).toBe('66000');
    const faults = await faultsOf(zip);
    expect(faults.filter((fault) => fault.startsWith('container'))).toEqual([]);
  });
});

describe('canonical JSON', () => {
  test('is that of RFC 8785, sections 3.2.2 and 3.2.3', () => {
    const numbers = [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001];
    expect(canonicalJson({ numbers, string: '€$\u000F\nA\'B"\\\\"/', literals: [null, true, false] })).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = { '€': 1, '\r': 2, '\uFB33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    expect(Object.values(JSON.parse(canonicalJson(keys)) as object)).toHaveLength(7);
    expect([...canonicalJson(keys).matchAll(/:(\d)/g)].map(([, value]) => value).join('')).toBe('2467153');
  });

  test('refuses what has no canonical form', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '\uD800'])
      expect(() => canonicalJson({ value })).toThrow(RangeError);
  });
});
