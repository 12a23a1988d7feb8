/** RPM's file format: a lead, then two headers of the same shape (signatures, and what they sign), then the payload. */
const lead = 96;
const magic = 0x8eade801;
const preamble = 16;
const entry = 16;
const summaryTag = 1004;

interface Header {
  /** Where its index starts, where its data starts, and where it ends. */
  index: number;
  store: number;
  end: number;
}

function headerAt(rpm: Buffer, at: number): Header {
  if (rpm.length < at + preamble || rpm.readUInt32BE(at) !== magic) {
    throw new RangeError(`expected an RPM header at byte ${at}, saw something else`);
  }
  const index = at + preamble;
  const store = index + rpm.readUInt32BE(at + 8) * entry;
  const end = store + rpm.readUInt32BE(at + 12);
  if (end > rpm.length)
    throw new RangeError(`expected an RPM header to end by byte ${rpm.length}, saw ${end}`);
  return { index, store, end };
}

/** The header that signatures cover; the one with the signatures is padded to eight bytes. */
function signedHeader(rpm: Buffer): Header {
  const signatures = headerAt(rpm, lead);
  return headerAt(rpm, Math.ceil(signatures.end / 8) * 8);
}

function summaryAt(rpm: Buffer, { index, store }: Header): number {
  for (let at = index; at < store; at += entry) {
    if (rpm.readUInt32BE(at) === summaryTag) return store + rpm.readUInt32BE(at + 8);
  }
  throw new RangeError("expected an RPM header with a summary, saw none");
}

function flipped(rpm: Buffer, at: number): Buffer {
  const copy = Buffer.from(rpm);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

/**
 * A copy of a package with one bit of its summary changed: part of the header that every signature covers. (yum 3
 * asks rpm 4.11 about the header alone, so it would notice a changed payload only while unpacking it.)
 * @throws RangeError when it is no RPM
 */
export const tamperWithHeader = (rpm: Buffer): Buffer => flipped(rpm, summaryAt(rpm, signedHeader(rpm)));

/**
 * A copy of a package with one bit in the middle of its payload changed.
 * @throws RangeError when it is no RPM
 */
export const damagePayload = (rpm: Buffer): Buffer =>
  flipped(rpm, Math.floor((signedHeader(rpm).end + rpm.length) / 2));
