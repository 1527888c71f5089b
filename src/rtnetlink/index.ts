export {
  RouteClient,
  parseRouteEvent,
  notificationGroups,
  type Link,
  type InterfaceAddress,
  type AddressRequest,
  type RouteEvent,
} from './client.ts';
