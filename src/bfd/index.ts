export { bfdStep, nextBfdDeadline, noSessions, type BfdEffect, type BfdEvent, type BfdState } from './engine.ts';
export { decodeControl, encodeControl, type ControlPacket } from './packet.ts';
