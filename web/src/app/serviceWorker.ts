/** Keep the shell of the built page for the next visit. A new version takes over with the next load. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  addEventListener('load', () => {
    navigator.serviceWorker.register('/sw.js').catch(() => {
      // Without it the page works the same, only not installed.
    })
  })
}
