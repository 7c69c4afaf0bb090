import { Button, Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { useWhy } from '../../ui/Failure.tsx';

interface FormEndProps {
  error: Error | null;
  complete: boolean;
  saving: boolean;
  /** Of what is there already: removing is asked for once more. */
  remove?: { ask: string; running: boolean; run: () => void } | undefined;
}

/** What a form of the registry ends with: what is wrong, save, remove. */
export function FormEnd({ error, complete, saving, remove }: FormEndProps) {
  const { t } = useTranslation();
  const why = useWhy();
  return (
    <>
      {error !== null && (
        <p className="bad" role="alert">
          {why(error)}
        </p>
      )}
      <div className="registry-buttons">
        <Button type="primary" htmlType="submit" disabled={!complete} loading={saving}>
          {t('registry.save')}
        </Button>
        {remove !== undefined && (
          <Popconfirm
            title={remove.ask}
            okText={t('registry.remove')}
            cancelText={t('registry.keep')}
            onConfirm={remove.run}
          >
            <Button danger loading={remove.running}>
              {t('registry.remove')}
            </Button>
          </Popconfirm>
        )}
      </div>
    </>
  );
}
