/** Titles, descriptions and choices of the exchange in the reader's language: it sends them so (`?language=`). */
export function useWords(): (text: string) => string {
  return (text) => text
}
