import { VueQueryPlugin, type VueQueryPluginOptions } from '@tanstack/vue-query'
import { createApp } from 'vue'
import { ApiProblem } from './api'
import App from './App.vue'
import { i18n, setLanguage } from './i18n'
import { router } from './router'
import { storedLanguage } from './session/session'
import './styles/main.css'

const query: VueQueryPluginOptions = {
  queryClientConfig: {
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: true,
        // call() repeats what a lost network broke; a second layer would only multiply waits
        retry: false,
      },
      mutations: { retry: false },
    },
  },
}

const app = createApp(App).use(i18n).use(VueQueryPlugin, query).use(router)
// Problems are shown where they happen; one that slips through must not vanish without a trace.
app.config.errorHandler = (error) => {
  console.error(error instanceof ApiProblem ? `${error.code} ${error.requestId}` : error)
}

async function start() {
  await setLanguage(storedLanguage())
  app.mount('#app')
  // The serif weighs more than the page: it comes after the first paint.
  void import('./fonts')
}
void start()
