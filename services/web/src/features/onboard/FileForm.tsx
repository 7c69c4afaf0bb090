import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import type { ImportError, ImportResult } from '../../api/onboard-types.ts';
import { saidText } from '../../i18n/problems/problem-text.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import './effect.css';
import { DrawnTable } from './DrawnTable.tsx';
import { FilePreview } from './FilePreview.tsx';

const TYPES: Record<string, string> = {
  csv: 'text/csv',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  json: 'application/json',
};

/** The first line of a file that Excel can open and save; a few rows as an example. */
const TEMPLATE = `\uFEFFregion,merchant,zone,zone_kind,zone_name,camera,camera_name,source,rtsp_url,rtsp_sub_url,look_interval_s,privacy_masks,min_score_no_hat
chengguan,first-school,cooking,cooking,烹饪间,first-school-cam1,灶台1号,rtsp,rtsp://user:password@192.168.1.20/Streaming/Channels/101,rtsp://user:password@192.168.1.20/Streaming/Channels/102,30,"[[0.7,0,1,0.3]]",
chengguan,first-school,cold,special_room,凉菜专间,first-school-cam2,凉菜间,rtsp,rtsp://user:password@192.168.1.21/Streaming/Channels/101,,30,,0.6
`;

interface Chosen {
  name: string;
  type: string;
  bytes: ArrayBuffer;
  /** For the eye; the server reads the bytes itself. */
  text: string;
}

/** 文件导入: looked at first, line by line, without writing anything; then all of it or nothing. */
export function FileForm() {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const client = useQueryClient();
  const [file, setFile] = useState<Chosen>();
  const send = (chosen: Chosen, dryRun: boolean) =>
    ask<ImportResult>(`/import?dryRun=${dryRun}`, {
      method: 'POST',
      body: new Blob([chosen.bytes], { type: chosen.type }),
    });
  const check = useMutation({ mutationFn: (chosen: Chosen) => send(chosen, true) });
  const run = useMutation({
    mutationFn: (chosen: Chosen) => send(chosen, false),
    onSuccess: () => client.invalidateQueries(),
  });
  const choose = async (chosen: File | undefined) => {
    check.reset();
    run.reset();
    setFile(undefined);
    if (chosen === undefined) return;
    const type = TYPES[chosen.name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'text/csv';
    const bytes = await chosen.arrayBuffer();
    const read = { name: chosen.name, type, bytes, text: textOf(bytes) };
    setFile(read);
    check.mutate(read);
  };
  const errors = errorsOf(check.error) ?? errorsOf(run.error) ?? [];
  const other = check.error ?? run.error;
  const all = countOf(other) ?? errors.length;
  const download = () => {
    const address = URL.createObjectURL(new Blob([TEMPLATE], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = 'cameras.csv';
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <div className="onboard-main">
      <section className="onboard-step" aria-label={t('onboard.by.file')}>
        <p>{t('onboard.file.intro')}</p>
        <div className="onboard-actions">
          <label className="onboard-file" htmlFor={`${id}-file`}>
            {t('onboard.file.choose')}
          </label>
          <input
            id={`${id}-file`}
            className="onboard-file-input"
            type="file"
            accept=".csv,.yaml,.yml,.json"
            onChange={(event) => void choose(event.target.files?.[0])}
          />
          <Button onClick={download}>{t('onboard.file.template')}</Button>
        </div>
        {file !== undefined && <p className="onboard-hint">{file.name}</p>}
        <div role="status">
          {check.isPending && t('onboard.file.checking')}
          {errors.length > 0 && (
            <p className="bad">
              {t('onboard.file.wrong', { count: all })}
              {all > errors.length && ` ${t('onboard.file.wrongSome', { shown: errors.length })}`}
            </p>
          )}
          {errors.length === 0 && other != null && <p className="bad">{why(other)}</p>}
          {check.data !== undefined && run.data === undefined && (
            <>
              <Counts result={check.data} />
              <DrawnTable drawn={check.data.drawn} count={check.data.drawnCount} />
            </>
          )}
          {run.data !== undefined && (
            <>
              <p className="tag tag-good">{t('onboard.file.done')}</p>
              <Counts result={run.data} />
            </>
          )}
        </div>
        {check.data !== undefined && file !== undefined && run.data === undefined && (
          <div className="onboard-actions">
            <Button
              type="primary"
              size="large"
              loading={run.isPending}
              disabled={check.data.created + check.data.updated === 0}
              onClick={() => run.mutate(file)}
            >
              {t('onboard.file.run', { count: check.data.created + check.data.updated })}
            </Button>
          </div>
        )}
        {run.data !== undefined && (
          <p>
            <Link to="/cameras?awaiting=true">{t('onboard.file.goOn')} →</Link>
          </p>
        )}
        {run.data !== undefined && run.data.secrets.length > 0 && <Secrets secrets={run.data.secrets} />}
      </section>
      {file !== undefined && <FilePreview text={file.text} errors={errors} />}
      {errors.some(({ row }) => row === undefined) && (
        <ul className="onboard-step">
          {errors
            .filter(({ row }) => row === undefined)
            .map((one) => (
              <li key={`${one.field}-${String(one.code)}`} className="bad">
                <code>{one.field}</code> {saidText(one)}
              </li>
            ))}
        </ul>
      )}
    </div>
  );
}

/** As the server reads it: what is no UTF-8 is GB 18030, as Excel and WPS save "CSV". */
function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

function errorsOf(error: unknown): ImportError[] | undefined {
  if (!(error instanceof ApiError) || !Array.isArray(error.problem.errors)) return undefined;
  return error.problem.errors as ImportError[];
}

/** All that is wrong; the answer names the first ones. */
function countOf(error: unknown): number | undefined {
  const count = error instanceof ApiError ? error.problem.errorCount : undefined;
  return typeof count === 'number' ? count : undefined;
}

const SECTIONS = ['regions', 'merchants', 'zones', 'gateways', 'cameras', 'rules'] as const;

function Counts({ result }: { result: ImportResult }) {
  const { t } = useTranslation();
  const shown = SECTIONS.filter((name) => {
    const counts = result.sections[name];
    return counts !== undefined && counts.created + counts.updated + counts.unchanged > 0;
  });
  return (
    <table className="effect-table file-counts">
      <thead>
        <tr>
          <th scope="col">{t('onboard.file.section')}</th>
          <th scope="col">{t('onboard.file.created')}</th>
          <th scope="col">{t('onboard.file.updated')}</th>
          <th scope="col">{t('onboard.file.unchanged')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((name) => (
          <tr key={name}>
            <th scope="row">{t(`onboard.file.sections.${name}`)}</th>
            <td className="num">{result.sections[name]?.created}</td>
            <td className="num">{result.sections[name]?.updated}</td>
            <td className="num">{result.sections[name]?.unchanged}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Passwords of gateways that the file made: shown this once. */
function Secrets({ secrets }: { secrets: ImportResult['secrets'] }) {
  const { t } = useTranslation();
  return (
    <div className="onboard-declined">
      <p>{t('onboard.file.secrets')}</p>
      <ul>
        {secrets.map(({ gateway, username, password }) => (
          <li key={gateway}>
            {gateway}：<code>{username}</code> <code>{password}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}
