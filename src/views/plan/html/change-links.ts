import { type Html, markup, nothing } from '../../markup/html.ts'
import { letterOf } from '../letters.ts'

/** The name of a change's place on the page. */
export function anchorOf(letter: string): string {
  return `change-${letter}`
}

/** Letters of changes, each a link to its change. */
export function changeLinks(places: readonly number[]): Html {
  const links = places.toSorted((a, b) => a - b).map((place) => changeLink(letterOf(place)))
  return markup`${links.map((link, index) => markup`${index === 0 ? nothing : ', '}${link}`)}`
}

/** One letter that leads to its change. */
export function changeLink(letter: string): Html {
  return markup`<a href="#${anchorOf(letter)}">${letter}</a>`
}
