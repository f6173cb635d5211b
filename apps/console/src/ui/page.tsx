import { useEffect, type ReactElement, type ReactNode } from 'react';

interface PageProps {
  readonly title: string;
  /** What can be done on the page as a whole. */
  readonly acts?: ReactNode;
  readonly children: ReactNode;
}

/** A page under its heading, which is the window's title as well. */
export function Page({ title, acts, children }: PageProps): ReactElement {
  useEffect(() => {
    document.title = `${title} – Crossdock`;
  }, [title]);
  return (
    <>
      <div className="page-head"><h1>{title}</h1>{acts !== undefined && <div className="acts">{acts}</div>}</div>
      {children}
    </>
  );
}
