/**
 * Deadlines in the lab say what a machine needs that has nothing else to do. A busy one gets this many times as long:
 * what holds is seen at once either way, and only a test that fails anyway waits for the end.
 */
export const patience = 6;
