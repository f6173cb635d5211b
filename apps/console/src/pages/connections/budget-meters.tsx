import { useId, type ReactElement } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { isLongWindow, limitName, usedOfGranted, type LimitUsage } from './limit-words.ts';

/** What is used of each limit of an account, and when it is renewed; undefined while the hub cannot read its counts. */
export function BudgetMeters({ budget }: { readonly budget: readonly LimitUsage[] | undefined }): ReactElement {
  if (budget === undefined) return <>Cannot be read at present</>;
  if (budget.length === 0) return <>The vendor has no limit</>;
  return <ul className="limits">{budget.map((usage) => <li key={usage.name}><LimitMeter usage={usage} /></li>)}</ul>;
}

function LimitMeter({ usage }: { readonly usage: LimitUsage }): ReactElement {
  const id = useId();
  const { kind, used, granted, renewsAt, pausedUntil } = usage;
  const to = isLongWindow(usage) ? 'minute' : 'second';
  return (
    <>
      <label htmlFor={id}>{limitName(usage)}</label>
      <meter id={id} min={0} max={granted} high={granted * 0.8} optimum={0} value={Math.min(used, granted)}>{usedOfGranted(usage)}</meter>
      <span>
        {usedOfGranted(usage)}
        {used === 0 && kind !== 'slots' && <span className="hint">, nothing counted yet</span>}
        {renewsAt !== undefined && <span className="hint">, {kind === 'fixed' ? 'renewed at' : 'all free again at'} <Moment at={renewsAt} to={to} /></span>}
        {pausedUntil !== undefined && <span className="wrong">; the vendor asked for a pause until <Moment at={pausedUntil} to="second" /></span>}
      </span>
    </>
  );
}
