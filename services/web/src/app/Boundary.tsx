import { Component, type ReactNode } from 'react';
import { type WithTranslation, withTranslation } from 'react-i18next';
import { Note } from '../ui/Note.tsx';

interface State {
  failed: boolean;
}

/** A part that throws, or a chunk that cannot be fetched, shows a way on instead of a white page. */
class BoundaryOf extends Component<WithTranslation & { children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const { t } = this.props;
    return (
      <Note
        bad
        title={t('error.page')}
        action={{ label: t('error.reload'), run: () => window.location.reload() }}
      />
    );
  }
}

export const Boundary = withTranslation()(BoundaryOf);
