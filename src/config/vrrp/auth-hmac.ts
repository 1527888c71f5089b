import { defined } from '../defined.ts';
import type { AuthHmac, AuthHmacKey } from '../model/vrrp.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';

/** The signatures of keepalived 2.4; several blocks are read as one. No message tells a key. */
export function readAuthHmac(
  findings: Findings,
  object: string,
  reading: Reading,
  advertIntMs: number,
): AuthHmac | undefined {
  const entry = reading.entry('auth_hmac');
  if (entry === undefined) return undefined;
  const block = readBlock(findings, 'vrrp_instance/auth_hmac', `auth_hmac of ${object}`, reading.lines('auth_hmac'));
  const keys = readKeys(findings, block);
  const activeKey = block.number('active_key');
  const isThere = keys.some(({ id }) => id === activeKey);
  if (!isThere) {
    const at = block.entry('active_key')?.statement ?? entry.statement;
    findings.error(
      'auth-hmac-key',
      at.keyword.span,
      activeKey === undefined
        ? `${block.object} has no active_key`
        : `active_key ${String(activeKey)} of ${block.object} is none of its keys`,
      "add 'active_key ID' with the id of one of its keys: without it nothing is signed or checked",
    );
  }
  const secs = block.number('time_window');
  return {
    keys,
    ...defined({ activeKey: isThere ? activeKey : undefined }),
    timeWindowMs: secs === undefined ? Math.min(300_000, Math.max(5000, 3 * advertIntMs)) : secs * 1000,
    antiReplay: block.text('anti_replay') === 'monotonic' ? 'monotonic' : 'time',
    mode: (['permissive', 'receive-only'] as const).find((mode) => mode === block.text('mode')) ?? 'enforce',
  };
}

function readKeys(findings: Findings, block: Reading): AuthHmac['keys'] {
  const seen = new Set<number>();
  return block.all('key').flatMap((entry) => {
    const key = readKey(findings, block.object, entry);
    if (key === undefined) return [];
    if (seen.has(key.id)) {
      findings.error(
        'duplicate-keyword',
        entry.statement.keyword.span,
        `key ${String(key.id)} is given twice in ${block.object}`,
        'the first counts',
      );
      return [];
    }
    seen.add(key.id);
    return [key];
  });
}

function readKey(findings: Findings, object: string, { statement }: Entry): AuthHmac['keys'][number] | undefined {
  const [idWord, keyWord] = statement.args;
  const id = /^\d{1,3}$/.test(idWord?.text ?? '') ? Number(idWord?.text) : 0;
  const key = keyWord === undefined ? undefined : secretOf(keyWord.text);
  if (id >= 1 && id <= 255 && key !== undefined) return { id, key };
  findings.error(
    'auth-hmac-key',
    (keyWord ?? statement.keyword).span,
    `a key of ${object} is not valid`,
    "it takes 'key ID SECRET', ID from 1 to 255 and SECRET of 32 to 64 bytes as text, as hex:DIGITS or in file:PATH",
  );
  return undefined;
}

function secretOf(text: string): AuthHmacKey | undefined {
  if (text.startsWith('file:')) return text.length > 5 ? { from: 'file', path: text.slice(5) } : undefined;
  if (text.startsWith('hex:')) {
    const hex = text.slice(4).toLowerCase();
    return /^(?:[0-9a-f]{2}){32,64}$/.test(hex) ? { from: 'hex', hex } : undefined;
  }
  return text.length >= 32 && text.length <= 64 ? { from: 'text', text } : undefined;
}
