import {
  companyStateSchema, contactStateSchema, dealStateSchema, Failure,
  type CompanyState, type ContactState, type CrmObject, type CrmRef, type Deal, type DealState,
} from '@crossdock/contracts';
import type { Connection } from '@crossdock/connections';
import type { CrmRecord, RecordRef } from '@crossdock/crm-connector';
import type { CanonicalValues } from '@crossdock/field-mapping';

/** A record in the form in which other services hear of it. */
export type ToldState =
  | { readonly object: 'contact'; readonly data: ContactState }
  | { readonly object: 'company'; readonly data: CompanyState }
  | { readonly object: 'deal'; readonly data: DealState };

/** What goes into a state beside the record itself. */
export interface StateParts {
  readonly connection: Pick<Connection, 'id' | 'vendor'>;
  readonly values: CanonicalValues;
  /** Of a deal: its contacts, with their e-mails where known. */
  readonly contacts?: Deal['contacts'];
}

/**
 * Puts a record into the form of its event. What the form must have and the account does not say, such as the name of a
 * deal, is filled in for those who show it, and is not among what is `known`. A value that the form does not take is left out
 * in the same way, and reported.
 * @returns the state, unless there is no way to say it, and what was left out of it.
 */
export function toState(record: CrmRecord, { connection, values, contacts = [] }: StateParts): { readonly state?: ToldState; readonly problems: readonly Failure[] } {
  const stand = standIns(record);
  let raw: Record<string, unknown> = {
    ...stand, ...values.fields,
    ...(Object.keys(values.custom).length > 0 && { custom: values.custom }),
    source: { vendor: connection.vendor, connectionId: connection.id, externalId: record.id },
    modifiedAt: record.modifiedAt,
    ...(record.key !== undefined && { externalKey: record.key }),
    ...(record.mergedFrom && record.mergedFrom.length > 0 && { mergedFrom: [...record.mergedFrom] }),
    known: values.known,
    associations: record.associations.map(toCrmRef),
    ...(record.object === 'deal' && { contacts }),
  };
  const problems: Failure[] = [];
  for (;;) {
    const parsed = parseState(record.object, raw);
    if (parsed.state) return { state: parsed.state, problems };
    const { wrong } = parsed;
    problems.push(new Failure('invalid', `The ${wrong} of ${connection.vendor} ${record.object} ${record.id} has no canonical form; it is left out.`, {
      record: `${connection.vendor} ${record.object} ${record.id}`, field: wrong,
    }));
    if (!values.known.includes(wrong) || raw[wrong] === stand[wrong]) return { problems };
    const { [wrong]: _, ...others } = raw;
    raw = { ...others, ...(wrong in stand && { [wrong]: stand[wrong] }), known: values.known.filter((name) => !problems.some(({ field }) => field === name)) };
  }
}

function standIns({ object, id }: RecordRef): Record<string, unknown> {
  if (object === 'deal') return { name: `Deal ${id}`, status: 'open' };
  return object === 'company' ? { name: `Company ${id}` } : {};
}

function parseState(object: CrmObject, raw: unknown): { readonly state: ToldState } | { readonly state?: never; readonly wrong: string } {
  if (object === 'contact') return stateOr(contactStateSchema.safeParse(raw), (data) => ({ object, data }));
  if (object === 'company') return stateOr(companyStateSchema.safeParse(raw), (data) => ({ object, data }));
  return stateOr(dealStateSchema.safeParse(raw), (data) => ({ object, data }));
}

function stateOr<Data>(
  parsed: { readonly success: true; readonly data: Data } | { readonly success: false; readonly error: { readonly issues: ReadonlyArray<{ readonly path: readonly PropertyKey[] }> } },
  make: (data: Data) => ToldState,
): ReturnType<typeof parseState> {
  if (parsed.success) return { state: make(parsed.data) };
  return { wrong: String(parsed.error.issues[0]?.path[0] ?? 'form') };
}

function toCrmRef({ object, id: externalId }: RecordRef): CrmRef {
  return { object, externalId };
}
