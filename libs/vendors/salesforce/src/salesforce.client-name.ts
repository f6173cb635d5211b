import type { Connection } from '@crossdock/connections';

type Named = Pick<Connection, 'id'>;

/** Under which name the calls of a connection go out: another installation at the same organisation has another one. */
function clientName({ id }: Named): string {
  return `Crossdock-${id}`;
}

/** The header that names it; Salesforce repeats it with each change that such a call makes. */
export function callOptions(connection: Named): Readonly<Record<string, string>> {
  return { 'sforce-call-options': `client=${clientName(connection)}` };
}

/**
 * Whether a change came of a call of this connection, by the origin in its event.
 * Source: https://developer.salesforce.com/docs/platform/change-data-capture/guide/cdc-event-fields-header.html, `changeOrigin`
 */
export function isOwnChange(origin: string | null | undefined, connection: Named): boolean {
  return origin?.endsWith(`;client=${clientName(connection)}`) ?? false;
}
