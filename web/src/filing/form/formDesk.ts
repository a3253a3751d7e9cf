import { inject, type InjectionKey } from 'vue'
import type { Json } from '@/api/types'
import type { FormSchema, SectionName, Values } from './schema'

/** What every node of an element form needs: where values live, and how to write them. */
export interface FormDesk {
  values: () => Values
  get: (path: readonly (string | number)[], schema?: FormSchema) => Json | undefined
  set: (path: readonly (string | number)[], value: Json | undefined, schema?: FormSchema) => void
  section: SectionName
}
export const formKey: InjectionKey<FormDesk> = Symbol('element form')
export function useForm(): FormDesk {
  const desk = inject(formKey)
  if (!desk) throw new Error('a form node outside a form')
  return desk
}
