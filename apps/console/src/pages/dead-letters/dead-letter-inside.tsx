import { Dialog } from '@base-ui/react/dialog';
import type { ReactElement, ReactNode } from 'react';
import { PersonName } from '../../people/person-name.tsx';
import { Answer } from '../../ui/answer.tsx';
import { formatCount } from '../../ui/amounts.ts';
import { Moment } from '../../ui/moment.tsx';
import { useDeadLetter, type Line } from './dead-letter-queries.ts';
import { reasonName, whatItIs } from './dead-letter-words.ts';

interface DeadLetterInsideProps {
  readonly line: Line;
  readonly onClose: () => void;
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** One with its content, from which secrets and personal data were taken out, and what was done with it before. */
export function DeadLetterInside({ line, onClose, children }: DeadLetterInsideProps): ReactElement {
  const letter = useDeadLetter(line);
  return (
    <Dialog.Root open onOpenChange={(isOpen) => { if (!isOpen) onClose(); }}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide">
          <Dialog.Title render={<h2 />}>{whatItIs(line)}</Dialog.Title>
          <Answer query={letter} what="what stands in it">
            {({ reason, error, record, at, message, attempts, headers, content, history }) => (
              <>
                <dl className="facts">
                  <dt>Why</dt><dd>{reasonName(reason)}</dd>
                  <dt>What happened</dt><dd>{error}</dd>
                  <dt>Service</dt><dd>{line.service}</dd>
                  {record !== null && <><dt>Record</dt><dd>{record}</dd></>}
                  <dt>Since</dt><dd><Moment at={at} /></dd>
                  {attempts !== undefined && <><dt>Tries</dt><dd>{formatCount(attempts)}</dd></>}
                  {message && <><dt>Message</dt><dd>{message.topic}, partition {message.partition}, offset {message.offset}</dd></>}
                </dl>
                <h3>Content, without secrets and personal data</h3>
                {'json' in content ? <pre className="content" tabIndex={0}>{JSON.stringify(content.json, undefined, 2)}</pre> : <p>{formatCount(content.bytes)} bytes that are no document, with the SHA-256 {content.sha256}.</p>}
                {typeof headers === 'object' && headers !== null && Object.keys(headers).length > 0 && <><h3>Headers</h3><pre className="content" tabIndex={0}>{JSON.stringify(headers, undefined, 2)}</pre></>}
                {history.length > 0 && (
                  <>
                    <h3>What was done before</h3>
                    <ul>{history.map((act) => <li key={act.id}><Moment at={act.at} />: {act.action.endsWith('replay') ? 'replayed' : 'discarded'} by <PersonName of={act.onBehalfOf ?? act.client} /> ({act.reason}): {reasonName(act.result)}</li>)}</ul>
                  </>
                )}
              </>
            )}
          </Answer>
          <div className="acts"><Dialog.Close>Close</Dialog.Close>{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
