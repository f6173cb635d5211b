import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { AnswerOf } from '../../api/route-types.ts';
import { Answer } from '../../ui/answer.tsx';
import { formatCount, formatMoney, formatShare } from '../../ui/amounts.ts';
import { Moment } from '../../ui/moment.tsx';
import { vendorCards } from '../connections/vendors.ts';
import { keyName, modelNames } from './report-names.ts';
import { useCreditedDeals, useJourney } from './report-queries.ts';
import type { DealModel, ReportSearch } from './report-search.ts';

type CreditedDeal = AnswerOf<'GET /v1/attribution/credited-deals'>['items'][number];

/** The deals behind a number, and the journey to each. */
export function CreditedDeals({ search, model }: { readonly search: ReportSearch; readonly model: DealModel }): ReactElement {
  const { by = 'channel', key, model: _, key: __, ...report } = search;
  const deals = useCreditedDeals(search, model);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [by, key, model]);
  return (
    <section aria-labelledby="deals">
      <h2 id="deals" tabIndex={-1} ref={heading}>Deals behind {keyName(by, key ?? null)}{by !== 'month' && `, ${modelNames[model].toLowerCase()}`}</h2>
      <p><Link to="/attribution" search={report}>Close</Link></p>
      <Answer query={deals} what="deals">
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return (
            <>
              {items.length === 0 && <p>No won deal is behind this number by this model.</p>}
              <ul className="deals">{items.map((deal) => <li key={deal.dealId}><Deal deal={deal} model={model} /></li>)}</ul>
              {deals.hasNextPage && <p><button type="button" disabled={deals.isFetchingNextPage} onClick={() => void deals.fetchNextPage()}>Show older ones</button></p>}
            </>
          );
        }}
      </Answer>
    </section>
  );
}

function Deal({ deal: { dealId, name, source: { vendor }, closedAt, revenue, amountMinor, currency, share, touches }, model }: { readonly deal: CreditedDeal; readonly model: DealModel }): ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <strong>{name}</strong> ({vendorCards[vendor].name}): {formatMoney({ amountMinor, currency })} of {formatMoney(revenue)}, {formatShare(share)}; won on <Moment at={closedAt} />, {formatCount(touches)} {touches === 1 ? 'touch' : 'touches'}
      </summary>
      {isOpen && <Journey dealId={dealId} model={model} />}
    </details>
  );
}

function Journey({ dealId, model }: { readonly dealId: string; readonly model: DealModel }): ReactElement {
  const journey = useJourney(dealId, model);
  return (
    <Answer query={journey} what="the journey">
      {({ credits, closedAt, name, source: { vendor, externalId } }) => (
        <>
          <div className="scroll" tabIndex={0} role="group" aria-label={`Journey to ${name}`}>
            <table>
              <thead><tr><th scope="col">Touch</th><th scope="col">Channel</th><th scope="col" className="number">Credited</th><th scope="col" className="number">Part</th></tr></thead>
              <tbody>
                {credits.map(({ touchId, channel, touchedAt, amountMinor, currency, share }) => (
                  <tr key={touchId}>
                    <th scope="row"><Moment at={touchedAt} /></th><td>{channel}</td><td className="number">{formatMoney({ amountMinor, currency })}</td><td className="number">{formatShare(share)}</td>
                  </tr>
                ))}
                {closedAt !== undefined && <tr><th scope="row"><Moment at={closedAt} /></th><td colSpan={3}>The deal is won.</td></tr>}
              </tbody>
            </table>
          </div>
          <p><Link to="/follow" search={{ record: `${vendor}/${vendorCards[vendor].what === 'Shop' ? 'order' : 'deal'}/${externalId}` }}>Follow its way through the hub</Link></p>
        </>
      )}
    </Answer>
  );
}
