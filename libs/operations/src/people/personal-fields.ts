/** Names of fields whose text tells who somebody is or where, in the spelling of any vendor: compared without case and signs. */
const personalField = new RegExp([
  'mail', 'phone', 'mobile', 'fax', '(first|last|full|middle|given|family|nick|display|user|customer|contact)name$', '^name$', '^company(name)?$',
  'address', 'street', '^city$', 'town', 'zip', 'post(al)?code', 'birth', 'gender', '^ip$', 'useragent', 'note', 'comment', '^signer$',
].join('|'));

/** Names that look personal and hold nothing of a person. */
const harmlessField = /^(addressid|noteid|ismailvalid|emailverified)$|^addresscountry$/;
/** Words for a part of a country: a machine's state is called the same. */
const regionField = /^(state|province|region)$/;
const placeField = /street|city|zip|post(al)?code|address1/;

/** Whose things stand beside a person's, and are not the person's. */
const othersField = /^(from|sender|seller|merchant|origin|warehouse|owner|agent|rates?|lines|items)/;

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Whether a field tells who somebody is. @param beside the names of the fields that stand beside it */
export function isPersonalField(name: string, beside: readonly string[]): boolean {
  const field = plain(name);
  if (regionField.test(field)) return beside.some((other) => placeField.test(plain(other)));
  return personalField.test(field) && !harmlessField.test(field);
}

/** Whether a document within a person's document is about somebody else. */
export function isOfOthers(name: string): boolean {
  return othersField.test(plain(name));
}

/** Which part of a name a field holds. */
export function namePartOf(name: string): 'first' | 'last' | 'whole' | undefined {
  const field = plain(name);
  if (/(first|given)name$/.test(field)) return 'first';
  if (/(last|family)name$/.test(field)) return 'last';
  return /(full|display)name$|^name$/.test(field) ? 'whole' : undefined;
}
