import { Component, type ReactNode } from 'react';
import { Button } from '../ui/controls.tsx';
import type { Say } from './language.ts';

/** Keeps one page's bug from taking the window: says so, and tries again on request. */
export class PageGuard extends Component<
  { readonly t: Say; readonly children: ReactNode },
  { readonly error: Error | null }
> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { t, children } = this.props;
    if (!this.state.error) return children;
    return (
      <div className="page-empty" role="alert">
        <h1>{t('app.error')}</h1>
        <p>{t('app.pageFailed')}</p>
        <p className="cap selectable">{this.state.error.message}</p>
        <Button onClick={() => this.setState({ error: null })}>{t('app.retry')}</Button>
      </div>
    );
  }
}
