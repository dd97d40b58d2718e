import { Component, type ErrorInfo, type ReactNode } from 'react';
import styles from './error-boundary.module.css';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
}

interface ErrorBoundaryState {
  readonly error: Error | undefined;
}

/** Names the error when a panel cannot be drawn, instead of leaving an empty page. React asks for a class here. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): ErrorBoundaryState {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main className={styles.failed} role="alert" data-testid="notice" data-notice="page-failed">
        <h2>The page could not be drawn</h2>
        <p>The run itself is unchanged. Try to draw the page again; if that fails, reload it.</p>
        <code>{error.message}</code>
        <button type="button" onClick={() => this.setState({ error: undefined })}>
          Draw again
        </button>
      </main>
    );
  }
}
