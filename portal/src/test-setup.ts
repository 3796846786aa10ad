import '@testing-library/jest-dom/vitest'
import { configure } from '@testing-library/react'

// What is awaited comes sooner; on a machine that does other things besides, parts that are fetched later take a while.
configure({ asyncUtilTimeout: 30_000 })

// What the components ask of a browser, and the one in these tests does not have.
Object.defineProperty(document, 'fonts', { value: new EventTarget() })
