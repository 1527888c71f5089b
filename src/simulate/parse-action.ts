import type { Action, Use } from './script.ts';
import { ScriptError, type ScriptLine, type Word } from './script-line.ts';

/** What happens: a fault of the network, or one of a director. */
export function parseAction(words: ScriptLine, use: Use): Action {
  const first = words.take('a director, or cut, heal, loss, delay, duplicate or reorder');
  switch (first.text) {
    case 'cut':
      return cut(words, use);
    case 'heal':
      return { do: 'heal', ...link(words, use) };
    case 'loss':
    case 'duplicate':
    case 'reorder': {
      const share = words.share();
      return { do: first.text, share, ...link(words, use) };
    }
    case 'delay': {
      const minMs = words.duration('a time');
      const maxMs = words.skip('to') ? words.duration('a time') : minMs;
      if (maxMs < minMs)
        throw new ScriptError('the longest delay is less than the shortest', 'shortest first', first.span);
      return { do: 'delay', minMs, maxMs, ...link(words, use) };
    }
    default:
      return ofDirector(use('director', first), words, use);
  }
}

function link(words: ScriptLine, use: Use): { readonly link?: string } {
  return words.skip('on') ? { link: use('link', words.take('a link')) } : {};
}

/** `cut d1 d2`, `cut d1 > d2 on eth0` */
function cut(words: ScriptLine, use: Use): Action {
  const from = use('director', words.take('a director'));
  const bothWays = !words.skip('>');
  const to = use('director', words.take('another director'));
  return { do: 'cut', from, to, bothWays, ...link(words, use) };
}

function ofDirector(director: string, words: ScriptLine, use: Use): Action {
  const what = words.take('what happens to it');
  switch (what.text) {
    case 'start':
    case 'stop':
    case 'kill':
    case 'thaw':
      return { do: what.text, director };
    case 'power':
      return { do: words.expect('off', 'on').text === 'off' ? 'power-off' : 'power-on', director };
    case 'freeze':
      return { do: 'freeze', director, ...(words.skip('for') ? { forMs: words.duration('a time') } : {}) };
    case 'clock':
      return { do: 'clock', director, byMs: jump(words) };
    case 'reload':
      return { do: 'reload', director, file: words.take('a configuration file').text };
    case 'loses':
      return { do: 'lose', director, address: words.address() };
    case 'script': {
      const name = use('vrrp_script', words.take('the name of a vrrp_script'), director);
      const { text } = words.expect('fails', 'succeeds', 'hangs');
      return { do: 'script', director, name, outcome: text === 'fails' || text === 'hangs' ? text : 'succeeds' };
    }
    case 'file': {
      const name = use('track_file', words.take('the name of a track_file'), director);
      return { do: 'file', director, name, value: words.integer('a number', -2_147_483_648, 2_147_483_647) };
    }
    case 'process': {
      const name = use('track_process', words.take('the name of a track_process'), director);
      return { do: 'process', director, name, well: words.expect('runs', 'dies').text === 'runs' };
    }
    case 'bfd': {
      const name = use('bfd_instance', words.take('the name of a bfd_instance'), director);
      return { do: 'bfd', director, name, well: words.expect('up', 'down').text === 'up' };
    }
    default:
      return interfaceMove(director, what, words, use);
  }
}

/** `clock +5s`, `clock -1min` */
function jump(words: ScriptLine): number {
  const word = words.take('a time with a sign');
  const sign = word.text.startsWith('+') ? 1 : word.text.startsWith('-') ? -1 : undefined;
  if (sign === undefined) throw new ScriptError(`'${word.text}' has no sign`, 'as +5s or -5s', word.span);
  return sign * words.durationOf({ ...word, text: word.text.slice(1) }, 'a time');
}

function interfaceMove(director: string, what: Word, words: ScriptLine, use: Use): Action {
  const move = words.peek();
  if (move !== 'up' && move !== 'down') {
    const hint =
      "'INTERFACE down', 'INTERFACE up', start, stop, kill, freeze, thaw, 'power off', 'power on', clock, reload, script, file, process, bfd or loses";
    throw new ScriptError(`'${what.text}' is nothing that happens to a director`, hint, what.span);
  }
  words.expect('up', 'down');
  return { do: 'interface', director, ifname: use('interface', what, director), up: move === 'up' };
}
