/** One error of a JSON Schema validator, as far as it is read here. */
export interface SchemaError {
  readonly instancePath: string
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  readonly message?: string
  readonly data?: unknown
  readonly parentSchema?: Readonly<Record<string, unknown>>
  /** Set when it is the name of a key that is refused. */
  readonly propertyName?: string
}

/** Holds a value against a schema; returns what is wrong with it, nothing where the schema allows it. */
export type Validator = (value: unknown) => readonly SchemaError[]
