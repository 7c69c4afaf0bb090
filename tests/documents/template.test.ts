/** The language of templates, and the page that comes of it. */
import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { DocumentContent } from '../../services/documents/content.ts';
import { renderDocument } from '../../services/documents/render.ts';
import {
  DOCUMENT_FIELDS,
  type DocumentValues,
  documentNumber,
  fillTemplate,
  templateFaults,
} from '../../services/domain/document-template.ts';

const values = Object.fromEntries(
  Object.keys(DOCUMENT_FIELDS).map((name) => [name, `<${name}>`]),
) as DocumentValues;

describe('a template', () => {
  test('names what is wrong with it, by line and column', () => {
    expect(templateFaults('{{merchant}}：\n请于 {{deadline}} 前')).toMatchObject([
      {
        line: 2,
        column: 4,
        why: { message: expect.stringContaining('no field "deadline"; known are number, date') },
      },
    ]);
    expect(templateFaults('见 {{evidence}}')).toMatchObject([{ line: 1, column: 3 }]);
    expect(templateFaults('{{merchant')).toMatchObject([
      { column: 1, why: { message: expect.stringContaining('must be closed with }}') } },
    ]);
    expect(templateFaults('merchant}}')).toMatchObject([{ column: 9 }]);
    expect(templateFaults('{{ merchant }}\n{{evidence}}\n# {{number}}')).toEqual([]);
  });

  test('becomes blocks; values of several lines become several, and never fields or marks', () => {
    const filled = fillTemplate('# {{number}}\n\n- 致：\n{{findings}}\n{{evidence}}\n> {{date}}\n', {
      ...values,
      number: '1号',
      findings: '一 {{merchant}}\n> 二',
    });
    expect(filled).toEqual([
      { kind: 'heading', text: '1号' },
      { kind: 'space' },
      { kind: 'plain', text: '致：' },
      { kind: 'paragraph', text: '一 {{merchant}}' },
      { kind: 'paragraph', text: '> 二' },
      { kind: 'evidence' },
      { kind: 'right', text: '<date>' },
    ]);
    expect(documentNumber('食责改', 2026, 12)).toBe('食责改〔2026〕12号');
  });
});

describe('a page', () => {
  const content = (more: Partial<DocumentContent> = {}): DocumentContent => ({
    title: '责令改正通知书',
    number: '食责改〔2026〕12号',
    blocks: fillTemplate('- {{merchant}}：\n{{findings}}\n{{evidence}}\n> {{date}}', values),
    pictures: [],
    issuedAt: '2026-11-22T01:00:00.000Z',
    watermark: null,
    ...more,
  });
  const jpeg = sharp({ create: { width: 640, height: 360, channels: 3, background: '#7a8' } })
    .jpeg()
    .toBuffer();
  const picture = (i: number) => ({
    key: `evidence/${i}.jpg`,
    sha256: '',
    width: 640,
    height: 360,
    caption: `图 ${i}`,
    boxes: [{ box: [0.9, 0, 1, 0.4] as const, label: '未戴工作帽' }],
  });
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const pages = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length;

  test('is the same bytes for the same content, other bytes for another', async () => {
    const full = content({ pictures: [1, 2, 3].map(picture) });
    const one = await renderDocument(full, () => jpeg);
    const two = await renderDocument(full, () => jpeg);
    expect(one.subarray(0, 5).toString()).toBe('%PDF-');
    expect(hash(one)).toBe(hash(two));
    expect(hash(await renderDocument({ ...full, number: '食责改〔2026〕13号' }, () => jpeg))).not.toBe(
      hash(one),
    );
    // Only the characters that stand on it: the fonts have 17 MB.
    expect(one.length).toBeLessThan(300_000);
  });

  test('long texts, rare characters, text without a space and many pictures go on over pages', async () => {
    const blocks = [
      ...Array.from({ length: 60 }, (_, i) => ({
        kind: 'paragraph' as const,
        text: `${i} 喆堃龑䶮镕㐀 `.repeat(12),
      })),
      { kind: 'plain' as const, text: 'A'.repeat(3000) },
      { kind: 'evidence' as const },
      { kind: 'right' as const, text: '' },
    ];
    const pdf = await renderDocument(
      content({ blocks, pictures: [1, 2, 3, 4, 5, 6].map(picture) }),
      () => jpeg,
    );
    expect(pages(pdf)).toBeGreaterThan(4);
    expect(pages(pdf)).toBeLessThan(12);
  });
});
