export { noReplyYet, readReply, type PartialReply, type ReplyStep } from './reply.ts';
