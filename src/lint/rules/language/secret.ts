/** Keywords whose values no message shows: reports end up in tickets and build logs. */
export function isSecret(keyword: string): boolean {
  return keyword === 'auth_pass' || keyword === 'password' || keyword === 'key';
}
