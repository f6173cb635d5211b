import { isOfOthers, isPersonalField, namePartOf } from './personal-fields.ts';
import { replaceEmails, type PersonMatch, type Pseudonyms } from './person.ts';

type Json = Readonly<Record<string, unknown>>;

/** Shorter values stand in texts for something else. */
const shortestWord = 3;
const somebodyElse = '[somebody else]';

/**
 * A row, or any document in it, that names a person. Where an object holds the person, not through a list, its personal fields are
 * hers, and so are those of the objects beside it that are not somebody else's; of a list only those parts are hers that name her.
 */
export class PersonDocument {
  readonly #match: PersonMatch;

  constructor(match: PersonMatch) {
    this.#match = match;
  }

  /** The document with the person made unreadable; its shape stays. @param isWholly all of it is hers, although it does not name her */
  erase(document: Json, pseudonyms: Pseudonyms, isWholly: boolean): Json {
    const words = new Set<string>();
    const hidden = this.#hide(document, pseudonyms, isWholly || this.#holds(document), words);
    return asObject(mapText(hidden, (text) => pseudonyms.inText(text, [...words])));
  }

  /** The document without what is other people's. */
  extract(document: Json, isWholly: boolean): Json {
    const own = isWholly && !this.#names(document) ? document : this.#ownParts(document);
    return asObject(mapText(own, (text) => replaceEmails(text, (email) => (this.#match.isEmail(email) ? email : somebodyElse))));
  }

  /** First and last name together, and whole names, that stand in the same object as the person's address or number. */
  names(document: unknown): string[] {
    if (Array.isArray(document)) return document.flatMap((part) => this.names(part));
    const nested = parsed(document);
    if (nested !== undefined) return this.names(nested);
    if (!isObject(document)) return [];
    const inside = Object.values(document).flatMap((part) => this.names(part));
    return this.#namesDirectly(document) ? [...inside, ...namesOf(document)] : inside;
  }

  #hide(value: unknown, pseudonyms: Pseudonyms, isHers: boolean, words: Set<string>): unknown {
    if (typeof value === 'string') {
      const nested = parsed(value);
      return nested === undefined ? value : JSON.stringify(this.#hide(nested, pseudonyms, this.#holds(nested), words));
    }
    if (Array.isArray(value)) return value.map((part: unknown) => this.#hide(part, pseudonyms, this.#holds(part), words));
    if (!isObject(value)) return value;
    const fields = Object.keys(value);
    return Object.fromEntries(Object.entries(value).map(([name, held]) => {
      if (isHers && isPersonalField(name, fields)) return [name, hideAll(held, pseudonyms, words)];
      return [name, this.#hide(held, pseudonyms, this.#holds(held) || (isHers && isObject(held) && !isOfOthers(name)), words)];
    }));
  }

  /** Whether the person is in it by objects and texts alone. */
  #holds(value: unknown): boolean {
    if (typeof value === 'string') {
      const nested = parsed(value);
      return nested === undefined ? this.#match.isIn(value) : this.#holds(nested);
    }
    return isObject(value) && this.#match.isIn(Object.values(value).filter((held) => !Array.isArray(held)).map(textOf).join('\n'));
  }

  #names(value: unknown): boolean {
    return this.#match.isIn(textOf(value));
  }

  #namesDirectly(document: Json): boolean {
    return this.#match.isIn(Object.values(document).filter((held) => typeof held === 'string' && parsed(held) === undefined).join('\n'));
  }

  #ownParts(value: unknown): unknown {
    const nested = parsed(value);
    if (nested !== undefined) return this.#ownParts(nested);
    if (Array.isArray(value)) {
      const own = value.filter((part) => this.#names(part));
      return (own.length > 0 ? own : value).map((part) => this.#ownParts(part));
    }
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, held]) => [name, this.#ownParts(held)])) : value;
  }
}

/** Hides every text, but for countries, whose codes tell of nobody. */
function hideAll(value: unknown, pseudonyms: Pseudonyms, words: Set<string>): unknown {
  if (typeof value === 'string') {
    if (value.length >= shortestWord) words.add(value);
    return pseudonyms.ofField(value);
  }
  if (Array.isArray(value)) return value.map((part) => hideAll(part, pseudonyms, words));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, /country|currency|^id$|type$/i.test(name) ? held : hideAll(held, pseudonyms, words)]));
}

function namesOf(document: Json): string[] {
  const parts = Object.entries(document).flatMap(([name, held]) => (typeof held === 'string' && held.trim() !== '' ? [{ part: namePartOf(name), held: held.trim() }] : []));
  const [first] = parts.flatMap(({ part, held }) => (part === 'first' ? [held] : []));
  const [last] = parts.flatMap(({ part, held }) => (part === 'last' ? [held] : []));
  return [...(first !== undefined && last !== undefined ? [`${first} ${last}`] : []), ...parts.flatMap(({ part, held }) => (part === 'whole' && /\s/.test(held) ? [held] : []))];
}

function mapText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((part) => mapText(part, change));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, held]) => [name, mapText(held, change)])) : value;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** What a text holds that is a JSON document. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}
