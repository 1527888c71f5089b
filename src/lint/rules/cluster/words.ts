/** A list for a message: at most five, and how many more there are. */
export function listed(items: readonly string[]): string {
  const more = items.length - 5;
  return more > 0 ? `${items.slice(0, 5).join(', ')} and ${String(more)} more` : items.join(', ');
}

/** What `a` has and `b` has not. */
export function without(a: readonly string[], b: readonly string[]): readonly string[] {
  const there = new Set(b);
  return [...new Set(a)].filter((item) => !there.has(item));
}
