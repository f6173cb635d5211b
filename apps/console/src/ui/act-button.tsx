import { useId, type ReactElement, type ReactNode } from 'react';

interface ActButtonProps {
  readonly children: ReactNode;
  readonly onAct: () => void;
  /** Why it cannot be done at present, as a sentence; the button stays in reach, so that the reason can be read by keyboard and aloud. */
  readonly barredBecause?: string | undefined;
  readonly isPending?: boolean;
  readonly look?: 'plain' | 'primary' | 'danger';
  /** For whom or what, where the words of the button alone do not say it. */
  readonly about?: string;
}

/** A button for an act that somebody may be barred from; then it says why. */
export function ActButton({ children, onAct, barredBecause, isPending = false, look = 'plain', about }: ActButtonProps): ReactElement {
  const reasonId = useId();
  const isBarred = barredBecause !== undefined;
  return (
    <>
      <button
        type="button" className={look} aria-disabled={isBarred || isPending} title={barredBecause}
        {...(isBarred && { 'aria-describedby': reasonId })} onClick={() => { if (!isBarred && !isPending) onAct(); }}
      >
        {children}{about !== undefined && <span className="unseen"> {about}</span>}
      </button>
      {isBarred && <span id={reasonId} className="unseen">{barredBecause}</span>}
    </>
  );
}
