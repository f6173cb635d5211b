import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive of one file. Source: PKWARE's APPNOTE, 4.3.7, 4.3.12 and 4.3.16. */
export function archiveOf(name: string, text: string): Buffer {
  const [path, content] = [Buffer.from(name), Buffer.from(text)];
  const packed = deflateRawSync(content);
  // What both headers say: version 2.0, deflated, checksum, sizes, length of the name.
  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(8, 4);
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(packed.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, path, packed]);
  const directory = Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), facts.subarray(0, 2), facts, Buffer.alloc(14), path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
