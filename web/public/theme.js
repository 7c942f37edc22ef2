// Runs before the first paint, so that the page never flashes in the wrong theme. A file of its own: the page allows no inline script.
;(function () {
  var chosen = null
  try {
    chosen = localStorage.getItem('recon378.theme')
  } catch {
    // Storage may be closed to us; the system's theme is the right answer then.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
