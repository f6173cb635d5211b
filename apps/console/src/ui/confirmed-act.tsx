import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useState, type ReactElement, type ReactNode } from 'react';
import { ActButton } from './act-button.tsx';

interface ConfirmedActProps {
  /** What the button says, and the one that confirms. */
  readonly name: string;
  readonly about?: string;
  readonly question: string;
  /** What will happen, and whether it can be taken back. */
  readonly children: ReactNode;
  readonly onAct: () => void;
  readonly barredBecause?: string | undefined;
  readonly isPending?: boolean;
}

/** An act that is asked about once before it is done. */
export function ConfirmedAct({ name, about, question, children, onAct, barredBecause, isPending = false }: ConfirmedActProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <ActButton onAct={() => setOpen(true)} barredBecause={barredBecause} isPending={isPending} look="danger" {...(about !== undefined && { about })}>{name}</ActButton>
      <AlertDialog.Root open={isOpen} onOpenChange={setOpen}>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="backdrop" />
          <AlertDialog.Popup className="dialog">
            <AlertDialog.Title render={<h2 />}>{question}</AlertDialog.Title>
            <AlertDialog.Description render={<div />}>{children}</AlertDialog.Description>
            <div className="acts">
              <AlertDialog.Close>Leave it</AlertDialog.Close>
              <button type="button" className="danger" onClick={() => { setOpen(false); onAct(); }}>{name}</button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  );
}
