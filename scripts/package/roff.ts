/** Text of a manual page in the macros of man(7). */

/** Any text, on one line, so that it stands there as it is. */
export function roff(text: string): string {
  const escaped = characters(text.replaceAll(/\s+/g, ' '));
  return /^[.]/.test(escaped) ? `\\&${escaped}` : escaped;
}

function characters(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('`', '\\(ga');
}

export function title(name: string, section: number, version: string): string {
  return `.TH "${roff(name)}" ${String(section)} "" "Watchkeeper ${version}" "Watchkeeper"\n`;
}

export function heading(text: string): string {
  return `.SH "${roff(text.toUpperCase())}"\n`;
}

export function subheading(text: string): string {
  return `.SS "${roff(text)}"\n`;
}

export function paragraph(text: string): string {
  return `.PP\n${roff(text)}\n`;
}

/** A term in bold and what it means. */
export function item(term: string, text: string): string {
  return `.TP\n\\fB${roff(term)}\\fR\n${roff(text)}\n`;
}

/** Lines as they are. */
export function example(lines: readonly string[]): string {
  return `.PP\n.nf\n${lines.map((line) => `\\&${characters(line)}`).join('\n')}\n.fi\n`;
}
