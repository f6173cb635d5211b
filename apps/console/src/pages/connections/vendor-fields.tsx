import type { ReactElement } from 'react';
import type { WrongPlaces } from '../../api/wrong-places.ts';
import { FaultyField } from '../../ui/faulty-field.tsx';
import type { VendorField } from './vendors.ts';

interface VendorFieldsProps {
  readonly fields: readonly VendorField[];
  readonly given: Readonly<Record<string, string>>;
  readonly wrong: WrongPlaces<string>;
  readonly onChange: (given: Readonly<Record<string, string>>) => void;
}

/** Where a field of a vendor stands in a request, as a JSON pointer. */
export function placeOf({ name, isSecret = false }: VendorField): string {
  return `/${isSecret ? 'credentials' : 'settings'}/${name}`;
}

/** Why something cannot be sent yet; undefined where all that is needed was typed. */
export function missingAmong(fields: readonly VendorField[], given: Readonly<Record<string, string>>): string | undefined {
  const missing = fields.find(({ name, isRequired = false }) => isRequired && (given[name] ?? '').trim() === '');
  return missing && `First enter: ${missing.label}.`;
}

/** What a person has to say to a vendor's account, with what the hub or the vendor finds wrong about each. */
export function VendorFields({ fields, given, wrong, onChange }: VendorFieldsProps): ReactElement | null {
  if (fields.length === 0) return null;
  return (
    <div className="fields">
      {fields.map((field) => (
        <FaultyField key={field.name} fault={wrong.at.get(placeOf(field))}>
          {(marks) => (
            <label>
              {field.label}
              <input
                {...marks} type={field.isSecret === true ? 'password' : 'text'} autoComplete="off" spellCheck={false} placeholder={field.example ?? ''} maxLength={512}
                value={given[field.name] ?? ''} onChange={({ target: { value } }) => onChange({ ...given, [field.name]: value })}
              />
              <span className="hint">{field.hint}</span>
            </label>
          )}
        </FaultyField>
      ))}
    </div>
  );
}
