/** `hubspot.set_up` as people read it: "Hubspot: set up". */
export function jobName(kind: string): string {
  const [owner = '', ...verb] = kind.split('.');
  const named = owner.charAt(0).toUpperCase() + owner.slice(1);
  return `${named}: ${verb.join(' ').replaceAll(/[_-]/g, ' ')}`;
}
