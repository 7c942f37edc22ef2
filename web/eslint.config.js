import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import globals from 'globals'
import importX from 'eslint-plugin-import-x'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import { readdirSync } from 'node:fs'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

const features = readdirSync('src/features', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

/** A feature knows the shared folders and itself; a shared folder knows no feature; nobody knows the app. */
const zones = [
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: './src/features',
    except: [`./${feature}`],
    message: 'Features do not import each other: move what both need into components, api or lib.',
  })),
  { target: './src/features', from: './src/app', message: 'Features do not know the app.' },
  ...['components', 'api', 'lib', 'state'].map((shared) => ({
    target: `./src/${shared}`,
    from: ['./src/features', './src/app'],
    message: 'Shared code knows neither features nor the app.',
  })),
  { target: './src/lib', from: ['./src/components', './src/api', './src/state'], message: 'lib is the lowest floor.' },
  { target: './src/api', from: './src/components', message: 'The API layer knows no component.' },
]

export default tseslint.config(
  { ignores: ['node_modules', 'src/api/generated.ts', 'public', 'dist'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y': jsxA11y, 'import-x': importX },
    languageOptions: { globals: globals.browser },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })] },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...jsxA11y.flatConfigs.recommended.rules,
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@reduxjs/toolkit',
              importNames: ['createApi', 'createAsyncThunk'],
              message: 'What the server knows lives in TanStack Query.',
            },
            { name: '@reduxjs/toolkit/query', message: 'What the server knows lives in TanStack Query.' },
            { name: '@reduxjs/toolkit/query/react', message: 'What the server knows lives in TanStack Query.' },
          ],
        },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },
)
