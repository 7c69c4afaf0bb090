/** Whatever the server tells people when something is not right, a Chinese page says in Chinese: every code, every field, every phrase. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import i18next from 'i18next';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whatIsRight } from '../../services/api/what-is-right.ts';
import type { Said } from '../../services/domain/said.ts';
import { SAYINGS } from '../../services/domain/sayings.ts';
import { namesZh, phraseZh, sentencesZh } from '../../services/web/src/i18n/problems/chinese.ts';
import { loadProblemTexts, problemText } from '../../services/web/src/i18n/problems/problem-text.ts';
import { zh } from '../../services/web/src/i18n/zh.ts';

const ROOT = join(import.meta.dirname, '../..');
const HAN = /[\u4e00-\u9fff]/;
/** Sentences that are made of their values alone. */
const VALUES_ALONE = new Set([
  'right_phrase',
  'right_const',
  'geo_position',
  'network_not_right',
  'of_field',
]);

const valuesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

describe('every code', () => {
  test('is said in Chinese, with no value that the server does not give', () => {
    expect(Object.keys(sentencesZh).sort()).toEqual(Object.keys(SAYINGS).sort());
    for (const [code, text] of Object.entries(sentencesZh)) {
      if (!VALUES_ALONE.has(code)) expect(text, code).toMatch(HAN);
      const given = valuesIn(SAYINGS[code as keyof typeof SAYINGS]);
      for (const value of valuesIn(text)) expect(given, code).toContain(value);
    }
  });

  test('is said in English without Chinese, but for the names of the law', () => {
    for (const [code, text] of Object.entries(SAYINGS))
      expect(text.replace(/（\S+）|\([^)]*\)/, ''), code).not.toMatch(HAN);
  });
});

test('what a schema says would be right has Chinese words', async () => {
  const unknown: string[] = [];
  const seen = new Set<unknown>();
  const check = (said: Said): void => {
    const { phrase, ...others } = said.params;
    if (said.code === 'right_phrase' && phraseZh(String(phrase)) === undefined) unknown.push(String(phrase));
    for (const value of Object.values(others)) if (typeof value === 'object') check(value);
  };
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if ('right' in value) check(whatIsRight(value));
    for (const inner of Object.values(value)) walk(inner);
  };
  const folder = join(ROOT, 'services/api/schemas');
  for (const name of await readdir(folder)) walk(await import(join(folder, name)));
  expect(unknown).toEqual([]);
});

test('every field that a page can send has a Chinese name', async () => {
  const document = JSON.parse(await readFile(join(ROOT, 'services/api/openapi.json'), 'utf8'));
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const walk = (given: { $ref?: string } & Record<string, unknown>): void => {
    const schema =
      given.$ref === undefined ? given : document.components.schemas[given.$ref.split('/').at(-1) ?? ''];
    if (seen.has(schema)) return;
    seen.add(schema);
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      names.add(name);
      walk(inner as Record<string, unknown>);
    }
    for (const inner of [schema.anyOf, schema.oneOf, schema.allOf, schema.items].flat())
      if (typeof inner === 'object' && inner !== null) walk(inner);
  };
  for (const methods of Object.values(document.paths))
    for (const operation of Object.values(methods as object))
      for (const content of Object.values(operation.requestBody?.content ?? {}))
        walk((content as { schema?: Record<string, unknown> }).schema ?? {});
  const nameless = [...names].filter((name) => !/^\d+$/.test(name) && namesZh[name] === undefined);
  expect(nameless).toEqual([]);
});

test('nothing is told to callers that has no code', async () => {
  const plain: string[] = [];
  for (const folder of ['services/api', 'services/domain']) {
    for (const name of await readdir(join(ROOT, folder), { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const text = await readFile(join(ROOT, folder, name), 'utf8');
      for (const [found] of text.matchAll(
        /new Problem\(\s*'[\w-]+',\s*['"`][^\n]*|field: [^\n]*,\s*message: ['"`][^\n]*/g,
      ))
        plain.push(`${folder}/${name}: ${found.replaceAll(/\s+/g, ' ')}`);
    }
  }
  expect(plain).toEqual([]);
});

describe('a problem in Chinese', () => {
  beforeAll(async () => {
    await i18next.init({
      lng: 'zh-CN',
      resources: { 'zh-CN': { translation: zh } },
      interpolation: { escapeValue: false },
    });
    await loadProblemTexts();
  });
  afterAll(() => i18next.changeLanguage('zh-CN'));

  test('names the field, says what is right, and where in a file it stands', () => {
    const range = {
      code: 'right_from_to',
      params: { noun: { code: 'right_whole_number', params: {}, message: '' }, from: 5, to: 60 },
      message: '',
    };
    const errors = [
      {
        field: 'cameras.2.lookIntervalS',
        code: 'not_right',
        params: { value: '3', right: range },
        message: 'x',
      },
      { row: 7, field: 'region', code: 'is_missing', params: {}, message: 'is missing' },
    ];
    expect(problemText({ code: 'import_errors', params: { count: 2 }, errors })).toBe(
      '共 2 处错误，未导入任何内容：第 3 项 巡看间隔：3 不正确，应为 5 至 60 的整数；第 7 行 辖区：未填写',
    );
  });

  test('one without a code, or with a code of tomorrow, is never shown in English', () => {
    const unknown = { type: 'urn:mingzao:problem:conflict', detail: 'Something else.', code: 'of_tomorrow' };
    expect(problemText(unknown)).toBe('与现有内容冲突，请刷新后重试');
    expect(problemText({ errors: [{ field: 'rtspUrl', message: 'is odd' }] })).toBe(
      '取流地址：填写的内容不正确',
    );
    expect(problemText({ detail: 'Bad Gateway' })).toMatch(HAN);
  });

  test('an English page keeps the words of the server', async () => {
    await i18next.changeLanguage('en');
    expect(problemText({ detail: 'note: is missing', code: 'fields_not_right' })).toBe('note: is missing');
  });
});
