import { render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useLayoutEffect } from 'react'
import { MemoryRouter, useLocation } from 'react-router'
import { createQueryClient } from '@/api/queryClient'
import { Providers } from '@/app/Providers'
import { AppRoutes } from '@/app/router'
import { connectOutside } from '@/app/outside'
import { createStore, keepPreferences } from '@/app/store'

/** The whole application at an address, over the back end of `world`. */
export function renderApp(address = '/') {
  const store = createStore()
  const queries = createQueryClient()
  queries.setDefaultOptions({ queries: { ...queries.getDefaultOptions().queries, retry: false } })
  connectOutside(store, queries)
  keepPreferences(store)
  let place = address
  const user = userEvent.setup()
  const view = render(
    <Providers store={store} queries={queries}>
      <MemoryRouter initialEntries={[address]}>
        <AppRoutes />
        <Watch onMove={(to) => (place = to)} />
      </MemoryRouter>
    </Providers>,
  )
  return { ...view, user, store, address: () => place }
}

function Watch({ onMove }: { onMove: (address: string) => void }) {
  const { pathname, search } = useLocation()
  useLayoutEffect(() => {
    onMove(pathname + search)
  })
  return null
}
