import type { ReactElement } from 'react';
import { keyOf, wordsOf, type Step } from './step-words.ts';

/** To the millisecond: steps of one cause follow each other closely. */
const exact = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });

/** One step; what more is known of it opens by a key or a click. `causeKey` names the step on this page that led to it. */
export function StepRow({ step, causeKey }: { readonly step: Step; readonly causeKey: string | undefined }): ReactElement {
  const { title, byline, tone } = wordsOf(step);
  const { kind: _, at, ...facts } = step;
  return (
    <li className={`step ${tone}`} id={anchorOf(keyOf(step))}>
      <time dateTime={at} title={`${at.replace('T', ' ').replace('Z', '')} UTC`}>{exact.format(new Date(at))}</time>
      <details>
        <summary><strong>{title}</strong> <span className="hint">{byline}</span>{tone === 'bad' && <span className="unseen"> (did not succeed)</span>}</summary>
        {causeKey !== undefined && <p><a href={`#${anchorOf(causeKey)}`}>What led to it</a></p>}
        <dl className="facts">
          {Object.entries(facts).map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{typeof value === 'object' ? <pre>{JSON.stringify(value, undefined, 2)}</pre> : String(value)}</dd></div>)}
        </dl>
      </details>
    </li>
  );
}

function anchorOf(key: string): string {
  return `step-${key.replaceAll(/[^\w-]+/g, '-')}`;
}
