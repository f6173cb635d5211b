import type { CompanyFields, ContactFields, DealFields, sampleRequestField, sampleStatusField } from '@crossdock/contracts';
import type { DefaultRule } from '@crossdock/field-mapping';

type Defaults<Fields> = Readonly<Partial<Record<keyof Fields & string, DefaultRule>>>;

/** Where the hub's own fields go at a vendor; one that is left out is not kept there. */
export interface DefaultMapping {
  readonly contact: Defaults<ContactFields>;
  readonly company: Defaults<CompanyFields>;
  readonly deal: Defaults<DealFields> & Partial<Readonly<Record<typeof sampleRequestField | typeof sampleStatusField, DefaultRule>>>;
}
