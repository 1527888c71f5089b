/** What programs do that read keepalived's dumps: written anew after how mehdy/keepalived-exporter and gen2brain/keepalived_exporter were seen to do it. */

export interface ReadInstance {
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly vips: readonly string[];
}

const wanted = ['State', 'Wantstate', 'Interface', 'Gratuitous ARP delay', 'Virtual Router ID'];

/** Instances begin with ` VRRP Instance`, their fields with three blanks, entries of lists with five; any other line ends them. */
export function parseData(text: string): readonly ReadInstance[] {
  const instances: { name: string; fields: Record<string, string>; vips: string[] }[] = [];
  let current: (typeof instances)[number] | undefined;
  let list = '';
  for (const line of text.split('\n')) {
    if (line.startsWith(' VRRP Instance') && line.includes('=')) {
      current = { name: after(line, '='), fields: {}, vips: [] };
      instances.push(current);
    } else if (line.startsWith('     ') && current !== undefined) {
      if (list.startsWith('Virtual IP (')) current.vips.push(`${words(line)[0] ?? ''} ${words(line)[2] ?? ''}`);
    } else if (line.startsWith('   ') && current !== undefined) {
      list = before(line, line.includes('=') ? '=' : ':');
      if (wanted.includes(list) && line.includes('=')) current.fields[list] = after(line, '=');
    } else {
      current = undefined;
    }
  }
  return instances;
}

/** Name, status and state of scripts; the statuses that are understood are GOOD and BAD. */
export function parseScripts(text: string): readonly string[] {
  const scripts: string[][] = [];
  let current: string[] | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith(' VRRP Script') && line.includes('=')) scripts.push((current = [after(line, '=')]));
    else if (!line.startsWith('   ')) current = undefined;
    else if (/^ {3}Status = /.test(line)) current?.push(after(line, '='));
  }
  return scripts.map((script) => script.join(' '));
}

/** Counters by instance, as `section/name`; without a section just the name. Every value must be a number. */
export function parseStats(text: string): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const all = new Map<string, Record<string, number>>();
  let current: Record<string, number> = {};
  let section = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('VRRP Instance')) {
      current = {};
      all.set(after(line, ':'), current);
    } else if (line.endsWith(':')) {
      section = before(line, ':');
    } else {
      const value = Number(after(line, ':'));
      if (!Number.isInteger(value)) throw new Error(`no number: ${line}`);
      current[line.startsWith('    ') ? `${section}/${before(line, ':')}` : before(line, ':')] = value;
    }
  }
  return all;
}

function before(line: string, mark: string): string {
  return (line.split(mark)[0] ?? '').trim();
}

function after(line: string, mark: string): string {
  return (line.split(mark)[1] ?? '').trim();
}

function words(line: string): readonly string[] {
  return line.trim().split(' ');
}
