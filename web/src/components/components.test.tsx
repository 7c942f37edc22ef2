import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { violationsIn } from '@/test/axe'
import { BalanceBars, MeasureChoice, type Measure } from './BalanceBar'
import { DataTable, type Column, type Sort } from './DataTable'
import { ConfidenceHistogram } from './Histogram'
import { Menu } from './Menu'
import { Tabs } from './Tabs'
import { Toaster } from './Toaster'
import { showToast } from './toast'
import { Money } from './Value'

type Line = { id: number; name: string; amount: string }
const LINES: Line[] = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `Line ${id}`, amount: `${id}.50` }))
const COLUMNS: readonly Column<Line>[] = [
  { id: 'name', header: 'Name', width: '1fr', cell: (line) => line.name },
  { id: 'amount', header: 'Amount', width: '8rem', align: 'end', isSortable: true, cell: (line) => <Money amount={line.amount} currency="EUR" /> },
]

describe('a table', () => {
  it('draws of ten thousand rows only some, and tells a screen reader of all', async () => {
    render(<DataTable label="Lines" columns={COLUMNS} rows={LINES} rowKey={(line) => line.id} />)
    const grid = screen.getByRole('grid', { name: 'Lines' })
    expect(grid).toHaveAttribute('aria-rowcount', '10001')
    expect(within(grid).getAllByRole('row').length).toBeLessThan(60)
    expect(within(grid).getByRole('row', { name: /Line 0 / })).toHaveAttribute('aria-rowindex', '2')
    expect(await violationsIn(grid)).toEqual([])
  })

  it('is sorted by its header, and says so', async () => {
    const onSort = vi.fn<(sort: Sort) => void>()
    const table = (sort: Sort | null) => <DataTable label="Lines" columns={COLUMNS} rows={LINES.slice(0, 3)} rowKey={(line) => line.id} sort={sort} onSort={onSort} />
    const { rerender } = render(table(null))
    await userEvent.click(screen.getByRole('button', { name: 'Amount' }))
    expect(onSort).toHaveBeenLastCalledWith({ column: 'amount', isDescending: false })
    rerender(table({ column: 'amount', isDescending: false }))
    expect(screen.getByRole('columnheader', { name: 'Amount' })).toHaveAttribute('aria-sort', 'ascending')
    await userEvent.click(screen.getByRole('button', { name: 'Amount' }))
    expect(onSort).toHaveBeenLastCalledWith({ column: 'amount', isDescending: true })
  })

  it('moves its cursor by arrows and opens by Enter', async () => {
    const onOpen = vi.fn<(line: Line) => void>()
    function Lines() {
      const [active, setActive] = useState<number | null>(0)
      return <DataTable label="Lines" columns={COLUMNS} rows={LINES.slice(0, 20)} rowKey={(line) => line.id} activeKey={active} onActiveChange={(line) => setActive(line.id)} onOpen={onOpen} />
    }
    render(<Lines />)
    const user = userEvent.setup()
    await user.tab()
    expect(screen.getByRole('row', { name: /Line 0 / })).toHaveFocus()
    await user.keyboard('{ArrowDown}')
    await vi.waitFor(() => expect(screen.getByRole('row', { selected: true })).toHaveTextContent('Line 1'))
    await user.keyboard('{Enter}')
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(LINES[1])
  })

  it('asks for more when the end comes near, and not when all is there', () => {
    const onEndReached = vi.fn<() => void>()
    const { rerender } = render(<DataTable label="Lines" columns={COLUMNS} rows={LINES.slice(0, 10)} total={50} rowKey={(line) => line.id} onEndReached={onEndReached} />)
    expect(onEndReached).toHaveBeenCalledOnce()
    rerender(<DataTable label="Lines" columns={COLUMNS} rows={LINES.slice(0, 10)} total={10} rowKey={(line) => line.id} onEndReached={onEndReached} />)
    expect(onEndReached).toHaveBeenCalledOnce()
  })
})

