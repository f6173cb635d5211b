import { z } from 'zod';
import { compareKeys } from './identity-key.ts';

/** Why two keys are one person or one company: what some record says of both. */
export const identityLinkSchema = z.object({ one: z.string(), other: z.string() });
export type IdentityLink = z.infer<typeof identityLinkSchema>;

/** What a person said: that a key names nobody in particular (`other` is absent), or that two keys are not the same. */
export const identityExceptionSchema = z.object({ one: z.string(), other: z.string().optional() });
export type IdentityException = z.infer<typeof identityExceptionSchema>;

/** A phone number that more addresses than this stand beside is a switchboard's, and names nobody. */
const mostAddressesOfPhone = 3;

/**
 * Which keys are one: joined by a chain of links that count. The answer depends on the sets alone, not on the order in which
 * anything became known, and a link that goes takes along just what it joined; circles of links are no matter.
 * @returns for each key the name of its component: the key in it that names best
 */
export function componentsOf(
  keys: readonly string[], links: readonly IdentityLink[], exceptions: readonly IdentityException[],
): Map<string, string> {
  const parents = new Map<string, string>(keys.map((key) => [key, key]));
  for (const { one, other } of countedLinks(links, exceptions)) {
    const [first, second] = [rootOf(parents, one), rootOf(parents, other)].sort(compareKeys);
    if (first !== undefined && second !== undefined) parents.set(second, first);
  }
  return new Map([...parents.keys()].map((key) => [key, rootOf(parents, key)]));
}

/** The links that nobody took back and that no shared phone number makes. */
export function countedLinks<Link extends IdentityLink>(links: readonly Link[], exceptions: readonly IdentityException[]): Link[] {
  const shared = sharedPhones(links);
  const refusedKeys = new Set(exceptions.flatMap(({ one, other }) => (other === undefined ? [one] : [])));
  const refusedPairs = new Set(exceptions.flatMap(({ one, other }) => (other === undefined ? [] : [pairOf(one, other)])));
  return links.filter(({ one, other }) =>
    ![one, other].some((key) => shared.has(key) || refusedKeys.has(key)) && !refusedPairs.has(pairOf(one, other)));
}

function sharedPhones(links: readonly IdentityLink[]): Set<string> {
  const beside = new Map<string, Set<string>>();
  for (const { one, other } of links) {
    for (const [phone, key] of [[one, other], [other, one]] as const) {
      if (phone.startsWith('phone:')) beside.set(phone, (beside.get(phone) ?? new Set()).add(key));
    }
  }
  return new Set([...beside].filter(([, keys]) => keys.size > mostAddressesOfPhone).map(([phone]) => phone));
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one}\n${other}` : `${other}\n${one}`;
}

function rootOf(parents: Map<string, string>, key: string): string {
  let root = key;
  for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root)) root = parent;
  // The way is shortened, so that long chains stay cheap.
  for (let step = key; step !== root;) {
    const next = parents.get(step) ?? root;
    parents.set(step, root);
    step = next;
  }
  if (!parents.has(root)) parents.set(root, root);
  return root;
}
