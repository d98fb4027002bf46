export class TimeoutError extends Error {}

export async function waitFor(check, { timeoutMs = 1000, intervalMs = 50 } = {}) {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const value = await check();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
  throw new TimeoutError('timed out');
}
