import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/router.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { drawKey, drawWall, type WallDraw } from './use-wall.ts';
import { addressOf, type Wall } from './wall-address.ts';

/** Digits of the list's hash that are shown: enough to compare by eye. */
const SHOWN = 12;

/** 随机抽查: a new draw, or the same wall again by its seed. */
export function DrawBar({ wall, draw }: { wall: Wall; draw: WallDraw | undefined }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const why = useWhy();
  const [typed, setTyped] = useState('');
  const start = useMutation({
    mutationFn: (seed: string | undefined) => drawWall(wall, seed),
    onSuccess(answer) {
      client.setQueryData(drawKey(wall, answer.seed), answer);
      setTyped('');
      const place = { search: undefined, after: undefined, camera: undefined };
      navigate(addressOf({ ...wall, ...place, draw: answer.seed, list: answer.listHash }));
    },
  });
  const seed = typed.trim().toLowerCase();
  return (
    <div className="live-draw">
      <form
        className="live-draw-form"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate(seed === '' ? undefined : seed);
        }}
      >
        <Input
          className="live-seed"
          aria-label={t('wall.seed')}
          placeholder={t('wall.seedHint')}
          maxLength={32}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button htmlType="submit" loading={start.isPending}>
          {t(seed === '' ? 'wall.draw' : 'wall.drawAgain', { count: wall.size })}
        </Button>
      </form>
      {draw !== undefined && (
        <p className="live-drawn">
          {t('wall.drawn', { of: draw.of, count: draw.cameras.length })} · {t('wall.seed')}{' '}
          <b className="num">{draw.seed}</b> · {t('wall.list')}{' '}
          <span className="num" title={draw.listHash}>
            {draw.listHash.slice(0, SHOWN)}
          </span>{' '}
          <button
            type="button"
            className="live-leave"
            onClick={() =>
              navigate(addressOf({ ...wall, draw: undefined, list: undefined, camera: undefined }))
            }
          >
            {t('wall.leave')}
          </button>
        </p>
      )}
      {draw !== undefined && wall.list !== undefined && wall.list !== draw.listHash && (
        <p className="bad" role="alert">
          {t('wall.otherList')}
        </p>
      )}
      {start.isError && (
        <p className="bad" role="alert">
          {why(start.error)}
        </p>
      )}
    </div>
  );
}
