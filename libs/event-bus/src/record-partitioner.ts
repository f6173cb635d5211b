import { crc32 } from 'node:zlib';
import type { ICustomPartitioner } from 'kafkajs';

/**
 * Puts all events of one key into one partition. kafkajs' own partitioner computes murmur2 in JavaScript and costs more
 * than everything else that is done for a message before it is encoded; this one is not compatible with it, so that every
 * producer of a topic must use it. Only relays produce.
 */
export const recordPartitioner: ICustomPartitioner = () => ({ message: { key }, partitionMetadata }) =>
  crc32(key ?? '') % partitionMetadata.length;
