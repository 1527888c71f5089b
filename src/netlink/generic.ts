import { ok, err, type ByteWriter, type Result } from '../core/index.ts';
import { attributeU16, parseAttributes, writeText, type Attributes } from './attribute.ts';
import type { NetlinkClient } from './client.ts';
import type { NetlinkError } from './error.ts';
import type { NetlinkMessage } from './message.ts';

/** Generic netlink (linux/genetlink.h): families are found by name, commands have a header of 4 bytes. */

const controllerFamily = 16;
const getFamily = 3;
const attributeFamilyId = 1;
const attributeFamilyName = 2;
const genericHeaderLength = 4;

export function writeGenericHeader(writer: ByteWriter, command: number, version: number): void {
  writer.u8(command).u8(version).u16le(0);
}

/** The attributes behind a generic header; none where the message is too short for one. */
export function genericAttributes(message: NetlinkMessage): Attributes {
  return parseAttributes(message.payload.subarray(Math.min(genericHeaderLength, message.payload.length)));
}

/** The message type of a family; ENOENT where the kernel does not have it (a module that is not loaded). */
export async function resolveFamily(client: NetlinkClient, name: string): Promise<Result<number, NetlinkError>> {
  const reply = await client.request({
    operation: `find generic netlink family ${name}`,
    type: controllerFamily,
    flags: 0,
    body: (writer) => {
      writeGenericHeader(writer, getFamily, 1);
      writeText(writer, attributeFamilyName, name);
    },
  });
  if (!reply.ok) return reply;
  const id = reply.value
    .map((message) => attributeU16(genericAttributes(message), attributeFamilyId))
    .find((value) => value !== undefined);
  if (id === undefined)
    return err({ errno: 0, code: 'lost', text: `find generic netlink family ${name}: the answer holds no id` });
  return ok(id);
}
