import { Link } from '@tanstack/react-router';
import type { ReactElement, ReactNode } from 'react';
import { formatCount, formatShare, formatSpan } from '../../ui/amounts.ts';
import { Answer } from '../../ui/answer.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { DashboardLink } from './dashboard-link.tsx';
import { dashboardAddress } from './dashboards.ts';
import { eventsPerSecond, oldestWaiting } from './figures.ts';
import { useFigures } from './figure-queries.ts';
import type { DeadLetterSearch } from '../dead-letters/dead-letter-search.ts';
import { UsageTable } from './usage-table.tsx';

const perSecond = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** What an operator sees first, of all tenants together: what is handled, what waits and since when, and which vendors fail. */
export function InstallationPage(): ReactElement {
  const figures = useFigures();
  return (
    <Page title="Overview">
      <Answer query={figures} what="how the services stand">
        {({ now, before }) => {
          const rate = eventsPerSecond(now, before);
          const oldest = oldestWaiting(now);
          return (
            <>
              {now.unavailable.length > 0 && <p className="banner error" role="status">{new Intl.ListFormat().format(now.unavailable)} {now.unavailable.length === 1 ? 'does' : 'do'} not answer.</p>}
              <section aria-labelledby="now">
                <h2 id="now">Now</h2>
                <dl className="facts">
                  <dt>Events handled</dt><dd>{rate === undefined ? 'Counted with the next look' : `${perSecond.format(rate)} a second`}</dd>
                  <dt>Oldest that waits</dt><dd>{oldest === undefined ? 'Nothing waits' : `${oldest.what} in ${oldest.service}, for ${formatSpan(oldest.seconds)}`}</dd>
                </dl>
                {now.grafanaUrl !== undefined && <p><a className="button" href={dashboardAddress(now.grafanaUrl, 'overview')} target="_blank" rel="noreferrer">Open Grafana</a></p>}
              </section>
              <ServiceTable services={now.services} grafanaUrl={now.grafanaUrl} />
              <BudgetTable services={now.services} grafanaUrl={now.grafanaUrl} />
            </>
          );
        }}
      </Answer>
      <UsageTable ofAllTenants grafanaUrl={figures.data?.now.grafanaUrl} />
    </Page>
  );
}

type Services = NonNullable<ReturnType<typeof useFigures>['data']>['now']['services'];

interface ShownServices {
  readonly services: Services;
  readonly grafanaUrl: string | undefined;
}

function ServiceTable({ services, grafanaUrl }: ShownServices): ReactElement {
  return (
    <section aria-labelledby="services">
      <h2 id="services">Services</h2>
      <p className="hint">As one process of each tells; what stands in its database is the same in all of them. Dead letters are counted up to 10,000 of each service.</p>
      <div className="scroll" role="group" aria-label="Services" tabIndex={0}>
        <table>
          <thead><tr><th scope="col">Service</th><th scope="col" className="number">To be published</th><th scope="col" className="number">Lag</th><th scope="col" className="number">Open work</th><th scope="col" className="number">Parked</th><th scope="col" className="number">Dead letters</th></tr></thead>
          <tbody>
            {services.map(({ service, outbox, lag, tasks, deadLetters }) => {
              const count = (isWanted: (state: string) => boolean): string => formatCount(tasks.filter(({ state }) => isWanted(state)).reduce((sum, one) => sum + one.tasks, 0));
              return (
                <tr key={service}>
                  <th scope="row"><DashboardLink grafanaUrl={grafanaUrl} dashboard="event-core" only={service}>{service}</DashboardLink></th>
                  <td className="number">{formatCount(outbox.events)}</td>
                  <td className="number">{formatCount(lag.messages)}{lag.oldestSeconds >= 1 && `, ${formatSpan(lag.oldestSeconds)}`}</td>
                  <td className="number"><DashboardLink grafanaUrl={grafanaUrl} dashboard="work" only={service}>{count((state) => state !== 'parked' && state !== 'dead')}<span className="unseen"> open at {service}</span></DashboardLink></td>
                  <td className="number"><LettersLink search={{ service, state: 'parked' }}>{count((state) => state === 'parked')}<span className="unseen"> parked at {service}</span></LettersLink></td>
                  <td className="number"><LettersLink search={{ service, state: 'dead' }}>{formatCount(deadLetters)}<span className="unseen"> dead at {service}</span></LettersLink></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function LettersLink({ search, children }: { readonly search: DeadLetterSearch; readonly children: ReactNode }): ReactElement {
  return <Link to="/dead-letters" search={search}>{children}</Link>;
}

function BudgetTable({ services, grafanaUrl }: ShownServices): ReactElement {
  const budgets = services.flatMap(({ service, budgets: own }) => own.map((budget) => ({ service, ...budget }))).sort((one, other) => other.usedRatio - one.usedRatio);
  return (
    <section aria-labelledby="budgets">
      <h2 id="budgets">Vendors’ limits, of the account nearest to each</h2>
      {budgets.length === 0 ? <Nothing title="No limit was touched in the last minutes.">Limits are shown as soon as vendors are called.</Nothing> : (
        <div className="scroll" role="group" aria-label="Limits" tabIndex={0}>
          <table>
            <thead><tr><th scope="col">Vendor</th><th scope="col">Limit</th><th scope="col">Called by</th><th scope="col" className="number">Used</th></tr></thead>
            <tbody>{budgets.map(({ service, vendor, window, usedRatio }) => <tr key={`${service} ${vendor} ${window}`}><th scope="row"><DashboardLink grafanaUrl={grafanaUrl} dashboard="vendors" only={vendor}>{vendor}</DashboardLink></th><td>{window}</td><td>{service}</td><td className="number">{formatShare(usedRatio)}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}
