import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { api } from '../../app/hub.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { Answer } from '../../ui/answer.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { Failed } from '../../ui/failed.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { CreditedDeals } from './credited-deals.tsx';
import { ReportChart } from './report-chart.tsx';
import { ReportForm } from './report-form.tsx';
import { reportQueryOf, useReport, type Report } from './report-queries.ts';
import type { ReportSearch } from './report-search.ts';
import { ReportTable } from './report-table.tsx';

/** Which touches brought which revenue. What is asked for stands in the page's address, so that a report can be passed on. */
export function AttributionPage(): ReactElement {
  const search = useSearch({ from: '/attribution' });
  const navigate = useNavigate({ from: '/attribution' });
  const report = useReport(search);
  const by = search.by ?? 'channel';
  const { model } = search;
  return (
    <Page title="Attribution" acts={<Export search={search} barredBecause={barWhileAway(report.error)} />}>
      <ReportForm search={search} onChange={(next) => void navigate({ search: next })} />
      <Answer query={report} what="the report">
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.rows);
          const [first] = pages;
          if (first === undefined || (rows.length === 0 && first.unattributed.conversions === 0)) {
            return <Nothing title="There is no revenue to share out.">Won deals and what touched their people before are put together here by themselves. A period above may leave all of them out.</Nothing>;
          }
          return (
            <>
              <ReportChart by={by} rows={rows} />
              <ReportTable search={search} rows={rows} unattributed={first.unattributed} />
              {report.hasNextPage && <p><button type="button" disabled={report.isFetchingNextPage} onClick={() => void report.fetchNextPage()}>Show more</button></p>}
              <Basis report={first} />
            </>
          );
        }}
      </Answer>
      {model !== undefined && model !== 'markov' && <CreditedDeals search={search} model={model} />}
    </Page>
  );
}

/** What the numbers follow from, and what they leave out. */
function Basis({ report: { result: { windowDays, halfLifeDays, changedAt }, missingRates } }: { readonly report: Report }): ReactElement {
  return (
    <>
      {missingRates.length > 0 && (
        <p className="stale" role="status">Without a rate, and in no converted sum: {new Intl.ListFormat().format(missingRates.map(({ currency, base, day }) => `${currency} to ${base} on ${day}`))}.</p>
      )}
      <p className="hint">
        Touches of up to {windowDays} days before a deal count; by time decay one weighs half after {halfLifeDays} days.
        {changedAt !== undefined && <> The numbers last changed on <Moment at={changedAt} />.</>}
      </p>
    </>
  );
}

function Export({ search, barredBecause }: { readonly search: ReportSearch; readonly barredBecause: string | undefined }): ReactElement {
  const query = reportQueryOf(search);
  const csv = useMutation({ mutationFn: async () => saveFile(await api.download('GET /v1/attribution/report.csv', { query }), `attribution by ${query.by}.csv`) });
  const parquet = useMutation({ mutationFn: async () => saveFile(await api.download('GET /v1/attribution/report.parquet', { query }), `attribution by ${query.by}.parquet`) });
  const problem = csv.error ?? parquet.error;
  return (
    <>
      <ActButton barredBecause={barredBecause} isPending={csv.isPending} onAct={() => csv.mutate()}>Save as CSV</ActButton>
      <ActButton barredBecause={barredBecause} isPending={parquet.isPending} onAct={() => parquet.mutate()}>Save as Parquet</ActButton>
      {problem !== null && <Failed problem={problem} />}
    </>
  );
}
