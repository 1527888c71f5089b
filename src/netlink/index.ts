export type { Transport, Alarm } from './transport.ts';
export { messageType, messageFlag, parseMessages, writeMessage, type NetlinkMessage } from './message.ts';
export {
  type Attributes,
  parseAttributes,
  attributeList,
  attributeU8,
  attributeU16,
  attributeU16be,
  attributeU32,
  attributeU32be,
  attributeText,
  writeU8,
  writeU16,
  writeU16be,
  writeU32,
  writeU32be,
  writeBytes,
  writeText,
  writeNested,
} from './attribute.ts';
export { NetlinkClient, type Request, type Reply } from './client.ts';
export type { NetlinkError } from './error.ts';
export { resolveFamily, writeGenericHeader, genericAttributes } from './generic.ts';
export { errnoName } from './errno.ts';