describe('a menu', () => {
  it('is walked by keys and gives the focus back', async () => {
    const onSelect = vi.fn<() => void>()
    render(
      <Menu
        label="More"
        items={[
          { id: 'edit', label: 'Edit', onSelect },
          { id: 'delete', label: 'Delete', onSelect: () => undefined },
        ]}
        trigger={(props) => (
          <button type="button" {...props}>
            More
          </button>
        )}
      />,
    )
    const user = userEvent.setup()
    const button = screen.getByRole('button', { name: 'More' })
    await user.click(button)
    expect(button).toHaveAttribute('aria-expanded', 'true')
    expect(screen.getByRole('menuitem', { name: 'Edit' })).toHaveFocus()
    await user.keyboard('{ArrowDown}')
    expect(screen.getByRole('menuitem', { name: 'Delete' })).toHaveFocus()
    await user.keyboard('e{Enter}')
    expect(onSelect).toHaveBeenCalledOnce()
    expect(button).toHaveFocus()
    await user.click(button)
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('menu')).not.toBeInTheDocument()
    expect(button).toHaveFocus()
  })
})

it('tabs are changed by arrows and name their panel', async () => {
  function Two() {
    const [chosen, setChosen] = useState('left')
    return (
      <Tabs label="Sides" tabs={[{ id: 'left', label: 'Left', count: 3 }, { id: 'right', label: 'Right' }]} chosen={chosen} onChoose={setChosen}>
        {chosen}
      </Tabs>
    )
  }
  render(<Two />)
  const user = userEvent.setup()
  await user.click(screen.getByRole('tab', { name: /Left/ }))
  await user.keyboard('{ArrowRight}')
  expect(screen.getByRole('tab', { name: 'Right' })).toHaveFocus()
  expect(screen.getByRole('tabpanel', { name: 'Right' })).toHaveTextContent('right')
})

it('a toast says something, offers an undo and leaves when it is taken', async () => {
  const run = vi.fn<() => void>()
  render(<Toaster />)
  showToast('Accepted.', { action: { label: 'Undo', shortcut: 'u', run } })
  expect(await screen.findByRole('status')).toHaveTextContent('Accepted.')
  await userEvent.click(screen.getByRole('button', { name: 'Undo' }))
  expect(run).toHaveBeenCalledOnce()
  expect(screen.queryByText('Accepted.')).not.toBeInTheDocument()
})

it('the balance of a side is a table, by count and by value', async () => {
  const side = {
    side: 'left',
    currency: 'EUR',
    rows: { input: 100, matched: 90, suggested: 6, open: 4, excluded: 0, rejected: 0 },
    sums: { input: '1000.00', matched: '-950.10', suggested: '40.00', open: '9.90', excluded: '0.00', rejected: '0.00' },
  }
  const names = { left: 'Bank', right: 'Ledger' }
  const chosen = vi.fn<(measure: Measure) => void>()
  const shown = (measure: Measure) => (
    <>
      <MeasureChoice sides={[side]} measure={measure} onChange={chosen} />
      <BalanceBars sides={[side]} names={names} measure={measure} />
    </>
  )
  const { rerender } = render(shown('rows'))
  const table = screen.getByRole('table', { name: 'Bank, EUR' })
  expect(within(table).getByRole('row', { name: 'Matched 90 90.0%' })).toBeVisible()
  await userEvent.click(screen.getByLabelText('Value'))
  expect(chosen).toHaveBeenCalledExactlyOnceWith('sums')
  rerender(shown('sums'))
  expect(within(table).getByRole('row', { name: /Matched −950.10/ })).toBeVisible()
  expect(await violationsIn()).toEqual([])
})

it('the confidence histogram has its numbers as a table, and its bars are buttons where they lead somewhere', async () => {
  const bins = [
    { low: 0.8, high: 0.9, count: 4, expected_wrong: 0.6 },
    { low: 0.9, high: 1, count: 120, expected_wrong: 1.2 },
  ]
  const onPick = vi.fn<(bin: (typeof bins)[number]) => void>()
  render(<ConfidenceHistogram bins={bins} confirmFrom={0.9} suggestFrom={0.5} onPick={onPick} />)
  expect(screen.getByRole('row', { name: '0.90 1.00 120 1.2' })).toBeInTheDocument()
  await userEvent.click(screen.getByRole('button', { name: /0.80 – 0.90: 4 matches/ }))
  expect(onPick).toHaveBeenCalledExactlyOnceWith(bins[0])
})
