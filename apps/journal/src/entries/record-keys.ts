import type { Envelope } from '@crossdock/contracts';

/** A record that an event is about, or names. */
export interface RecordKey {
  /** `order/<id>`, `shipment/<id>`, `tracking/<number>`, `<vendor>/<object>/<id>`; `key/<key>` for the hub's key on a CRM's record. */
  readonly record: string;
  /** The last part: the id alone. */
  readonly id: string;
}

/** What a record is called that a field of an event's data names by its id. */
const kindsByField: Readonly<Record<string, string>> = {
  orderId: 'order', shipmentId: 'shipment', shipmentIds: 'shipment', returnOf: 'shipment', trackingNumber: 'tracking', externalKey: 'key',
};
/** The fields that hold a vendor's id of a record. */
const vendorIdFields = ['externalId', 'externalIds', 'crmId', 'mergedInto'];
/** What only the service that it is meant for reads. */
const closedFields = new Set(['payload', 'fields', 'custom']);
const longestId = 255;
const mostRecords = 200;

/** The kind of record, and whose, that a vendor's id inside of it is one of. */
interface Place {
  readonly vendor: string | undefined;
  readonly object: string;
}

/**
 * Finds the records that an event is about or names, by the names of its fields: an event that is new to the catalogue
 * needs nothing here where its fields are called as elsewhere. Values other than ids are not looked at.
 */
export function recordKeysOf({ type, subject, data }: Pick<Envelope, 'type' | 'subject' | 'data'>): RecordKey[] {
  const records = new Set([subject]);
  const [, entity = ''] = type.split('.');
  collect(data, { vendor: undefined, object: entity }, records);
  return [...records].slice(0, mostRecords).map((record) => ({ record, id: record.slice(record.lastIndexOf('/') + 1) }));
}

function collect(value: unknown, place: Place, records: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((item) => collect(item, place, records));
  if (!isObject(value)) return;
  const inside = { vendor: textOf(value['vendor']) ?? vendorOf(value['source']) ?? place.vendor, object: textOf(value['object']) ?? place.object };
  for (const [field, held] of Object.entries(value)) {
    const kind = kindsByField[field] ?? (vendorIdFields.includes(field) && inside.vendor !== undefined ? `${inside.vendor}/${inside.object}` : undefined);
    if (kind !== undefined) for (const id of idsOf(held)) records.add(`${kind}/${id}`);
    else if (!closedFields.has(field)) collect(held, placeOf(field, inside), records);
  }
}

/** Lines and refunds of an order have ids of their own at the shop; a contact that stands in a deal is a contact. */
function placeOf(field: string, { vendor, object }: Place): Place {
  switch (field) {
    case 'contact': case 'contacts': return { vendor, object: 'contact' };
    case 'company': return { vendor, object: 'company' };
    case 'lines': case 'refunds': return { vendor: undefined, object: field };
    default: return { vendor, object };
  }
}

function idsOf(value: unknown): string[] {
  return [value].flat().filter((id): id is string => typeof id === 'string' && id.length > 0 && id.length <= longestId);
}

function vendorOf(source: unknown): string | undefined {
  return isObject(source) ? textOf(source['vendor']) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
