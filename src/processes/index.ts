export { ProcessWatch, type ProcessEvent, type QuorumChange } from './watch.ts';
export { parseProcessNews, subscription, type ProcessNews } from './connector.ts';
export { matches, type SeenProcess } from './match.ts';
