import { Button, Checkbox, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskCommand, TaskDetail } from '../../api/task-types.ts';
import { PhotoPicker } from './PhotoPicker.tsx';
import { usePhotos } from './use-photos.ts';
import type { TaskOrder } from './use-task-order.ts';

interface OrderFormProps {
  task: TaskDetail;
  command: TaskCommand;
  busy: boolean;
  onSend: (order: TaskOrder) => void;
  onCancel: () => void;
}

const isAnswer = (command: TaskCommand): boolean => command === 'submit' || command === 'appeal';

/** What a command has to say: an answer with photos, a reason, an office. */
export function OrderForm({ task, command, busy, onSend, onCancel }: OrderFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState('');
  const [visited, setVisited] = useState(false);
  const [asked, setAsked] = useState(false);
  const photos = usePhotos(task);
  const label = t(
    command === 'submit'
      ? 'order.text'
      : command === 'appeal'
        ? 'order.appealText'
        : command === 'transfer'
          ? 'order.to'
          : command === 'close'
            ? 'order.note'
            : 'order.reason',
  );
  const needsVisit = command === 'close' && task.visitRequired;
  const wrong =
    (command !== 'close' &&
      text.trim() === '' &&
      t(command === 'transfer' ? 'order.needTo' : 'order.needText')) ||
    (needsVisit && !visited && t('task.visit', { count: task.returns }));

  const send = (): void => {
    setAsked(true);
    if (wrong !== false) return;
    const said = text.trim();
    const body = isAnswer(command)
      ? { text: said, photos: photos.photos.map((photo) => photo.id) }
      : command === 'transfer'
        ? { to: said }
        : { ...(said === '' ? {} : { note: said }), ...(needsVisit ? { visited } : {}) };
    onSend({ command, body });
  };

  return (
    <form
      className="order-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label htmlFor={id}>{label}</label>
      <Input.TextArea
        id={id}
        autoFocus
        value={text}
        maxLength={2000}
        autoSize={{ minRows: command === 'transfer' ? 1 : 3, maxRows: 8 }}
        status={asked && wrong !== false ? 'error' : ''}
        onChange={(event) => setText(event.target.value)}
      />
      {isAnswer(command) && <PhotoPicker {...photos} />}
      {needsVisit && (
        <Checkbox checked={visited} onChange={(event) => setVisited(event.target.checked)}>
          {t('order.visited')}
        </Checkbox>
      )}
      {asked && wrong !== false && (
        <p className="bad" role="alert">
          {wrong}
        </p>
      )}
      <div className="order-buttons">
        <Button size="large" onClick={onCancel}>
          {t('order.cancel')}
        </Button>
        <Button size="large" type="primary" htmlType="submit" loading={busy} disabled={photos.busy}>
          {t(`order.${command}`)}
        </Button>
      </div>
    </form>
  );
}
