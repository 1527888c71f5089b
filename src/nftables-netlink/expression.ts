import type { ByteWriter } from '../core/index.ts';
import { writeBytes, writeNested, writeText, writeU32be } from '../netlink/index.ts';

/** The steps of a rule (NFTA_EXPR_* and the attributes of each kind in linux/netfilter/nf_tables.h). */
export type Expression =
  | {
      readonly type: 'payload';
      readonly header: 'network' | 'transport';
      readonly offset: number;
      readonly bytes: number;
      readonly into: Register;
    }
  | { readonly type: 'meta'; readonly key: keyof typeof metaKeys; readonly into: Register }
  | { readonly type: 'equals'; readonly register: Register; readonly value: Uint8Array }
  | { readonly type: 'mask'; readonly register: Register; readonly mask: Uint8Array }
  /** Whether the set has it; with `into` of a map: what it has there. */
  | { readonly type: 'lookup'; readonly set: string; readonly register: Register; readonly into?: Register }
  /** A copy of the packet goes to this address by this interface. */
  | { readonly type: 'duplicate'; readonly address: Register; readonly device: Register }
  | { readonly type: 'counter' }
  | { readonly type: 'verdict'; readonly verdict: 'drop' | 'accept' }
  | { readonly type: 'goto'; readonly chain: string };

type Register = 1 | 2;

const listElement = 1;
const expressionAttribute = { name: 1, data: 2 } as const;
const dataAttribute = { value: 1, verdict: 2 } as const;
const verdictAttribute = { code: 1, chain: 2 } as const;
const verdicts = { drop: 0, accept: 1, goto: -4 } as const;
const headers = { network: 1, transport: 2 } as const;
/** NFT_META_*. */
const metaKeys = { iif: 4, oif: 5, iifname: 6, oifname: 7, l4proto: 16, oifkind: 27 } as const;
const verdictRegister = 0;

export function writeExpressions(writer: ByteWriter, expressions: readonly Expression[]): void {
  for (const expression of expressions) {
    writeNested(writer, listElement, (element) => {
      writeText(element, expressionAttribute.name, kernelName(expression));
      writeNested(element, expressionAttribute.data, (data) => {
        writeData(data, expression);
      });
    });
  }
}

function kernelName({ type }: Expression): string {
  switch (type) {
    case 'equals':
      return 'cmp';
    case 'mask':
      return 'bitwise';
    case 'duplicate':
      return 'dup';
    case 'verdict':
    case 'goto':
      return 'immediate';
    default:
      return type;
  }
}

function writeData(writer: ByteWriter, expression: Expression): void {
  switch (expression.type) {
    case 'payload':
      writeU32be(writer, 1, expression.into);
      writeU32be(writer, 2, headers[expression.header]);
      writeU32be(writer, 3, expression.offset);
      writeU32be(writer, 4, expression.bytes);
      break;
    case 'meta':
      writeU32be(writer, 1, expression.into);
      writeU32be(writer, 2, metaKeys[expression.key]);
      break;
    case 'equals':
      writeU32be(writer, 1, expression.register);
      writeU32be(writer, 2, 0);
      value(writer, 3, expression.value);
      break;
    case 'mask':
      writeU32be(writer, 1, expression.register);
      writeU32be(writer, 2, expression.register);
      writeU32be(writer, 3, expression.mask.length);
      value(writer, 4, expression.mask);
      value(writer, 5, new Uint8Array(expression.mask.length));
      break;
    case 'lookup':
      writeText(writer, 1, expression.set);
      writeU32be(writer, 2, expression.register);
      if (expression.into !== undefined) writeU32be(writer, 3, expression.into);
      break;
    case 'duplicate':
      writeU32be(writer, 1, expression.address);
      writeU32be(writer, 2, expression.device);
      break;
    case 'counter':
      break;
    case 'verdict':
      verdict(writer, verdicts[expression.verdict]);
      break;
    case 'goto':
      verdict(writer, verdicts.goto, expression.chain);
      break;
  }
}

function verdict(writer: ByteWriter, code: number, chain?: string): void {
  writeU32be(writer, 1, verdictRegister);
  writeNested(writer, 2, (data) => {
    writeNested(data, dataAttribute.verdict, (inner) => {
      writeU32be(inner, verdictAttribute.code, code);
      if (chain !== undefined) writeText(inner, verdictAttribute.chain, chain);
    });
  });
}

function value(writer: ByteWriter, attribute: number, bytes: Uint8Array): void {
  writeNested(writer, attribute, (data) => {
    writeBytes(data, dataAttribute.value, bytes);
  });
}
