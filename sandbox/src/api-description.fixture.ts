import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

type Json = Record<string, unknown>;

/** Where the vendors' own API descriptions are; not part of this repository, so that tests against them rest where they are not at hand. */
const folder = resolve(process.env['VENDOR_DESCRIPTIONS'] ?? join(import.meta.dirname, '../../../shared/specs'));

export function hasDescription(file: string): boolean {
  return existsSync(join(folder, file));
}

/** A page of a vendor's documents, as it is. */
export function readDescription(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** All JSON documents of a folder and of those in it. */
export function descriptionsIn(place: string): unknown[] {
  const files = readdirSync(join(folder, place), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
  return files.map((file): unknown => JSON.parse(readDescription(join(place, file))));
}

/** A vendor's OpenAPI document, and what of an answer or a body does not fit it. */
export class ApiDescription {
  private readonly document: Json;

  constructor(file: string) {
    const text = readDescription(file);
    this.document = recordOf(file.endsWith('.yaml') ? parse(text) : JSON.parse(text));
  }

  /** Properties of an answer that the description does not have, or has with another type; also a path it does not know. */
  faultsOfAnswer(method: string, path: string, status: number, body: unknown): string[] {
    const operation = recordOf(recordOf(recordOf(this.document['paths'])[path])[method]);
    const answer = this.followed(recordOf(recordOf(operation['responses'])[String(status)]));
    const { schema, example } = recordOf(recordOf(answer['content'])['application/json']);
    return schema === undefined ? [`${method} ${path} has no answer ${String(status)}`] : this.faults(recordOf(schema), body, '', example);
  }

  /** The same for the body of a request. */
  faultsOfBody(method: string, path: string, body: unknown): string[] {
    const operation = recordOf(recordOf(recordOf(this.document['paths'])[path])[method]);
    const content = recordOf(recordOf(this.followed(recordOf(operation['requestBody']))['content'])['application/json']);
    return content['schema'] === undefined ? [`${method} ${path} takes no body`] : this.faults(recordOf(content['schema']), body, '', undefined);
  }

  /** The vendor's example counts as well: it shows properties that the schema forgot. */
  private faults(schema: Json, value: unknown, at: string, example: unknown): string[] {
    const flat = this.flatten(schema);
    if (value === null || value === undefined) return [];
    if (Array.isArray(value)) {
      return flat['type'] === 'array' || (Array.isArray(flat['type']) && flat['type'].includes('array')) ? value.flatMap((item, index) => this.faults(recordOf(flat['items']), item, `${at}[${String(index)}]`, Array.isArray(example) ? example[0] : undefined)) : [`${at} is a list`];
    }
    if (typeof value === 'object') {
      const known = recordOf(flat['properties']);
      if (Object.keys(known).length === 0) return [];
      const shown = recordOf(example);
      return Object.entries(value).flatMap(([name, inner]) => {
        if (known[name] !== undefined) return this.faults(recordOf(known[name]), inner, `${at}.${name}`, shown[name]);
        return name in shown ? [] : [`${at}.${name} is not described`];
      });
    }
    const types: Record<string, readonly unknown[]> = { string: ['string'], number: ['number', 'integer'], boolean: ['boolean'] };
    const described: unknown[] = Array.isArray(flat['type']) ? flat['type'] : [flat['type']];
    return described.includes(undefined) || described.some((type) => types[typeof value]?.includes(type) === true) ? [] : [`${at} is of another type`];
  }

  /** What a reference leads to, or the thing itself. */
  private followed(node: Json): Json {
    const { $ref: reference } = node;
    return typeof reference === 'string' ? reference.slice(2).split('/').reduce<Json>((inner, name) => recordOf(inner[name]), this.document) : node;
  }

  /** A schema with its references followed and its parts joined. */
  private flatten(schema: Json): Json {
    if (typeof schema['$ref'] === 'string') return this.flatten(this.followed(schema));
    const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((name) => (Array.isArray(schema[name]) ? schema[name].map((part) => this.flatten(recordOf(part))) : []));
    return parts.reduce<Json>((whole, part) => ({
      ...whole, ...part, properties: { ...recordOf(whole['properties']), ...recordOf(part['properties']) },
    }), schema);
  }
}

function recordOf(value: unknown): Json {
  return Object.fromEntries(Object.entries(value ?? {}));
}
