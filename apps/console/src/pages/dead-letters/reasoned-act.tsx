import { useId, useState, type ComponentProps, type ReactElement } from 'react';
import { ConfirmedAct } from '../../ui/confirmed-act.tsx';

interface ReasonedActProps extends Omit<ComponentProps<typeof ConfirmedAct>, 'fields' | 'onAct'> {
  readonly onAct: (reason: string) => void;
}

/** An act that is asked about once, with the reason that is written down with it. */
export function ReasonedAct({ onAct, ...act }: ReasonedActProps): ReactElement {
  const [reason, setReason] = useState('');
  const hintId = useId();
  const fields = (
    <>
      <label>Why <input value={reason} onChange={({ target }) => setReason(target.value)} required minLength={3} maxLength={500} pattern=".*\S.*\S.*\S.*" autoComplete="off" aria-describedby={hintId} /></label>
      <p className="hint" id={hintId}>At least three letters. It is written down with your name.</p>
    </>
  );
  return <ConfirmedAct {...act} fields={fields} onAct={() => { onAct(reason.trim()); setReason(''); }} />;
}
