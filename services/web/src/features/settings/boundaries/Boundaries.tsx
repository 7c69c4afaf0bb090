import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import { Bones } from '../../../ui/Bones.tsx';
import { Failure, useWhy } from '../../../ui/Failure.tsx';
import { More } from '../../../ui/More.tsx';
import { Moment } from '../../../ui/Times.tsx';
import { ImportForm } from './ImportForm.tsx';
import { type RegionBoundary, useBoundaries } from './use-boundaries.ts';
import './boundaries.css';

/** 辖区边界: brought as a file by the operator; what each region has, from where, and since when. */
export function Boundaries() {
  const { t } = useTranslation();
  const list = useBoundaries();
  return (
    <div className="settings-list">
      <ImportForm />
      <h2>{t('boundary.there')}</h2>
      {list.isPending ? (
        <Bones lines={5} />
      ) : list.data === undefined ? (
        <Failure what="policy" error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <>
          <div className="sheet boundary-scroll">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('settings.region')}</th>
                  <th scope="col">{t('boundary.source')}</th>
                  <th scope="col">{t('boundary.licence')}</th>
                  <th scope="col">{t('boundary.points')}</th>
                  <th scope="col">{t('boundary.imported')}</th>
                  <th scope="col">
                    <span className="hidden">{t('boundary.remove')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.data.pages
                  .flatMap(({ items }) => items)
                  .map((one) => (
                    <Row key={one.region.id} {...one} />
                  ))}
              </tbody>
            </table>
          </div>
          <More list={list} />
        </>
      )}
    </div>
  );
}

function Row({ region, boundary }: RegionBoundary) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: () => ask<void>(`/regions/${region.id}/boundary`, { method: 'DELETE' }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.boundaries });
      await client.invalidateQueries({ queryKey: keys.regionMap });
    },
  });
  const depth = region.path.split('.').length - 1;
  const name = (
    <th scope="row">
      {'　'.repeat(depth)}
      {region.name} <span className="settings-quiet">{region.code}</span>
    </th>
  );
  if (boundary === null)
    return (
      <tr>
        {name}
        <td colSpan={5} className="settings-quiet">
          {t('boundary.none')}
        </td>
      </tr>
    );
  return (
    <tr>
      {name}
      <td>{boundary.source}</td>
      <td>{boundary.licence}</td>
      <td className="num">{boundary.points.toLocaleString('en')}</td>
      <td>
        <Moment at={boundary.importedAt} /> {boundary.importedBy}
      </td>
      <td>
        <span className="settings-buttons">
          {sure && (
            <Button size="small" danger loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('boundary.removeWhich', { name: region.name })}
            </Button>
          )}
          <Button
            size="small"
            {...(sure ? {} : { 'aria-label': t('boundary.removeWhich', { name: region.name }) })}
            onClick={() => setSure(!sure)}
          >
            {t(sure ? 'boundary.keep' : 'boundary.remove')}
          </Button>
        </span>
        {remove.isError && (
          <p className="bad" role="alert">
            {why(remove.error)}
          </p>
        )}
      </td>
    </tr>
  );
}
