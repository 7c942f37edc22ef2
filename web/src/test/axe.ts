import axe from 'axe-core'

/** The accessibility violations in `root`, as sentences. Colours need a real browser: the tokens test and the browser tests look at those. */
export async function violationsIn(root: Element = document.body): Promise<string[]> {
  const { violations } = await axe.run(root, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } })
  return violations.map((one) => `${one.id}: ${one.help} (${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')})`)
}
