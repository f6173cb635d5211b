import { hash } from 'node:crypto';

/** Into how many parts the outbox is split, so that several relays share it; fixed once rows exist. */
export const outboxShards = 64;

/** All rows of one key fall into one shard, which one relay holds at a time: that keeps their order. */
export function shardOf(key: string): number {
  return hash('sha1', key, 'buffer').readUInt32BE(0) % outboxShards;
}
