/** A subscription of one app: what it wants to hear, where, and until when. */
export interface Channel {
  channelId: string;
  /** Such as `Deals.all` or `Contacts.create`. */
  events: string[];
  notifyUrl: string;
  token: string | null;
  expiresAtMs: number;
}

const operations = { insert: 'create', update: 'edit', delete: 'delete' } as const;

/** Whether the channel still lives and wants to hear of this. */
export function wants(channel: Channel, module: string, operation: keyof typeof operations, nowMs: number): boolean {
  return channel.expiresAtMs > nowMs && channel.events.some((event) => event === `${module}.all` || event === `${module}.${operations[operation]}`);
}
