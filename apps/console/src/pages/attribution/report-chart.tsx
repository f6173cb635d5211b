import { useId, type ReactElement } from 'react';
import { formatMoney } from '../../ui/amounts.ts';
import { barCharts } from './report-bars.ts';
import { keyName, modelNames } from './report-names.ts';
import type { ReportRow } from './report-queries.ts';
import type { Dimension } from './report-search.ts';

/** The report as bars, models under each other; the table beside it holds the same figures and is what is read aloud. */
export function ReportChart({ by, rows }: { readonly by: Dimension; readonly rows: readonly ReportRow[] }): ReactElement {
  return <>{barCharts(rows, by === 'month').map(({ currency, groups, leftOut }) => <OneChart key={currency} by={by} currency={currency} groups={groups} leftOut={leftOut} />)}</>;
}

type ChartProps = ReturnType<typeof barCharts>[number] & { readonly by: Dimension };

function OneChart({ by, currency, groups, leftOut }: ChartProps): ReactElement {
  const captionId = useId();
  return (
    <figure className="chart" aria-labelledby={captionId}>
      <figcaption id={captionId}>Revenue in {currency}. The table below holds the same figures{leftOut > 0 && `, and ${leftOut} more`}.</figcaption>
      <ul aria-hidden="true">
        {groups.map(({ key, bars }) => (
          <li key={key ?? ''}>
            <span className="chart-key">{keyName(by, key)}</span>
            <span className="chart-bars">
              {bars.map(({ model, amountMinor, share }) => (
                <span key={model} className="chart-line">
                  <span className="chart-name">{modelNames[model]}</span>
                  <span className="chart-track"><span className={`bar ${model}`} style={{ inlineSize: `${share * 100}%` }} /></span>
                  <span className="chart-amount">{formatMoney({ amountMinor, currency })}</span>
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
