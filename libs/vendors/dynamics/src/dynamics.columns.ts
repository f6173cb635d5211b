import { asFailure, Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { quoted, type DynamicsSession } from './dynamics.api.ts';
import { keyColumn } from './dynamics.mapping.ts';

/** A column of the hub's own, which the set-up makes where it is missing. */
interface HubColumn {
  readonly table: 'account' | 'contact' | 'opportunity' | 'opportunityproduct';
  readonly schemaName: string;
  readonly isKey: boolean;
  /** Has several lines. */
  readonly isLong?: true;
  readonly label: string;
  readonly description: string;
}

const key = (table: HubColumn['table']): HubColumn => ({
  table, schemaName: 'xdock_ExternalKey', isKey: true, label: 'Crossdock key', description: 'Keeps the key by which Crossdock knows this row. Do not change.',
});

/** The order's status is text: a choice would refuse an opportunity once a customiser trims it. */
const hubColumns: readonly HubColumn[] = [
  key('account'), key('contact'), key('opportunity'),
  { table: 'opportunity', schemaName: 'xdock_OrderStatus', isKey: false, label: 'Order status', description: 'Where the order of this opportunity stands. Crossdock writes it.' },
  { table: 'opportunity', schemaName: 'xdock_LineItems', isKey: false, isLong: true, label: 'Order lines', description: 'What was ordered, a line each. Crossdock writes it.' },
  { table: 'opportunity', schemaName: 'xdock_OrderSource', isKey: false, label: 'Order source', description: 'The shop that the order comes from. Crossdock writes it.' },
  { table: 'opportunity', schemaName: 'xdock_SampleRequest', isKey: false, label: 'Sample request', description: 'Which sample kit Crossdock sends for this opportunity, such as starter or 3 x starter.' },
  { table: 'opportunity', schemaName: 'xdock_SampleStatus', isKey: false, label: 'Sample status', description: 'Where the sample for this opportunity stands. Crossdock writes it.' },
  { table: 'opportunityproduct', schemaName: 'xdock_ExternalKey', isKey: false, label: 'Crossdock key', description: 'Keeps the key by which Crossdock knows this line. Do not change.' },
];
const logicalNameOf = ({ schemaName }: HubColumn): string => schemaName.toLowerCase();
const keySchemaName = 'xdock_ExternalKey_Key';

const definitionOf = (table: string): string => `EntityDefinitions(LogicalName=${quoted(table)})`;
const attributesSchema = z.object({ value: z.array(z.object({ LogicalName: z.string() })) });
const keysSchema = z.object({ value: z.array(z.object({ SchemaName: z.string().nullish(), KeyAttributes: z.array(z.string()), EntityKeyIndexStatus: z.string() })) });

const label = (text: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: [{ '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: text, LanguageCode: 1033 }],
});

/** The columns of the hub in one environment, and the alternate keys that keep two rows from having one key of the hub. */
export class DynamicsColumns {
  readonly #session: DynamicsSession;

  constructor(session: DynamicsSession) {
    this.#session = session;
  }

  /** Whether the columns for keys are there on all tables. */
  async hasKeys(): Promise<boolean> {
    return (await this.#missing()).every(({ isKey }) => !isKey);
  }

  /** Whether lines of an opportunity have the column by which the hub knows its own. */
  async hasLineKey(): Promise<boolean> {
    return (await this.namesOf('opportunityproduct')).has(keyColumn);
  }

  /** Those of the hub's columns that a table has. */
  async namesOf(table: HubColumn['table']): Promise<ReadonlySet<string>> {
    const filter = encodeURIComponent(hubColumns.filter((column) => column.table === table).map(logicalNameOf).map((name) => `LogicalName eq ${quoted(name)}`).join(' or '));
    const answer = await this.#session.find('attributes.list', `${definitionOf(table)}/Attributes?$select=LogicalName&$filter=${filter}`, attributesSchema);
    return new Set(answer?.value.map(({ LogicalName }) => LogicalName));
  }

  /**
   * Makes what is missing; what is there is left as it is. Dataverse publishes what is made by itself, and makes the index of
   * a key in the background; nothing waits for it, since rows are found by their id.
   * @throws Failure `forbidden` that names all that a person has to make or to mend.
   * Sources: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-column-definitions-using-web-api,
   * …/define-alternate-keys-entity and https://learn.microsoft.com/power-apps/developer/model-driven-apps/publish-customizations
   */
  async make(): Promise<void> {
    for (const column of await this.#missing()) await this.#unlessRefused(() => this.#session.create('attributes.create', `${definitionOf(column.table)}/Attributes`, toAttribute(column)));
    const missing = await this.#missing();
    const keyed = hubColumns.filter((column) => column.isKey && !missing.includes(column)).map(({ table }) => table);
    const faults = [];
    for (const table of keyed) faults.push(await this.#makeKey(table));
    const sentences = [
      missing.length > 0 && `These columns are missing in this Dynamics environment, and Crossdock may not add them: ${missing.map((column) => `${column.schemaName} of ${column.table}`).join(', ')}. A customiser adds them as text of 255 characters, xdock_LineItems as text of several lines with 4000.`,
      ...faults,
    ].filter((sentence) => typeof sentence === 'string');
    if (sentences.length > 0) throw new Failure('forbidden', sentences.join(' '));
  }

  async #missing(): Promise<HubColumn[]> {
    const missing: HubColumn[] = [];
    for (const [table, columns] of Map.groupBy(hubColumns, (column) => column.table)) {
      const present = await this.namesOf(table);
      missing.push(...columns.filter((column) => !present.has(logicalNameOf(column))));
    }
    return missing;
  }

  /** @returns what a person has to do, where there is something. */
  async #makeKey(table: string): Promise<string | undefined> {
    const status = await this.#keyStatus(table) ?? await this.#createKey(table);
    if (status === undefined) return `Crossdock may not add the alternate key on ${keyColumn} of ${table}: a customiser adds it, so that two rows cannot have one key.`;
    return status === 'Failed' ? `The alternate key on ${keyColumn} of ${table} could not be made, as rows share a value: empty it on all but one, then activate the key again.` : undefined;
  }

  async #createKey(table: string): Promise<string | undefined> {
    await this.#unlessRefused(() => this.#session.create('keys.create', `${definitionOf(table)}/Keys`, {
      '@odata.type': 'Microsoft.Dynamics.CRM.EntityKeyMetadata', SchemaName: keySchemaName, DisplayName: label('Crossdock key'), KeyAttributes: [keyColumn],
    }));
    return this.#keyStatus(table);
  }

  async #keyStatus(table: string): Promise<string | undefined> {
    const answer = await this.#session.find('keys.list', `${definitionOf(table)}/Keys?$select=SchemaName,KeyAttributes,EntityKeyIndexStatus`, keysSchema);
    return answer?.value.find(({ KeyAttributes: columns }) => columns.length === 1 && columns[0] === keyColumn)?.EntityKeyIndexStatus;
  }

  /** A refusal may mean that another made it in this moment; whether it is there is asked afterwards. */
  async #unlessRefused(create: () => Promise<void>): Promise<void> {
    try {
      await create();
    } catch (thrown) {
      const { kind } = asFailure(thrown);
      if (kind !== 'forbidden' && kind !== 'invalid' && kind !== 'conflict') throw thrown;
    }
  }
}

const textAttribute = {
  '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata', AttributeType: 'String', AttributeTypeName: { Value: 'StringType' },
  MaxLength: 255, FormatName: { Value: 'Text' },
};
const longTextAttribute = {
  '@odata.type': 'Microsoft.Dynamics.CRM.MemoAttributeMetadata', AttributeType: 'Memo', AttributeTypeName: { Value: 'MemoType' },
  MaxLength: 4_000, Format: 'TextArea',
};

function toAttribute({ schemaName, label: name, description, isLong }: HubColumn): object {
  return {
    ...(isLong ? longTextAttribute : textAttribute),
    SchemaName: schemaName,
    RequiredLevel: { Value: 'None', CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' },
    DisplayName: label(name),
    Description: label(description),
  };
}
