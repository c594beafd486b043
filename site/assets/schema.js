// JSON Schema draft 4, as far as the report's schema uses it. A keyword that is not known here is an error, so that
// nobody adds one to the schema and believes that the form checks it.

const ANNOTATIONS = new Set(["$schema", "title", "description"]);

const CHECKS = {
  type: (value, type) => (type === typeOf(value) ? "" : `must be a ${type}`),
  minLength: (value, least) =>
    typeof value !== "string" || length(value) >= least
      ? ""
      : least === 1
        ? "is required"
        : `must have at least ${least} characters`,
  maxLength: (value, most) =>
    typeof value !== "string" || length(value) <= most
      ? ""
      : `must have at most ${most.toLocaleString("en")} characters; it has ${length(value).toLocaleString("en")}`,
  pattern: (value, pattern) =>
    typeof value !== "string" || new RegExp(pattern, "u").test(value) ? "" : `must look like ${pattern}`,
};

/**
 * Checks an object.
 * @param {Object} schema Of an object with plain properties.
 * @param {Object} value
 * @returns {Object} What is wrong, by the field's name; empty for a valid object.
 * @throws {Error} The schema uses a keyword that is not known.
 */
export function faults(schema, value) {
  const { type, required = [], additionalProperties = true, properties = {}, ...rest } = schema;
  requireKnown(rest, ANNOTATIONS);
  if (type !== typeOf(value)) return { "": `must be a ${type}` };
  const found = {};
  for (const name of required) if (!Object.hasOwn(value, name)) found[name] = "is required";
  for (const name of Object.keys(value)) {
    const known = Object.hasOwn(properties, name);
    const fault = known ? faultOf(properties[name], value[name]) : additionalProperties ? "" : "is not a field";
    if (fault) found[name] = fault;
  }
  return found;
}

function faultOf(schema, value) {
  requireKnown(schema, new Set([...ANNOTATIONS, ...Object.keys(CHECKS)]));
  for (const [keyword, check] of Object.entries(CHECKS)) {
    const fault = Object.hasOwn(schema, keyword) ? check(value, schema[keyword]) : "";
    if (fault) return fault;
  }
  return "";
}

function requireKnown(schema, known) {
  const unknown = Object.keys(schema).filter((keyword) => !known.has(keyword));
  if (unknown.length) throw new Error(`unknown keywords of JSON Schema: ${unknown.join(", ")}`);
}

function typeOf(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** In characters, as JSON Schema counts, where JavaScript counts half of some. */
function length(text) {
  return [...text].length;
}
