import { Component, type ErrorInfo, type ReactNode } from 'react';
import { noticeText } from '../../formats/outside-text.ts';
import { Alert } from '../kit/alert.tsx';
import styles from './error-boundary.module.css';
import { newerBuildThere } from './newer-build.ts';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: Error | undefined;
  /** The server has another build by now, whose parts have other names. */
  readonly outdated: boolean;
}

/** Names the error when a panel cannot be drawn, instead of leaving an empty page. React asks for a class here. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: undefined, outdated: false };

  static getDerivedStateFromError(thrown: unknown): Partial<ErrorBoundaryState> {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
    void newerBuildThere().then((outdated) => this.setState({ outdated }));
  }

  override render(): ReactNode {
    const { error, outdated } = this.state;
    if (error === undefined) return this.props.children;
    if (outdated) {
      return (
        <Alert as="main" className={styles.failed} data-testid="notice" data-notice="page-outdated">
          <h2>A new version is here; reload</h2>
          <p>This part of the page belongs to an older version. A kept run is offered again after the reload.</p>
          <button type="button" onClick={() => window.location.reload()}>
            Reload
          </button>
        </Alert>
      );
    }
    return (
      <Alert as="main" className={styles.failed} data-testid="notice" data-notice="page-failed">
        <h2>The page could not be drawn</h2>
        <p>The run itself is unchanged. Try to draw the page again; if that fails, reload it.</p>
        <code>{noticeText(error.message)}</code>
        <button type="button" onClick={() => this.setState({ error: undefined })}>
          Draw again
        </button>
      </Alert>
    );
  }
}
