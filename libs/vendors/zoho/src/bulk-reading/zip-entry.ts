import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { Failure } from '@crossdock/contracts';

const [endOfDirectory, directoryEntry, localEntry] = [0x06054b50, 0x02014b50, 0x04034b50];
const endLength = 22;

/**
 * The content of the one file in a ZIP archive, unpacked as it is read.
 * Source: PKWARE's APPNOTE, 4.3.7, 4.3.12 and 4.3.16.
 * @throws Failure `unexpected` where the archive is none, or holds several files.
 */
export function onlyFileIn(archive: Buffer): Readable {
  const end = archive.length < endLength ? -1 : archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || archive.readUInt32LE(end) !== endOfDirectory || archive.readUInt16LE(end + 10) !== 1) throw broken();
  try {
    const entry = archive.readUInt32LE(end + 16);
    const start = archive.readUInt32LE(entry + 42);
    if (archive.readUInt32LE(entry) !== directoryEntry || archive.readUInt32LE(start) !== localEntry) throw broken();
    const begin = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
    const packed = Readable.from([archive.subarray(begin, begin + archive.readUInt32LE(entry + 20))]);
    const method = archive.readUInt16LE(entry + 10);
    if (method === 0) return packed;
    if (method !== 8) throw broken();
    const unpacked = createInflateRaw();
    packed.on('error', (error) => unpacked.destroy(error));
    return packed.pipe(unpacked);
  } catch (cause) {
    throw cause instanceof Failure ? cause : broken(cause);
  }
}

function broken(cause?: unknown): Failure {
  return new Failure('unexpected', 'The file of a Zoho job is no ZIP archive of one file.', { cause });
}
