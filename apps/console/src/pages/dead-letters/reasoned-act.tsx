import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useId, useState, type ReactElement, type ReactNode, type SubmitEvent } from 'react';
import { ActButton } from '../../ui/act-button.tsx';

interface ReasonedActProps {
  /** What the button says, and the one that confirms. */
  readonly name: string;
  readonly about?: string;
  readonly question: string;
  /** What will happen, and whether it can be taken back. */
  readonly children: ReactNode;
  readonly onAct: (reason: string) => void;
  readonly barredBecause?: string | undefined;
  readonly isPending: boolean;
  readonly look: 'plain' | 'danger';
}

/** An act that is asked about once, with the reason that is written down with it. */
export function ReasonedAct({ name, about, question, children, onAct, barredBecause, isPending, look }: ReasonedActProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const hintId = useId();
  const act = (event: SubmitEvent): void => {
    event.preventDefault();
    setOpen(false);
    onAct(reason.trim());
    setReason('');
  };
  return (
    <>
      <ActButton onAct={() => setOpen(true)} barredBecause={barredBecause} isPending={isPending} look={look} {...(about !== undefined && { about })}>{name}</ActButton>
      <AlertDialog.Root open={isOpen} onOpenChange={setOpen}>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="backdrop" />
          <AlertDialog.Popup className="dialog">
            <AlertDialog.Title render={<h2 />}>{question}</AlertDialog.Title>
            <AlertDialog.Description render={<div />}>{children}</AlertDialog.Description>
            <form onSubmit={act}>
              <div className="fields">
                <label>Why <input value={reason} onChange={({ target }) => setReason(target.value)} required minLength={3} maxLength={500} pattern=".*\S.*\S.*\S.*" autoComplete="off" aria-describedby={hintId} /></label>
                <p className="hint" id={hintId}>At least three letters. It is written down with your name.</p>
              </div>
              <div className="acts">
                <AlertDialog.Close>Leave it</AlertDialog.Close>
                <button type="submit" className={look === 'danger' ? 'danger' : 'primary'}>{name}</button>
              </div>
            </form>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  );
}
