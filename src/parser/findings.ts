import { shortened, type Severity, type SourceSpan } from '../core/index.ts';
import type { ParserCode } from './codes.ts';
import type { DiagnosticClass, ParseDiagnostic } from './tree.ts';

const perCode = 100;

/** The findings of one run, at most a hundred of a kind: a hostile file could have millions. */
export class ParseFindings {
  readonly #list: ParseDiagnostic[] = [];
  readonly #counts = new Map<ParserCode, number>();

  report(
    code: ParserCode,
    message: string,
    hint: string,
    span: SourceSpan | (() => SourceSpan) | undefined,
    severity: Severity = 'error',
    diagnosticClass: DiagnosticClass = 'general',
  ): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > perCode) return;
    const at = typeof span === 'function' ? span() : span;
    this.#list.push({
      severity,
      code,
      message: shortened(message),
      hint: shortened(hint),
      class: diagnosticClass,
      ...(at === undefined ? {} : { span: at }),
    });
  }

  count(code: ParserCode): number {
    return this.#counts.get(code) ?? 0;
  }

  finish(): readonly ParseDiagnostic[] {
    const more: ParseDiagnostic[] = [];
    for (const [code, count] of this.#counts) {
      if (count <= perCode) continue;
      const message = `${String(count - perCode)} more findings of this kind are not listed`;
      more.push({ severity: 'info', code, message, class: 'none' });
    }
    return [...this.#list, ...more];
  }
}
