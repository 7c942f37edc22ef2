import '@/styles/main.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { createQueryClient } from '@/api/queryClient'
import { connectOutside } from './outside'
import { Providers } from './Providers'
import { AppRoutes, preloadPage } from './router'
import { registerServiceWorker } from './serviceWorker'
import { createStore, keepPreferences } from './store'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root to draw into.')

const store = createStore()
const queries = createQueryClient()
keepPreferences(store)
connectOutside(store, queries)
preloadPage(location.pathname)
createRoot(root).render(
  <StrictMode>
    <Providers store={store} queries={queries}>
      <BrowserRouter>
        <AppRoutes />
      </BrowserRouter>
    </Providers>
  </StrictMode>,
)
registerServiceWorker()
