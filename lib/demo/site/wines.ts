export type WineKind = 'red' | 'white' | 'rosé' | 'sparkling' | 'sweet'

/** Wine that the shops of the street sell, each at its own price. */
export interface Wine {
  readonly slug: string
  readonly name: string
  readonly year: number
  readonly region: string
  readonly kind: WineKind
  /** Average price of the bottle, in euro cents. */
  readonly usualCents: number
}

/**
 * The bottles of the street. Slugs and order are stable, because workflows, price files and tests
 * name them.
 */
export const WINES: readonly Wine[] = [
  wine('barolo-2019', 'Barolo Serralunga', 2019, 'Piedmont', 'red', 4_250),
  wine('chianti-2021', 'Chianti Classico Riserva', 2021, 'Tuscany', 'red', 2_190),
  wine('etna-rosso-2020', 'Etna Rosso Contrada', 2020, 'Sicily', 'red', 2_780),
  wine('amarone-2017', 'Amarone della Valpolicella', 2017, 'Veneto', 'red', 5_600),
  wine('rioja-2018', 'Rioja Gran Reserva', 2018, 'Rioja', 'red', 3_150),
  wine('priorat-2020', 'Priorat Vinyes Velles', 2020, 'Catalonia', 'red', 3_480),
  wine('cahors-2019', 'Cahors Terrasse', 2019, 'South West', 'red', 1_690),
  wine('morgon-2022', 'Morgon Côte du Py', 2022, 'Beaujolais', 'red', 2_050),
  wine('douro-2020', 'Douro Reserva', 2020, 'Douro', 'red', 1_980),
  wine('chablis-2022', 'Chablis Premier Cru', 2022, 'Burgundy', 'white', 3_290),
  wine('sancerre-2023', 'Sancerre Les Caillottes', 2023, 'Loire', 'white', 2_640),
  wine('riesling-2022', 'Riesling Kabinett', 2022, 'Mosel', 'white', 1_840),
  wine('gruner-2023', 'Grüner Veltliner Smaragd', 2023, 'Wachau', 'white', 2_960),
  wine('soave-2022', 'Soave Classico', 2022, 'Veneto', 'white', 1_390),
  wine('albarino-2023', 'Albariño Rías Baixas', 2023, 'Galicia', 'white', 1_750),
  wine('bandol-2023', 'Bandol Rosé', 2023, 'Provence', 'rosé', 2_320),
  wine('cerasuolo-2023', "Cerasuolo d'Abruzzo", 2023, 'Abruzzo', 'rosé', 1_240),
  wine('franciacorta-2018', 'Franciacorta Satèn', 2018, 'Lombardy', 'sparkling', 3_390),
  wine('cremant-2021', 'Crémant du Jura', 2021, 'Jura', 'sparkling', 1_890),
  wine('tokaji-2016', 'Tokaji Aszú 5 Puttonyos', 2016, 'Tokaj', 'sweet', 4_780),
]

function wine(
  slug: string,
  name: string,
  year: number,
  region: string,
  kind: WineKind,
  usualCents: number,
): Wine {
  return { slug, name, year, region, kind, usualCents }
}
