/** The language of the interface. English today; a catalogue that gains another language is picked up by `wording`. */
export type Language = 'en' | 'de'

/** The locale for numbers and dates: what the browser asks for, so that a German reader of English words still sees 1.234,50. */
export function locale(): string {
  return typeof navigator === 'undefined' ? 'en' : (navigator.languages[0] ?? navigator.language)
}

export function language(): Language {
  return 'en'
}

/** The words of one folder, by language. A language may be missing; a word in it may not. */
export function wording<Words>(languages: { en: Words } & Partial<Record<Exclude<Language, 'en'>, Words>>): Words {
  return languages[language()] ?? languages.en
}
