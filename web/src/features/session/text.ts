import { wording } from '@/lib/locale'

export const text = wording({
  en: {
    signIn: 'Sign in',
    signUp: 'Create account',
    promise: 'Two files that should agree. What agrees, what nearly agrees, what does not, and why.',
    welcome: 'Welcome back',
    firstTitle: 'Set up your platform',
    firstHint: 'Nobody is here yet. The first account is the administrator’s.',
    newTitle: 'Create your account',
    expired: 'Your session has ended. Sign in to go on where you were.',
    email: 'Email',
    name: 'Name',
    password: 'Password',
    passwordHint: 'At least 12 characters. A sentence is easier to remember and harder to guess.',
    passwordShort: (missing: number) => `${missing} more ${missing === 1 ? 'character' : 'characters'} needed.`,
    toSignUp: 'No account yet?',
    toSignIn: 'Already have an account?',
    closed: 'Accounts are created by the administrator. Ask yours for an invitation.',
    unreachable: 'The platform does not answer',
  },
})
