import { createHmac } from 'node:crypto';

/** What a person is known by, as far as it has been found out. */
export interface Person {
  /** In lower case. */
  readonly emails: readonly string[];
  /** E.164. */
  readonly phones: readonly string[];
  /** First and last name together, as people write them. */
  readonly names: readonly string[];
  /** Contacts of CRM accounts, as `<connection>/<id>`. */
  readonly contacts: readonly string[];
}

const anyEmail = /[^\s"'<>@,;:=/\\]+@[^\s"'<>@,;:/\\]+\.[\p{L}\d-]{2,}/giu;

/** The e-mail addresses in a text, in lower case. */
function emailsIn(text: string): string[] {
  return [...text.matchAll(anyEmail)].map(([email]) => email.toLowerCase());
}

/** Puts something else in the place of each e-mail address of a text. */
export function replaceEmails(text: string, replacement: (email: string) => string): string {
  return text.replaceAll(anyEmail, (email) => replacement(email.toLowerCase()));
}

/** A pattern that finds these words where they stand by themselves; undefined for none. */
function wholeWords(words: readonly string[], flags: string): RegExp | undefined {
  if (words.length === 0) return undefined;
  const escaped = [...words].sort((one, other) => other.length - one.length).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(String.raw`(?<![\p{L}\p{N}.+_%-])(?:${escaped.join('|')})(?![\p{L}\p{N}_-]|\.\p{L})`, flags);
}

/** Whether a text names the person by an address of hers or by her number, and, where the number alone does, names no address of somebody else. */
export class PersonMatch {
  readonly #emails: ReadonlySet<string>;
  readonly #phones: RegExp | undefined;

  constructor({ emails, phones }: Person) {
    this.#emails = new Set(emails);
    this.#phones = wholeWords(phones, 'u');
  }

  isIn(text: string): boolean {
    const found = emailsIn(text);
    return found.some((email) => this.#emails.has(email)) || (found.length === 0 && this.#phones?.test(text) === true);
  }

  isEmail(email: string): boolean {
    return this.#emails.has(email.toLowerCase());
  }
}

/** What stands in the place of what was erased: of the same form, the same for the same within one request, and without a way back. */
export class Pseudonyms {
  readonly #salt: Buffer;
  readonly #phones: RegExp | undefined;
  readonly #names: RegExp | undefined;
  readonly #emails: ReadonlySet<string>;

  /** @param salt of this request alone, forgotten with its end */
  constructor(person: Person, salt: Buffer) {
    this.#salt = salt;
    this.#emails = new Set(person.emails);
    this.#phones = wholeWords(person.phones, 'gu');
    this.#names = wholeWords(person.names, 'gu');
  }

  /** What a personal field holds from now on. */
  ofField(value: string): string {
    if (value === '') return value;
    if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return this.#email(value);
    return /^\+[1-9]\d{6,14}$/.test(value) ? this.#phone(value) : 'erased';
  }

  /** A text without what names the person. @param words what was erased beside it, to be found in the text as well */
  inText(text: string, words: readonly string[] = []): string {
    let hidden = replaceEmails(text, (email) => (this.#emails.has(email) ? this.#email(email) : email));
    if (this.#phones) hidden = hidden.replaceAll(this.#phones, (phone) => this.#phone(phone));
    if (this.#names) hidden = hidden.replaceAll(this.#names, 'erased');
    const beside = wholeWords(words, 'gu');
    return beside ? hidden.replaceAll(beside, 'erased') : hidden;
  }

  #email(email: string): string {
    return `erased-${this.#digest(email.toLowerCase()).toString('hex').slice(0, 16)}@erased.invalid`;
  }

  /** Of a country code that is assigned to nobody (ITU-T E.164, 999). */
  #phone(phone: string): string {
    return `+999${String(this.#digest(phone).readUInt32BE()).padStart(10, '0')}`;
  }

  #digest(value: string): Buffer {
    return createHmac('sha256', this.#salt).update(value).digest();
  }
}
