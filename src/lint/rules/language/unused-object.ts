import { spanOf, type Director } from '../../director.ts';
import type { Rule } from '../../rule.ts';

/** The block that defines, and the lists whose entries use it. */
const uses: Readonly<Record<string, { readonly lists: readonly string[]; readonly hint: string }>> = {
  vrrp_script: { lists: ['track_script'], hint: "name it in the 'track_script { … }' of a vrrp_instance" },
  track_file: {
    lists: ['track_file'],
    hint: "name it in the 'track_file { … }' of a vrrp_instance, or in a FILE_CHECK",
  },
  vrrp_track_file: { lists: ['track_file'], hint: "name it in the 'track_file { … }' of a vrrp_instance" },
  vrrp_track_process: { lists: ['track_process'], hint: "name it in the 'track_process { … }' of a vrrp_instance" },
  bfd_instance: {
    lists: ['track_bfd'],
    hint: "name it in the 'track_bfd { … }' of a vrrp_instance, or in a BFD_CHECK",
  },
  virtual_server_group: { lists: [], hint: "add a 'virtual_server group NAME { … }'" },
};

/** An object that nothing looks at: most often the block that should name it was forgotten. */
export const unusedObject: Rule = {
  id: 'unused-object',
  severity: 'warning',
  title: 'an object that nothing uses',
  *check(director) {
    const used = usedNames(director);
    for (const { statement, block } of director.lines) {
      const use = block === '(root)' ? uses[statement.keyword.text] : undefined;
      const name = statement.args[0]?.text;
      if (use === undefined || name === undefined || statement.block === undefined) continue;
      const list = use.lists[0] ?? 'group';
      if (used.has(`${list} ${name}`)) continue;
      yield {
        at: spanOf(statement),
        message: `nothing uses ${statement.keyword.text} ${name}`,
        hint: use.hint.replace('NAME', name),
        // The neighbour may be the one that looks at the session.
        ...(statement.keyword.text === 'bfd_instance' ? { severity: 'info' } : {}),
      };
    }
  },
};

function usedNames({ lines }: Director): ReadonlySet<string> {
  const used = new Set<string>();
  for (const { statement, block } of lines) {
    const { keyword, args } = statement;
    const first = args[0]?.text ?? '';
    if (keyword.text === 'virtual_server' && first === 'group') used.add(`group ${args[1]?.text ?? ''}`);
    else if (block.endsWith('/FILE_CHECK') && keyword.text === 'track_file') used.add(`track_file ${first}`);
    else if (block.endsWith('/BFD_CHECK') && keyword.text === 'name') used.add(`track_bfd ${first}`);
    else if (/^track_(?:script|file|process|bfd)$/.test(keyword.text) && block !== '(root)')
      for (const entry of statement.block?.statements ?? []) used.add(`${keyword.text} ${entry.keyword.text}`);
  }
  return used;
}
