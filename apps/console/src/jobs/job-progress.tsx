import type { ReactElement } from 'react';
import { formatCount, formatSpan } from '../ui/amounts.ts';
import { Progress } from '../ui/progress.tsx';
import type { Job } from './watched-job.ts';

/** How far a job is: its step, how much is done and failed, how fast it goes and how long it will take, as far as the hub knows. */
export function JobProgress({ job: { progress, step, done, total, failed, ratePerSecond, secondsLeft }, name }: { readonly job: Job; readonly name: string }): ReactElement {
  const parts = [
    step,
    total === undefined ? `${formatCount(done)} done` : `${formatCount(done)} of ${formatCount(total)} done`,
    failed > 0 ? `${formatCount(failed)} failed` : undefined,
    ratePerSecond === undefined ? undefined : `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(ratePerSecond)} a second`,
    secondsLeft === undefined ? undefined : `${formatSpan(secondsLeft)} left`,
  ];
  return (
    <div>
      <Progress share={progress} label={`${name}: how far it is`} />
      <p className="hint">{name}: {parts.filter((part) => part !== undefined).join(', ')}</p>
    </div>
  );
}
