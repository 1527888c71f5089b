import type { Severity, SourceSpan } from '../core/index.ts';
import type { Director } from './director.ts';
import type { Fix, Related } from './finding.ts';

/** What a rule found. The engine adds the rule's id and its severity. */
export interface Report {
  /** Where: the words that are wrong, not the whole block. */
  readonly at: SourceSpan;
  /** Names the object and says what is wrong: `'timeout 10' of vrrp_script chk is not below its interval of 5 s`. */
  readonly message: string;
  /** What would be right, as a command: `give a timeout below 5`. */
  readonly hint: string;
  readonly related?: readonly Related[];
  readonly fix?: Fix;
  /** Where the case at hand is graver or lighter than the rule's own severity. */
  readonly severity?: Severity;
}

interface RuleBase {
  /** kebab-case and permanent: people write it into their files. Its page is docs/rules/<id>.md. */
  readonly id: string;
  readonly severity: Severity;
  /** What it finds, in a few words without a full stop. */
  readonly title: string;
}

/** A mistake that one director's configuration shows. */
export interface Rule extends RuleBase {
  readonly check: (director: Director) => Iterable<Report>;
}

/** A mistake that only shows beside the configuration of another director of the same cluster. */
export interface PeerRule extends RuleBase {
  readonly compare: (director: Director, peer: Director) => Iterable<Report>;
}

/** What a change of the configuration of one director does that a person should know before the reload. */
export interface ChangeRule extends RuleBase {
  readonly change: (director: Director, previous: Director) => Iterable<Report>;
}
