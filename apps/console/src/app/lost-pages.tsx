import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { Failed } from '../ui/failed.tsx';
import { Page } from '../ui/page.tsx';

/** For an address that leads nowhere. */
export function NoSuchPage(): ReactElement {
  return (
    <Page title="There is no such page">
      <p>The link may be old, or a letter of it may be missing. <Link to="/">Go to the overview.</Link></p>
    </Page>
  );
}

/** For a page that broke off, such as one whose files were replaced by a newer version while it was open. */
export function BrokenPage({ error, reset }: ErrorComponentProps): ReactElement {
  return <Page title="This page could not be shown"><Failed problem={error} again={reset} /></Page>;
}
