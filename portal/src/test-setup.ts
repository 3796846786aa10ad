import '@testing-library/jest-dom/vitest'

// What the components ask of a browser, and the one in these tests does not have.
Object.defineProperty(document, 'fonts', { value: new EventTarget() })
