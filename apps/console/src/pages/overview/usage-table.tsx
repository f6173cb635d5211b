import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../app/hub.ts';
import { formatCount, formatShare } from '../../ui/amounts.ts';
import { Answer } from '../../ui/answer.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { DashboardLink } from './dashboard-link.tsx';
import { vendorCards } from '../connections/vendors.ts';

/** How many calls each vendor was asked today (UTC), and how many of them failed: for the tenant, or for all together. */
export function UsageTable({ ofAllTenants = false, grafanaUrl }: { readonly ofAllTenants?: boolean; readonly grafanaUrl?: string | undefined }): ReactElement {
  const usage = useQuery({
    queryKey: ['usage', ofAllTenants],
    queryFn: async ({ signal }) => {
      const today = new Date().toISOString().slice(0, 10);
      const query = { from: today, to: today };
      return ofAllTenants ? (await api.call('GET /v1/operations/usage', { query, signal })).data.items : (await api.call('GET /v1/usage', { query, signal })).data.items;
    },
    refetchInterval: 30_000,
  });
  return (
    <section aria-labelledby="usage">
      <h2 id="usage">Calls to vendors today (UTC)</h2>
      <Answer query={usage} what="calls">
        {(items) => (items.length === 0 ? <Nothing title="No vendor was called today.">Calls are counted as soon as an account is connected.</Nothing> : (
          <div className="scroll" role="group" aria-label="Calls by vendor" tabIndex={0}>
            <table>
              <thead><tr><th scope="col">Vendor</th><th scope="col" className="number">Calls</th><th scope="col" className="number">Failed</th><th scope="col" className="number">Share that failed</th></tr></thead>
              <tbody>
                {items.map(({ vendor, calls, failedCalls }) => (
                  <tr key={vendor}>
                    <th scope="row"><DashboardLink grafanaUrl={grafanaUrl} dashboard="vendors" only={vendor}>{vendorCards[vendor].name}</DashboardLink></th><td className="number">{formatCount(calls)}</td><td className="number">{formatCount(failedCalls)}</td>
                    <td className="number">{formatShare(calls === 0 ? 0 : failedCalls / calls)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ))}
      </Answer>
    </section>
  );
}
