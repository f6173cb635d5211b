import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { formatCount } from '../../ui/amounts.ts';
import { formatAmounts } from './amount-list.ts';
import { dimensionNames, keyName, modelNames } from './report-names.ts';
import type { Report, ReportRow } from './report-queries.ts';
import type { Dimension, ReportSearch } from './report-search.ts';

const conversions = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const perCent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

interface ReportTableProps {
  readonly search: ReportSearch;
  readonly rows: readonly ReportRow[];
  readonly unattributed: Report['unattributed'];
}

/** Models side by side; each number leads to the deals behind it. */
export function ReportTable({ search, rows, unattributed }: ReportTableProps): ReactElement {
  const by = search.by ?? 'channel';
  const columns = rows[0]?.credits.map(({ model }) => model) ?? [];
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Report">
      <table>
        <thead>
          <tr>
            <th scope="col">{dimensionNames[by]}</th><th scope="col" className="number">Touches</th><th scope="col" className="number">Cost</th>
            {columns.map((model) => <th key={model} scope="col" className="number">{modelNames[model]}</th>)}
          </tr>
        </thead>
        <tbody>{rows.map((row) => <Row key={row.key ?? ''} by={by} row={row} search={search} />)}</tbody>
        {unattributed.conversions > 0 && (
          <tfoot>
            <tr>
              <th scope="row">Nothing had touched these</th><td className="number">–</td><td className="number">–</td>
              <td className="number" colSpan={Math.max(1, columns.length)}>{formatAmounts(unattributed.revenue)}, {formatCount(unattributed.conversions)} {unattributed.conversions === 1 ? 'deal' : 'deals'}</td>
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

function Row({ by, row: { key, touches, cost, convertedCost, credits }, search }: { readonly by: Dimension; readonly row: ReportRow; readonly search: ReportSearch }): ReactElement {
  const name = keyName(by, key);
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">{formatCount(touches)}</td>
      <td className="number">{formatAmounts(cost, convertedCost)}</td>
      {credits.map(({ model, revenue, converted, conversions: deals, returnOnInvestment }) => (
        <td key={model} className="number">
          {model === 'markov' || revenue.length === 0
            ? formatAmounts(revenue, converted)
            : <Link to="/attribution" hash="deals" search={{ ...withoutKey(search), model: model === 'any' ? 'linear' : model, ...(key !== null && { key }) }}>{formatAmounts(revenue, converted)}<span className="unseen"> for {name}: deals</span></Link>}
          <br /><span className="hint">{conversions.format(deals)} {deals === 1 ? 'deal' : 'deals'}{returnOnInvestment !== undefined && `, return ${perCent.format(returnOnInvestment)}`}</span>
        </td>
      ))}
    </tr>
  );
}

function withoutKey({ key: _, ...search }: ReportSearch): ReportSearch {
  return search;
}
