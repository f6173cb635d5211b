const hidden = '[redacted]';

/** Names of fields whose values are secrets or tell of a person, in the spelling of any vendor: compared without case and signs. */
const privateField = new RegExp([
  'mail', 'phone', 'mobile', 'fax', '(first|last|full|middle|given|family|user|customer|contact|display|nick|company)name$', '^name$', '^company$',
  'address', 'street', 'city$', 'town', 'zip', 'post(al)?code', '^state$', 'province', 'birth', 'gender', '^ip$', 'ipaddress', 'useragent',
  'note', 'comment', 'message', 'description$', 'token', 'secret', 'password', 'passwd', 'credential', 'authori[sz]ation', 'cookie', 'session',
  'signature', 'hmac', 'apikey', 'privatekey', 'orderkey', 'cvv', 'card', 'iban', 'taxid', '^vat', '^ssn', 'latitude', 'longitude', 'propertyvalue',
].join('|'));

/** Names that look private and hold nothing of a person. */
const harmlessField = /^(addressid|messageid|messagekey|companyid|noteid|taxstatus|statecode|sessioncount|descriptionid)$/;

/**
 * What is taken out of any text. What looks alike and is wanted (ids, times) is named first and passes: at each place the
 * first that fits wins.
 */
const pattern = new RegExp([
  String.raw`(?<keep>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?)`,
  String.raw`[^\s"'<>@,;:=/]+@[^\s"'<>@,;/]+\.[\p{L}\d-]{2,}`, // an e-mail address
  String.raw`(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]+`,
  String.raw`\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_.-]+`, // a JSON Web Token
  String.raw`\+\d[\d\s()./-]{5,}\d`, // a phone number in international notation
  String.raw`(?<![\w.+-])\(?0\d{1,5}\)?[\s./-]\d[\d\s./-]{4,}\d\b`, // … in national notation
  String.raw`(?<![\w.-])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b`, // … as in North America
  String.raw`(?:token|secret|password|key|signature)=[^\s&"']+`,
  String.raw`(?<![\w-])(?=[\w+/-]*[A-Za-z])(?=[\w+/-]*\d)[A-Za-z0-9_+/-]{28,}={0,2}`, // an opaque key: long, of letters and digits
].join('|'), 'giu');

/** A text without e-mail addresses, phone numbers, tokens and keys. */
export function redactText(text: string): string {
  return text.replace(pattern, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1);
    return typeof groups === 'object' && groups !== null && 'keep' in groups && groups.keep !== undefined ? match : hidden;
  });
}

/** A document as operators may see it: values of private fields are hidden whole, all other text by its patterns. */
export function redactDocument(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redactDocument);
  if (typeof value !== 'object' || value === null) return value;
  const named = nameOfPair(value);
  return Object.fromEntries(Object.entries(value).map(([name, content]) =>
    [redactText(name), isPrivate(name === 'value' ? named : name) && content !== null && content !== '' ? hideValues(content) : redactDocument(content)]));
}

/** Vendors keep custom fields as pairs: `{ "key": "_billing_phone", "value": … }`. */
function nameOfPair(pair: object): string {
  if ('key' in pair && typeof pair.key === 'string') return pair.key;
  return 'name' in pair && typeof pair.name === 'string' ? pair.name : '';
}

/** Keeps the shape of what a private field holds, so that one sees what is missing. */
function hideValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideValues);
  if (typeof value !== 'object' || value === null) return hidden;
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [redactText(name), hideValues(content)]));
}

function isPrivate(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return privateField.test(plain) && !harmlessField.test(plain);
}
