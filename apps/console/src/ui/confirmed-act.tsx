import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useState, type ReactElement, type ReactNode, type SubmitEvent } from 'react';
import { ActButton } from './act-button.tsx';

interface ConfirmedActProps {
  /** What the button says, and the one that confirms. */
  readonly name: string;
  readonly about?: string;
  readonly question: string;
  /** What will happen, and whether it can be taken back. */
  readonly children: ReactNode;
  /** What has to be filled in before it is done. */
  readonly fields?: ReactNode;
  readonly onAct: () => void;
  readonly barredBecause?: string | undefined;
  readonly isPending?: boolean;
  readonly look?: 'plain' | 'danger';
}

/** An act that is asked about once before it is done. */
export function ConfirmedAct({ name, about, question, children, fields, onAct, barredBecause, isPending = false, look = 'danger' }: ConfirmedActProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const act = (event: SubmitEvent): void => {
    event.preventDefault();
    setOpen(false);
    onAct();
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
              {fields !== undefined && <div className="fields">{fields}</div>}
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
