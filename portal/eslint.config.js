import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import typescript from 'typescript-eslint'

export default typescript.config(
  { ignores: ['src/api/schema.d.ts'] },
  js.configs.recommended,
  ...typescript.configs.strict,
  {
    plugins: { 'react-hooks': hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      // Effects name what they follow; what they only use may be left out.
      'react-hooks/exhaustive-deps': 'off',
      // We do not use the React compiler.
      'react-hooks/incompatible-library': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
)
