/**
 * Whether this worker starts workers of its own. Old browsers cannot. Firefox (140) can, but now and then a worker that
 * starts others hangs in it before the first step (2 of 32 first runs on a loaded machine), and no worker of the page
 * starts after that. There all arms train on one thread.
 */
export const STARTS_WORKERS = typeof Worker !== 'undefined' && !navigator.userAgent.includes('Firefox/');
