import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { useChangePassword } from './use-password.ts';

const LEAST = 8;
const EMPTY = { current: '', next: '', again: '' };

/** The own password, old and new. */
export function PasswordForm() {
  const { t } = useTranslation();
  const why = useWhy();
  const change = useChangePassword();
  const [typed, setTyped] = useState(EMPTY);
  const [wrong, setWrong] = useState<string>();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { current, next, again } = typed;
    const problem =
      next.length < LEAST
        ? t('password.short')
        : next !== again
          ? t('password.different')
          : next === current
            ? t('password.same')
            : undefined;
    setWrong(problem);
    if (problem === undefined)
      change.mutate({ current, password: next }, { onSuccess: () => setTyped(EMPTY) });
  };
  const failure = (): string | undefined => {
    if (wrong !== undefined || change.error === null) return wrong;
    if (change.error instanceof ApiError && change.error.status === 429) return t('session.tooMany');
    return change.error instanceof ApiError && change.error.status === 400
      ? t('password.wrong')
      : why(change.error);
  };
  const field = (name: keyof typeof EMPTY, label: string, complete: string) => (
    <>
      <label htmlFor={`password-${name}`}>{label}</label>
      <Input.Password
        id={`password-${name}`}
        autoComplete={complete}
        value={typed[name]}
        onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
      />
    </>
  );
  return (
    <form className="stack-form" onSubmit={submit} noValidate>
      {field('current', t('password.current'), 'current-password')}
      {field('next', t('password.next'), 'new-password')}
      {field('again', t('password.again'), 'new-password')}
      <p className={change.isSuccess ? 'good' : 'bad'} role="alert">
        {change.isSuccess ? t('password.saved') : failure()}
      </p>
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t('password.save')}
      </Button>
    </form>
  );
}
