import type { Environment, WebhookRegistration } from './environments.ts';
import type { Row, RowChange } from './rows/rows.ts';

const webhookContract = 8;
const authTypes = { key: 4, header: 5 } as const;

/** Where a change is told: endpoints of contract webhook with an enabled asynchronous step for this message of this table. */
export function webhooksFor({ rows, webhooks }: Environment, { message, row: { table: { logicalName } } }: RowChange): WebhookRegistration[] {
  const steps = rows.list(rows.tableOf('sdkmessageprocessingsteps')).filter(({ values }) => values['statecode'] === 0 && values['mode'] === 1);
  const asked = steps.filter(({ values }) => {
    const filter = find(rows.list(rows.tableOf('sdkmessagefilters')), values['sdkmessagefilterid']);
    return filter?.values['primaryobjecttypecode'] === logicalName && find(rows.list(rows.tableOf('sdkmessages')), values['sdkmessageid'])?.values['name'] === message;
  });
  const endpoints = asked.map(({ values }) => find(rows.list(rows.tableOf('serviceendpoints')), values['eventhandler']));
  return [...webhooks, ...endpoints.flatMap((endpoint) => (endpoint?.values['contract'] === webhookContract ? [registrationOf(endpoint)] : []))];
}

function find(rows: readonly Row[], id: unknown): Row | undefined {
  return rows.find((row) => row.id === id);
}

/** Headers are given as XML: `<settings><setting name="…" value="…" /></settings>`. */
function registrationOf({ values }: Row): WebhookRegistration {
  const [url, value] = [String(values['url']), String(values['authvalue'])];
  if (values['authtype'] === authTypes.key) return { url, auth: { kind: 'key', value } };
  const [, name = '', given = ''] = /<setting name="([\w-]+)" value="([^"]*)"\s*\/>/.exec(value) ?? [];
  return { url, auth: { kind: 'header', name, value: given } };
}
