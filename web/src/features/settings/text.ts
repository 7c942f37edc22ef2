import { wording } from '@/lib/locale'

export const text = wording({
  en: {
    title: 'Settings',
    profile: 'Profile',
    name: 'Name',
    nameHint: 'Others see it beside what you decide.',
    email: 'Email',
    save: 'Save',
    saved: 'Your name is saved.',
    memberSince: 'Here since',
    administrator: 'You are an administrator of this platform.',
    appearance: 'Appearance',
    appearanceHint: 'Kept in this browser.',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  },
})
