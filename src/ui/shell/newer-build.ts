/**
 * Whether the server has another build of the page than the one that is open: its index.html starts another script. False
 * where that cannot be found out, as without a network.
 */
export async function newerBuildThere(): Promise<boolean> {
  const own = document.querySelector('script[type=module][src]')?.getAttribute('src');
  if (own === null || own === undefined) return false;
  try {
    const response = await fetch('./', { cache: 'no-store' });
    return response.ok && !(await response.text()).includes(own);
  } catch {
    return false;
  }
}
