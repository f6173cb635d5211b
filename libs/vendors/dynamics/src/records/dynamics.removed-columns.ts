import type { FieldSelection } from '@crossdock/crm-connector';
import { asFailure } from '@crossdock/contracts';

/** Reads without the columns that an administrator has removed since they were described: they hold up nothing else. @throws Failure */
export async function withoutRemoved<Result>(selection: FieldSelection, read: (present: FieldSelection) => Promise<Result>): Promise<Result> {
  try {
    return await read(selection);
  } catch (thrown) {
    const { kind, field } = asFailure(thrown);
    const { description, fieldNames } = selection;
    const removed = description.fields.find(({ name }) => field === name || field === `_${name}_value`)?.name;
    if (kind !== 'invalid' || removed === undefined) throw thrown;
    const fields = description.fields.filter(({ name }) => name !== removed);
    return withoutRemoved({ description: { ...description, fields }, fieldNames: fieldNames.filter((name) => name !== removed) }, read);
  }
}
