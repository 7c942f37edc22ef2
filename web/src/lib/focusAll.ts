/** Put the focus into a field with all of its text selected, so that typing replaces it. */
export function focusAll(field: HTMLInputElement | null): void {
  field?.focus()
  field?.select()
}
