/** What a unit file says (systemd.syntax(7)): the words of a setting that may be given several times, where an empty one begins anew. */
export function settingWords(unit: string, name: string): readonly string[] {
  let words: string[] = [];
  for (const [, value = ''] of unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm')))
    words = value.trim() === '' ? [] : [...words, ...value.trim().split(/\s+/)];
  return words;
}
