export {
  RouteClient,
  parseRouteEvent,
  notificationGroups,
  routeNotificationGroups,
  type NewRoute,
  type RouteEvent,
} from './client.ts';
export { type AddressRequest, type InterfaceAddress } from './address.ts';
export { type EncapRequest } from './encap.ts';
export { LinkStateClient } from './link-state.ts';
export { type Link, type LinkChange, type StackedLink } from './link.ts';
export { routeKey, type RouteRequest, type RouteWay } from './route.ts';
export { ruleKey, type RuleRequest } from './rule.ts';
