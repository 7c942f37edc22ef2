import { useEffect, useState } from 'react'

const PAUSE_MILLISECONDS = 250

/** Text that is handed on when the typing pauses, so that each letter does not cost a request. A change from outside replaces what was typed. */
export function useTyped(value: string, onChange: (value: string) => void): [string, (value: string) => void] {
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setTyped(value)
  }
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => onChange(typed), PAUSE_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return [typed, setTyped]
}
