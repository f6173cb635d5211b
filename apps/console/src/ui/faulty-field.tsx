import { useId, type ReactElement, type ReactNode } from 'react';

/** What an input says of its fault to assistive technology. */
interface FaultMarks {
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

/** A field with what the hub finds fault with, if anything; the marks go to its input. */
export function FaultyField({ fault, children }: { readonly fault: string | undefined; readonly children: (marks: FaultMarks) => ReactNode }): ReactElement {
  const id = useId();
  return (
    <div>
      {children(fault === undefined ? {} : { 'aria-describedby': id, 'aria-invalid': true })}
      {fault !== undefined && <p id={id} className="wrong" role="alert">{fault}</p>}
    </div>
  );
}
